// All metrics by name, with their rates of change.

import { byId, text, number, count } from './format.js';
import { Table } from './table.js';
import { ask } from './main.js';

const PERIOD = 2000; // Asking for all metrics costs the node something.

export class MetricBrowser {
  constructor() {
    this.before = new Map();
    this.asked = 0;
    this.table = new Table(byId('metric-table'), [
      { key: 'name', title: 'Metric', value: (row) => row.name, show: (row) => row.name, style: 'mono' },
      { key: 'value', title: 'Value', num: true, value: (row) => row.value, show: (row) => number(row.value) },
      { key: 'change', title: 'Change/s', num: true, style: 'minor', value: (row) => row.change, show: (row) => (row.change === 0 ? '\u2013' : (row.change > 0 ? '+' : '') + number(row.change)) },
    ], { label: 'Metrics', key: (row) => row.name, matches: () => true, empty: 'No metric has such a name.' });
    byId('metric-filter').addEventListener('input', () => {
      this.asked = 0;
      this.tick();
    });
  }

  shown() {
    this.table.resized();
  }

  async tick() {
    if (this.asking || Date.now() - this.asked < PERIOD) return;
    this.asking = true;
    this.asked = Date.now();
    const words = byId('metric-filter').value;
    try {
      const told = await ask('metrics?search=' + encodeURIComponent(words));
      const rows = Object.entries(told.metrics).map(([name, value]) => this.row(name, value, told.t));
      this.before = new Map(rows.map((row) => [row.name, { value: row.value, t: told.t }])); // Without metrics that have gone.
      this.table.set(rows);
      text(byId('metric-count'), told.total > rows.length ? `the first ${count(rows.length)} of ${count(told.total)}` : `${count(rows.length)} metrics`);
    } catch (failure) {
      text(byId('metric-count'), failure.message);
    } finally {
      this.asking = false;
    }
    if (words !== byId('metric-filter').value) {
      this.asked = 0;
      this.tick();
    }
  }

  row(name, value, t) {
    const before = this.before.get(name);
    const change = before && t > before.t ? ((value - before.value) * 1000) / (t - before.t) : 0;
    return { name, value, change };
  }
}

// The table of processes, from the events of the stream.

import { byId, short, count, percent, ago, simpleName, text } from './format.js';
import { Table } from './table.js';
import { Detail } from './detail.js';

export class Processes {
  constructor() {
    this.rows = new Map(); // By the key of the stream.
    this.byId = new Map();
    this.total = 0;
    this.now = Date.now();
    this.detail = new Detail(this);
    this.table = new Table(byId('process-table'), [
      { key: 'id', title: 'Process', value: (row) => row.id, show: (row) => row.id, style: 'mono' },
      { key: 'type', title: 'Class', value: (row) => row.name, show: (row) => row.name, style: 'type' },
      { key: 'depth', title: 'Waiting', num: true, value: (row) => row.depth, show: (row) => count(row.depth) },
      { key: 'rate', title: 'Events/s', num: true, value: (row) => row.rate, show: (row) => short(row.rate) },
      { key: 'busy', title: 'Busy', num: true, value: (row) => row.busy, show: (row) => percent(row.busy / 1000), share: (row) => row.busy / 1000 },
      { key: 'stalled', title: 'Last stall', num: true, style: 'stalled', value: (row) => row.stalled, show: (row) => (row.stalled ? ago(row.stalled, this.now) : '\u2013') },
    ], {
      label: 'Processes',
      key: (row) => row.id,
      matches: (row, word) => row.text.includes(word),
      open: (row) => { location.hash = '#processes/' + encodeURIComponent(row.id); },
      empty: 'No process matches.',
    });
    this.table.sort('busy', true);
    const filter = () => this.filter();
    byId('process-filter').addEventListener('input', filter);
    byId('process-active').addEventListener('change', filter);
  }

  /** Applies a tick of the stream. */
  apply(data, now) {
    this.now = now;
    this.total = data.total;
    if (data.all) {
      this.rows.clear();
      this.byId.clear();
    }
    for (const [key, id, type, ...numbers] of data.rows) {
      const row = { key, id, type, name: simpleName(type), text: (id + '\n' + type).toLowerCase() };
      assign(row, numbers);
      this.rows.set(key, row);
      this.byId.set(id, row);
    }
    for (const [key, ...numbers] of data.changes) {
      const row = this.rows.get(key);
      if (row) assign(row, numbers);
    }
    for (const key of data.gone) {
      const row = this.rows.get(key);
      if (row && this.byId.get(row.id) === row) this.byId.delete(row.id);
      this.rows.delete(key);
    }
    this.detail.note(now);
  }

  tick() {
    this.table.set([...this.rows.values()]);
    this.counted();
    this.detail.tick();
  }

  shown(id) {
    if (id !== undefined) {
      this.table.mark(id);
      this.detail.open(id);
    } else if (location.hash === '#processes') {
      this.detail.close();
    }
    this.table.resized();
  }

  gone() {
    this.detail.close();
  }

  filter() {
    this.table.filter(byId('process-filter').value, byId('process-active').checked ? isActive : null);
    this.counted();
  }

  counted() {
    const hidden = this.total - this.rows.size;
    text(byId('process-count'), this.table.counted('processes') + (hidden > 0 ? `, ${count(hidden)} idle ones not listed` : ''));
  }

  busiest(most) {
    return top([...this.rows.values()].filter((row) => row.busy > 0 || row.rate > 0), most, (row) => row.busy * 1e9 + row.rate);
  }

  deepest(most) {
    return top([...this.rows.values()].filter((row) => row.depth > 0), most, (row) => row.depth);
  }
}

const isActive = (row) => row.depth > 0 || row.rate > 0 || row.busy > 0;

const top = (rows, most, value) => rows.sort((a, b) => value(b) - value(a)).slice(0, most);

function assign(row, [depth, rate, busy, stalled]) {
  Object.assign(row, { depth, rate, busy, stalled });
}

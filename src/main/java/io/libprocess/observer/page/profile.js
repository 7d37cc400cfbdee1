// Takes a profile, and shows it.

import { byId, element, text, count, bytes, percent } from './format.js';
import { Table } from './table.js';
import { Flame, treeOf, hottest } from './flame.js';
import { ask } from './main.js';

const MOST_METHODS = 1000;

export class Profile {
  constructor() {
    this.flame = new Flame(byId('flame'));
    this.total = 1;
    this.format = count;
    this.table = new Table(byId('hot-table'), [
      { key: 'name', title: 'Method', value: (row) => row.name, show: (row) => row.name, style: 'mono' },
      { key: 'own', title: 'Itself', num: true, value: (row) => row.own, show: (row) => percent(row.own / this.total), share: (row) => row.own / this.total },
      { key: 'total', title: 'With calls', num: true, value: (row) => row.total, show: (row) => percent(row.total / this.total) },
    ], { label: 'Hottest methods', key: (row) => row.name, matches: (row, word) => row.name.toLowerCase().includes(word), empty: 'No method matches.' });
    this.table.sort('own', true);
    byId('profile-start').addEventListener('click', () => this.record());
    byId('profile-filter').addEventListener('input', (event) => {
      this.flame.find(event.target.value);
      this.table.filter(event.target.value);
    });
    byId('flame').replaceChildren(element('p', { class: 'empty' }, 'Record for some seconds to see where processor time goes, or memory comes from. It is done by the JDK\u2019s flight recorder and costs one or two per cent meanwhile.'));
  }

  shown() {
    this.table.resized();
  }

  async record() {
    const seconds = Number(byId('profile-seconds').value);
    const kind = byId('profile-kind').value;
    const button = byId('profile-start');
    const bar = byId('profile-progress');
    button.disabled = true;
    bar.hidden = false;
    text(byId('profile-note'), `recording for ${seconds} s`);
    const begin = Date.now();
    const moving = setInterval(() => { bar.value = Math.min(1, (Date.now() - begin) / 1000 / seconds); }, 200);
    try {
      this.show(await ask(`profile?kind=${kind}&seconds=${seconds}`, { method: 'POST' }), kind);
    } catch (failure) {
      text(byId('profile-note'), failure.message);
    } finally {
      clearInterval(moving);
      button.disabled = false;
      bar.hidden = true;
      bar.value = 0;
    }
  }

  show(told, kind) {
    const isBytes = kind === 'allocations';
    const root = treeOf(told.stacks);
    this.total = Math.max(1, root.weight);
    byId('profile-download').hidden = false;
    text(byId('profile-note'), isBytes ? bytes(root.weight) : count(root.weight) + ' samples');
    byId('hot-card').hidden = false;
    this.table.set(hottest(root).slice(0, MOST_METHODS));
    if (root.weight === 0) {
      byId('flame').replaceChildren(element('p', { class: 'empty' }, 'Nothing ran in that time.'));
    } else {
      this.flame.show(root, isBytes);
    }
  }
}

// One process: its numbers, the event it serves, the waiting events, and on demand a trace of its events.

import { byId, element, text, count, short, percent, ago, nanos, timeWithMillis } from './format.js';
import { ask } from './main.js';

const MOST_TRACED = 500;

export class Detail {
  constructor(processes) {
    this.processes = processes;
    this.id = null;
    this.place = byId('detail');
    document.addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && this.id !== null) this.leave();
    });
  }

  open(id) {
    if (this.id === id) return;
    this.close();
    this.id = id;
    this.traced = [];
    this.last = 0;
    this.tracing = false;
    this.build();
    this.place.hidden = false;
    this.place.parentElement.classList.add('open');
    this.tick();
  }

  close() {
    if (this.id === null) return;
    if (this.tracing) this.trace(false);
    this.id = null;
    this.place.hidden = true;
    this.place.parentElement.classList.remove('open');
    this.processes.table.mark(null);
  }

  leave() {
    this.close();
    history.replaceState(null, '', '#processes');
    byId('process-table').querySelector('.body').focus();
  }

  build() {
    const number = (name) => {
      const value = element('b');
      return [value, element('div', {}, element('span', {}, name), value)];
    };
    const [depth, depthTile] = number('waiting');
    const [rate, rateTile] = number('events/s');
    const [busy, busyTile] = number('busy');
    const [stalled, stalledTile] = number('last stall');
    this.type = element('p', { class: 'type mono' });
    this.numbers = { depth, rate, busy, stalled };
    this.serving = element('div', { class: 'part' });
    this.queue = element('ol', { class: 'events' });
    this.queueNote = element('span', { class: 'muted' });
    this.button = element('button', { type: 'button', 'aria-pressed': 'false', onclick: () => this.trace(!this.tracing) }, 'Trace');
    this.traceNote = element('p', { class: 'muted', role: 'status' }, 'Shows from whom each event comes, how long it waited and ran. Costs only this process something.');
    this.lines = element('tbody');
    this.traceTable = element('table', { class: 'trace', hidden: '' },
      element('thead', {}, element('tr', {}, element('th', {}, 'time'), element('th', {}, 'event'), element('th', { class: 'num' }, 'waited'), element('th', { class: 'num' }, 'ran'))), this.lines);
    this.place.replaceChildren(
      element('header', {}, element('div', {}, element('h2', { class: 'mono' }, this.id), this.type),
        element('button', { type: 'button', 'aria-label': 'Close', onclick: () => this.leave() }, '\u00d7')),
      element('div', { class: 'numbers' }, depthTile, rateTile, busyTile, stalledTile),
      this.serving,
      element('div', { class: 'part' }, element('header', {}, element('h3', {}, 'Queue'), this.queueNote), this.queue),
      element('div', { class: 'part' }, element('header', {}, element('h3', {}, 'Trace'), this.button), this.traceNote,
        element('div', { class: 'scroll' }, this.traceTable)));
  }

  note(now) {
    if (this.id === null) return;
    const row = this.processes.byId.get(this.id);
    if (!row) return;
    text(this.type, row.type);
    text(this.numbers.depth, count(row.depth));
    text(this.numbers.rate, short(row.rate));
    text(this.numbers.busy, percent(row.busy / 1000));
    text(this.numbers.stalled, row.stalled ? ago(row.stalled, now) : 'none');
  }

  async tick() {
    if (this.id === null || this.asking) return;
    const id = this.id;
    this.asking = true;
    try {
      const trace = this.tracing ? '&trace=' + this.last : '';
      const about = await ask('process?id=' + encodeURIComponent(id) + trace);
      if (this.id === id) this.show(about);
    } catch (failure) {
      if (this.id === id) text(this.queueNote, failure.message);
    } finally {
      this.asking = false;
    }
  }

  show(about) {
    if (about.gone) {
      this.serving.replaceChildren(element('p', { class: 'warn' }, 'This process has ended.'));
      this.queue.replaceChildren();
      text(this.queueNote, '');
      return;
    }
    if (about.type) text(this.type, about.type);
    const serving = about.serving;
    this.serving.replaceChildren(...(serving ? [
      element('h3', {}, 'Serving for ' + nanos(serving.nanos)),
      element('ol', { class: 'events' }, eventLine(serving.event ?? { type: 'runtime' })),
      ...(serving.stack ? [element('pre', { class: 'stack mono', tabindex: '0' }, serving.stack)] : []),
    ] : []));
    this.queue.replaceChildren(...about.queue.map(eventLine));
    text(this.queueNote, about.waiting === 0 ? 'nothing waits'
      : about.waiting > about.queue.length ? `the first ${count(about.queue.length)} of ${count(about.waiting)}` : count(about.waiting));
    if (about.trace) this.addTraced(about.trace);
  }

  /* ------ The trace ------ */

  async trace(on) {
    const id = this.id;
    this.tracing = on;
    this.button.setAttribute('aria-pressed', String(on));
    text(this.button, on ? 'Stop' : 'Trace');
    try {
      await ask('trace?id=' + encodeURIComponent(id) + '&on=' + on, { method: 'POST' });
      if (on) text(this.traceNote, 'Waiting for the next event.');
    } catch (failure) {
      this.tracing = false;
      this.button.setAttribute('aria-pressed', 'false');
      text(this.button, 'Trace');
      text(this.traceNote, failure.message);
    }
  }

  addTraced(trace) {
    if (trace.events.length === 0) return;
    const missed = trace.missed;
    this.last = trace.last;
    this.traceTable.hidden = false;
    text(this.traceNote, missed > 0 ? `${count(missed)} events between these were not kept.` : '');
    const made = trace.events.map((event) => element('tr', {},
      element('td', { class: 'mono' }, timeWithMillis(event.t)),
      element('td', {}, element('span', { class: 'muted' }, event.kind + ' '), event.what ? event.what + ' ' : '', event.from ? element('span', { class: 'muted' }, 'from ' + event.from) : ''),
      element('td', { class: 'num' }, event.waited < 0 ? '\u2013' : nanos(event.waited)),
      element('td', { class: 'num' }, nanos(event.ran))));
    this.lines.prepend(...made.reverse());
    while (this.lines.childElementCount > MOST_TRACED) this.lines.lastElementChild.remove();
  }
}

/** An event as a list item. */
function eventLine(event) {
  const { type, ...others } = event;
  const words = Object.entries(others).filter(([, value]) => value !== '')
    .map(([name, value]) => (name === 'name' || name === 'url' || name === 'method' || name === 'function' ? value : `${name} ${value}`));
  return element('li', {}, element('span', { class: 'kind' }, type.toLowerCase()), element('span', { class: 'mono' }, words.join(' \u00b7 ') || '\u2013'));
}

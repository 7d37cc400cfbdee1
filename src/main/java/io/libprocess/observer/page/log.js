// The lines that are logged while the page is open.

import { byId, element, text, timeWithMillis, count, wordsOf } from './format.js';

const MOST_LINES = 2000;
const LEVELS = { SEVERE: 1000, ERROR: 1000, WARNING: 900, INFO: 800, CONFIG: 700, FINE: 500, DEBUG: 500, FINER: 400, TRACE: 400, FINEST: 300 };
const NAMES = { SEVERE: 'error', WARNING: 'warning', INFO: 'info', CONFIG: 'config', FINE: 'debug', FINER: 'trace', FINEST: 'trace' };

export class Log {
  constructor() {
    this.lines = [];
    this.place = byId('log-lines');
    this.isShown = false;
    byId('log-filter').addEventListener('input', () => this.draw());
    byId('log-show').addEventListener('change', () => this.draw());
    byId('log-level').addEventListener('change', () => this.level());
    byId('log-clear').addEventListener('click', () => {
      this.lines = [];
      this.draw();
    });
  }

  backend(name) {
    this.empty = name === 'java.logging' ? 'Nothing has been logged since this page was opened.'
      : `Lines cannot be shown: System.Logger writes to ${name}, not to java.util.logging.`;
    this.draw();
  }

  shown() {
    this.isShown = true;
    this.draw();
  }

  gone() {
    this.isShown = false;
  }

  add([lost, ...lines]) {
    if (lost > 0) lines.unshift([Date.now(), 'INFO', 'observer', `${count(lost)} lines were logged too fast to be shown.`, '']);
    if (lines.length === 0) return;
    const made = lines.map(([t, level, logger, said, cause]) => ({ t, level, logger, said, cause, rank: LEVELS[level] ?? 800, text: (logger + ' ' + said + ' ' + cause).toLowerCase() }));
    this.lines.push(...made);
    if (this.lines.length > MOST_LINES) this.lines.splice(0, this.lines.length - MOST_LINES);
    if (this.isShown) this.append(made);
  }

  isWanted(line) {
    const words = wordsOf(byId('log-filter').value);
    return line.rank >= Number(byId('log-show').value) && words.every((word) => line.text.includes(word));
  }

  draw() {
    if (!this.isShown) return;
    const wanted = this.lines.filter((line) => this.isWanted(line));
    this.place.replaceChildren(...(wanted.length === 0
      ? [element('p', { class: 'empty' }, this.lines.length === 0 ? this.empty ?? '' : 'No line matches.')] : wanted.map(drawn)));
    this.place.scrollTop = this.place.scrollHeight;
  }

  append(lines) {
    const wanted = lines.filter((line) => this.isWanted(line));
    if (wanted.length === 0) return;
    const isAtEnd = this.place.scrollHeight - this.place.scrollTop - this.place.clientHeight < 40;
    this.place.querySelector('.empty')?.remove();
    this.place.append(...wanted.map(drawn));
    while (this.place.childElementCount > MOST_LINES) this.place.firstElementChild.remove();
    if (isAtEnd) this.place.scrollTop = this.place.scrollHeight;
  }

  /** Makes the library log more for a while. */
  async level() {
    const level = byId('log-level').value;
    const duration = byId('log-duration').value;
    const response = await fetch(`/logging/toggle?level=${level}&duration=${duration}`, { cache: 'no-store' });
    const said = (await response.text()).trim();
    text(byId('log-note'), response.ok ? (level === '0' ? 'as at the start' : 'until ' + until(duration)) : said || response.statusText);
  }
}

function until(duration) {
  return new Date(Date.now() + parseInt(duration, 10) * 60_000).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
}

function drawn(line) {
  const style = line.rank >= 1000 ? 'bad' : line.rank >= 900 ? 'warn' : 'muted';
  return element('div', { class: 'line' }, element('time', { class: 'mono' }, timeWithMillis(line.t)),
    element('span', { class: style }, NAMES[line.level] ?? line.level.toLowerCase()),
    element('div', {}, element('div', { class: 'text' }, element('span', { class: 'logger' }, line.logger), line.said),
      line.cause ? element('details', {}, element('summary', {}, line.cause.split('\n')[0]), element('pre', { class: 'stack mono' }, line.cause)) : null));
}

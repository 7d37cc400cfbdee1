// A table of any number of rows, of which only those in sight are in the document.

import { element, text, count, wordsOf } from './format.js';

const SPARE = 6; // Rows beyond the edges.

export class Table {
  /**
   * @param columns {key, title, num, value(row), show(row), style, sorts: 'asc' or 'desc' at first}
   * @param options {label, key(row), matches(row, words), open(row), empty}
   */
  constructor(place, columns, options) {
    this.columns = columns;
    this.options = options;
    this.rows = [];
    this.shown = [];
    this.words = [];
    this.also = null;
    this.sorting = { column: columns[0], descending: false };
    this.active = null;
    this.pool = [];
    this.dirty = false;
    this.place = place;
    this.head = element('div', { class: 'head', role: 'row' });
    this.heads = columns.map((column) => {
      const button = element('button', { type: 'button', onclick: () => this.clicked(column) }, column.title);
      const cell = element('div', { class: this.style(column).replace('mono', ''), role: 'columnheader', 'data-key': column.key }, button);
      this.head.append(cell);
      return cell;
    });
    this.space = element('div', { class: 'space', role: 'rowgroup' });
    this.none = element('div', { class: 'empty' }, options.empty ?? 'Nothing to show.');
    this.body = element('div', { class: 'body', tabindex: '0', role: 'presentation' }, this.space, this.none);
    place.setAttribute('role', 'table');
    place.setAttribute('aria-label', options.label);
    place.append(this.head, this.body);
    this.body.addEventListener('scroll', () => this.render(), { passive: true });
    this.body.addEventListener('keydown', (event) => this.keyed(event));
    new ResizeObserver(() => this.resized()).observe(this.body);
    this.showSorting();
  }

  style(column) {
    return [column.num ? 'num' : '', column.style ?? ''].join(' ').trim();
  }

  sort(key, descending) {
    this.sorting = { column: this.columns.find((column) => column.key === key), descending };
    this.showSorting();
    this.arrange();
  }

  clicked(column) {
    const again = this.sorting.column === column;
    this.sort(column.key, again ? !this.sorting.descending : Boolean(column.num));
  }

  showSorting() {
    this.columns.forEach((column, i) => {
      if (column === this.sorting.column) {
        this.heads[i].setAttribute('aria-sort', this.sorting.descending ? 'descending' : 'ascending');
      } else {
        this.heads[i].removeAttribute('aria-sort');
      }
    });
  }

  /** Shows only rows that match all words and the other conditions. */
  filter(words, also = null) {
    this.words = wordsOf(words);
    this.also = also;
    this.arrange();
  }

  set(rows) {
    this.rows = rows;
    this.arrange();
  }

  arrange() {
    const { matches, key } = this.options;
    let shown = this.rows;
    if (this.words.length > 0) shown = shown.filter((row) => this.words.every((word) => matches(row, word)));
    if (this.also) shown = shown.filter(this.also);
    const { column, descending } = this.sorting;
    const sign = descending ? -1 : 1;
    this.shown = shown.slice().sort((a, b) => {
      const x = column.value(a);
      const y = column.value(b);
      if (x < y) return -sign;
      if (x > y) return sign;
      return key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0;
    });
    this.render();
  }

  resized() {
    this.place.style.setProperty('--scrollbar', this.body.offsetWidth - this.body.clientWidth + 'px');
    this.render();
  }

  rowHeight() {
    if (!this.height) {
      const probe = element('div', { class: 'row' }, '\u00a0');
      this.space.append(probe);
      const height = probe.getBoundingClientRect().height;
      probe.remove();
      if (height === 0) return 28; // Not in sight yet.
      this.height = height;
    }
    return this.height;
  }

  render() {
    if (this.body.clientHeight === 0) return;
    const height = this.rowHeight();
    const total = this.shown.length;
    this.space.style.height = total * height + 'px';
    this.place.setAttribute('aria-rowcount', String(total + 1));
    this.none.hidden = total > 0;
    const first = Math.max(0, Math.floor(this.body.scrollTop / height) - SPARE);
    const last = Math.min(total, Math.ceil((this.body.scrollTop + this.body.clientHeight) / height) + SPARE);
    while (this.pool.length < last - first) this.pool.push(this.newRow());
    this.pool.forEach((line, i) => {
      const at = first + i;
      const row = at < last ? this.shown[at] : undefined;
      line.element.hidden = row === undefined;
      if (row === undefined) return;
      line.row = row;
      line.element.style.transform = `translateY(${at * height}px)`;
      line.element.setAttribute('aria-rowindex', String(at + 2));
      line.element.classList.toggle('active', this.options.key(row) === this.active);
      this.columns.forEach((column, c) => this.fill(line.cells[c], column, row));
    });
  }

  newRow() {
    const cells = this.columns.map((column) => element('div', { class: this.style(column), role: 'cell' }));
    const line = { cells, row: null };
    const style = this.options.open ? 'row opens' : 'row';
    line.element = element('div', { class: style, role: 'row', onclick: () => this.opened(line.row) }, ...cells);
    this.space.append(line.element);
    return line;
  }

  fill(cell, column, row) {
    const shown = column.show(row);
    if (typeof shown === 'object') {
      cell.replaceChildren(shown);
    } else if (column.share) {
      let meter = cell.firstElementChild;
      if (!meter) {
        meter = element('span', { class: 'meter' });
        cell.append(meter);
      }
      text(meter, shown);
      meter.style.setProperty('--share', Math.min(100, column.share(row) * 100) + '%');
    } else {
      text(cell, shown);
    }
    if (!column.num) cell.title = typeof shown === 'string' ? shown : '';
    else cell.classList.toggle('zero', column.value(row) === 0);
  }

  opened(row) {
    if (row && this.options.open && !String(window.getSelection())) {
      this.active = this.options.key(row);
      this.render();
      this.options.open(row);
    }
  }

  mark(key) {
    this.active = key;
    this.render();
  }

  keyed(event) {
    const page = Math.max(1, Math.floor(this.body.clientHeight / this.rowHeight()) - 1);
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity };
    const at = this.shown.findIndex((row) => this.options.key(row) === this.active);
    if (event.key === 'Enter' && at >= 0) {
      this.opened(this.shown[at]);
    } else if (event.key in steps && this.shown.length > 0) {
      const to = Math.max(0, Math.min(this.shown.length - 1, (at < 0 ? -1 : at) + steps[event.key]));
      this.active = this.options.key(this.shown[to]);
      this.reveal(to);
      this.render();
      event.preventDefault();
    }
  }

  reveal(at) {
    const top = at * this.rowHeight();
    const { scrollTop, clientHeight } = this.body;
    if (top < scrollTop) this.body.scrollTop = top;
    else if (top + this.rowHeight() > scrollTop + clientHeight) this.body.scrollTop = top + this.rowHeight() - clientHeight;
  }

  /** A text for people: how many rows of how many. */
  counted(what) {
    return this.shown.length === this.rows.length
      ? `${count(this.rows.length)} ${what}`
      : `${count(this.shown.length)} of ${count(this.rows.length)} ${what}`;
  }
}

// A flame graph: one box for each method in the stacks of a profile, as wide as it weighs.

import { element, percent, count, bytes } from './format.js';

const ROW = 1.4; // rem
const NARROWEST = 0.0012; // Of the whole; narrower boxes are not drawn, nor what is above them.

/** A tree of {name, weight, own, children} from stacks such as [["thread;a.b;c.d", 12], ...]. */
export function treeOf(stacks) {
  const root = node('all');
  for (const [stack, weight] of stacks) {
    let at = root;
    at.weight += weight;
    for (const name of stack.split(';')) {
      let next = at.byName.get(name);
      if (!next) {
        next = node(name);
        at.byName.set(name, next);
      }
      next.weight += weight;
      at = next;
    }
    at.own += weight;
  }
  return root;
}

const node = (name) => ({ name, weight: 0, own: 0, byName: new Map() });

/** The weight of each method alone and with the methods it calls, the heaviest first. */
export function hottest(root) {
  const methods = new Map();
  const visit = (at, above) => {
    const isFirst = !above.has(at.name);
    const known = methods.get(at.name) ?? { name: at.name, own: 0, total: 0 };
    known.own += at.own;
    if (isFirst) known.total += at.weight; // Recursion counts once.
    methods.set(at.name, known);
    const next = isFirst ? new Set(above).add(at.name) : above;
    at.byName.forEach((child) => visit(child, next));
  };
  root.byName.forEach((thread) => thread.byName.forEach((child) => visit(child, new Set())));
  return [...methods.values()].sort((a, b) => b.own - a.own);
}

export class Flame {
  constructor(place) {
    this.place = place;
    this.words = '';
  }

  show(root, isBytes) {
    this.root = root;
    this.format = isBytes ? bytes : (n) => count(n) + ' samples';
    this.zoom([root]);
  }

  find(words) {
    this.words = words.trim().toLowerCase();
    if (this.root) this.draw();
  }

  /** Zooms in on a box, so that it is as wide as the whole, with its callers below it. */
  zoom(path) {
    this.path = path;
    this.draw();
  }

  draw() {
    const boxes = [];
    const focus = this.path[this.path.length - 1];
    this.path.slice(0, -1).forEach((at, depth) => boxes.push(this.box(at, depth, 0, 1, this.path.slice(0, depth + 1), true)));
    let deepest = this.path.length - 1;
    const visit = (at, depth, left, path) => {
      const width = at.weight / focus.weight;
      if (width < NARROWEST) return;
      deepest = Math.max(deepest, depth);
      boxes.push(this.box(at, depth, left, width, path, false));
      let x = left;
      for (const child of [...at.byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1))) {
        visit(child, depth + 1, x, [...path, child]);
        x += child.weight / focus.weight;
      }
    };
    visit(focus, this.path.length - 1, 0, this.path);
    const space = element('div');
    space.style.height = (deepest + 1) * ROW + 'rem';
    space.style.position = 'relative';
    space.append(...boxes);
    this.place.replaceChildren(space);
  }

  box(at, depth, left, width, path, isFaded) {
    const short = at.name.replace(/^(?:[\w$]+\.)*?([\w$]+\.[\w$<>]+)$/, '$1');
    const kind = at.name.startsWith('io.libprocess.') ? 'own' : 'abc'[hash(at.name) % 3];
    const isFound = this.words !== '' && at.name.toLowerCase().includes(this.words);
    const said = `${at.name}: ${percent(at.weight / this.root.weight)}, ${this.format(at.weight)}`;
    const made = element('button', {
      type: 'button', title: said, 'aria-label': said,
      class: ['frame', kind, isFound ? 'found' : '', isFaded ? 'faded' : ''].filter(Boolean).join(' '),
      onclick: () => this.zoom(path),
    }, width > 0.02 ? short : '');
    made.style.left = left * 100 + '%';
    made.style.width = width * 100 + '%';
    made.style.top = depth * ROW + 'rem';
    return made;
  }
}

function hash(name) {
  let sum = 7;
  for (let i = 0; i < name.length; i++) sum = (sum * 31 + name.charCodeAt(i)) >>> 0;
  return sum;
}

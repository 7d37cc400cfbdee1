// The frame of the page: the stream of events, the views, and their common parts.

import { byId, element, text, count, short, bytes, seconds, percent } from './format.js';
import { Charts, WINDOW } from './charts.js';
import { Processes } from './processes.js';
import { Links } from './links.js';
import { Traffic } from './traffic.js';
import { MetricBrowser } from './metrics.js';
import { Log } from './log.js';
import { Profile } from './profile.js';

/** Sends a request to the node, and returns its answer as JSON. */
export async function ask(path, options = {}) {
  const response = await fetch('/observer/' + path, { cache: 'no-store', ...options });
  const body = await response.text();
  if (!response.ok) throw new Error(body.trim() || response.status + ' ' + response.statusText);
  return body === '' ? null : JSON.parse(body);
}

const state = { points: [], identity: {}, paused: false, source: null, now: Date.now() };
const processes = new Processes();
const charts = new Charts(byId('charts'));
const views = {
  overview: { tick: drawOverview },
  processes,
  links: new Links(),
  traffic: new Traffic(),
  metrics: new MetricBrowser(),
  log: new Log(),
  profile: new Profile(),
};
let current = 'overview';

/* ------ The stream ------ */

function connect() {
  if (state.source || state.paused || document.hidden) return;
  const source = new EventSource('/observer/stream');
  state.source = source;
  source.addEventListener('hello', (event) => hello(JSON.parse(event.data)));
  source.addEventListener('tick', (event) => tick(JSON.parse(event.data)));
  source.onerror = () => {
    show('lost', 'connection lost');
    if (source.readyState === EventSource.CLOSED) { // It was refused, and would not try again.
      disconnect();
      setTimeout(connect, 3000);
    }
  };
}

function disconnect() {
  state.source?.close();
  state.source = null;
}

function show(name, words) {
  const status = byId('status');
  status.dataset.state = name;
  text(status, words);
}

function hello(identity) {
  show('live', 'live');
  state.identity = identity;
  const known = new Set(state.points.map((point) => point.t));
  state.points = [...state.points, ...identity.history.filter((point) => !known.has(point.t))].sort((a, b) => a.t - b.t);
  text(byId('node'), identity.address);
  document.title = `Observer ${identity.address}`;
  const facts = [['node', identity.address], ['process', identity.pid], ['java', identity.java], ['workers', identity.workers], ['processors', identity.processors]];
  byId('identity').replaceChildren(...facts.filter(([, value]) => value !== undefined)
    .map(([name, value]) => element('div', {}, element('dt', {}, name), element('dd', {}, String(value)))));
  views.log.backend(identity.logBackend);
  views[current].shown?.();
}

function tick(data) {
  state.now = data.point.t;
  state.points.push(data.point);
  const oldest = data.point.t - WINDOW;
  while (state.points.length > 0 && state.points[0].t < oldest) state.points.shift();
  processes.apply(data, data.point.t);
  views.log.add(data.log);
  views[current].tick?.(data, data.point.t);
}

/* ------ Overview ------ */

const TILES = [
  ['processes', 'Processes', count],
  ['events', 'Events', (n) => short(n), '/s'],
  ['waiting', 'Waiting events', count],
  ['requests', 'Requests', (n) => short(n), '/s'],
  ['latency99', 'Latency p99', seconds],
  ['workersBusy', 'Busy workers', count, () => (state.identity.workers ? `of ${state.identity.workers}` : '')],
  ['connections', 'Connections', count],
  ['heapUsed', 'Heap', bytes, (point) => (point.heapMax ? `${percent(point.heapUsed / point.heapMax)} of ${bytes(point.heapMax)}` : '')],
  ['threads', 'Threads', count],
  ['stallsTotal', 'Stalls', count],
];
const tiles = new Map();

function drawOverview() {
  const last = state.points[state.points.length - 1];
  if (!last) return;
  for (const [key, name, format, unit] of TILES) {
    if (!(key in last)) continue;
    if (!tiles.has(key)) {
      const value = document.createTextNode('');
      const about = element('small');
      byId('tiles').append(element('div', { class: 'tile', 'data-tile': key },
        element('div', { class: 'name' }, name),
        element('div', { class: 'value' }, value, typeof unit === 'string' ? element('span', {}, unit) : ''), about));
      tiles.set(key, { value, about });
    }
    const tile = tiles.get(key);
    text(tile.value, format(last[key]));
    text(tile.about, typeof unit === 'function' ? unit(last) : '');
  }
  charts.draw(state.points);
  rank('busiest', processes.busiest(8), (row) => `${percent(row.busy / 1000)}, ${short(row.rate)}/s`, 'No process is busy.');
  rank('deepest', processes.deepest(8), (row) => count(row.depth), 'No event waits.');
}

function rank(id, rows, show, none) {
  byId(id).replaceChildren(...(rows.length === 0 ? [element('li', { class: 'empty' }, none)]
    : rows.map((row) => element('li', {},
      element('a', { class: 'mono', href: '#processes/' + encodeURIComponent(row.id), title: row.type }, row.id),
      element('span', {}, show(row))))));
}

/* ------ Views ------ */

function route() {
  const [name, rest] = location.hash.slice(1).split(/\/(.*)/s);
  const next = name in views ? name : 'overview';
  if (next !== current) views[current].gone?.();
  current = next;
  for (const section of document.querySelectorAll('main > section')) section.hidden = section.id !== 'view-' + next;
  for (const link of document.querySelectorAll('.tabs a')) {
    const isCurrent = link.getAttribute('href') === '#' + next;
    if (isCurrent) {
      link.setAttribute('aria-current', 'page');
      link.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    } else {
      link.removeAttribute('aria-current');
    }
  }
  views[next].shown?.(rest ? decodeURIComponent(rest) : undefined);
  views[next].tick?.(null, state.now);
}

/* ------ Buttons ------ */

byId('pause').addEventListener('click', () => {
  state.paused = !state.paused;
  byId('pause').setAttribute('aria-pressed', String(state.paused));
  text(byId('pause'), state.paused ? 'Resume' : 'Pause');
  if (state.paused) {
    disconnect();
    show('paused', 'paused');
  } else {
    connect();
  }
});

const THEMES = ['auto', 'light', 'dark'];

function theme(name) {
  if (name === 'auto') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = name;
  text(byId('theme'), 'Theme: ' + name);
  localStorage.setItem('observer-theme', name);
}

byId('theme').addEventListener('click', () => {
  const now = document.documentElement.dataset.theme ?? 'auto';
  theme(THEMES[(THEMES.indexOf(now) + 1) % THEMES.length]);
});
theme(THEMES.includes(localStorage.getItem('observer-theme')) ? localStorage.getItem('observer-theme') : 'auto');

// A hidden tab costs nothing.
document.addEventListener('visibilitychange', () => {
  if (document.hidden) {
    disconnect();
    if (!state.paused) show('paused', 'asleep');
  } else {
    connect();
  }
});
window.addEventListener('hashchange', route);
route();
connect();

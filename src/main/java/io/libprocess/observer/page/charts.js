// Charts of the last five minutes. A point is a tick of the stream: numbers by name.

import { element, svg, text, short, bytes, seconds, percent, time } from './format.js';

export const WINDOW = 300_000; // In milliseconds.
const GAP = 5_000; // Points further apart are not joined: nobody looked in between.
const WIDTH = 600;
const HEIGHT = 120;

const perSecond = (n) => short(n) + '/s';

/** The charts; each is drawn if the node has at least one of its series. */
const CHARTS = [
  { title: 'Events', format: perSecond, series: [['events', 'served']] },
  { title: 'Requests', format: perSecond, series: [['requests', 'answered'], ['requestErrors', 'failed']] },
  { title: 'Request latency', format: seconds, series: [['latency50', 'p50'], ['latency95', 'p95'], ['latency99', 'p99']] },
  { title: 'Time in queue', format: seconds, series: [['wait50', 'p50'], ['wait99', 'p99']] },
  { title: 'Loop lag', format: seconds, series: [['lag50', 'p50'], ['lag99', 'p99']] },
  { title: 'Heap', format: bytes, series: [['heapUsed', 'used'], ['heapCommitted', 'taken']] },
  { title: 'Waiting events', format: short, series: [['waiting', 'in all mailboxes']] },
  { title: 'Workers', format: short, series: [['workersBusy', 'busy'], ['blockingCalls', 'blocking calls']] },
  { title: 'Messages out', format: perSecond, series: [['messagesSent', 'sent'], ['messagesLost', 'lost']] },
  { title: 'Traffic', format: (n) => bytes(n) + '/s', series: [['bytesIn', 'in'], ['bytesOut', 'out']] },
  { title: 'Collector', format: percent, series: [['collecting', 'of the time']] },
];

/** The smallest round number that is not below a given one, so that the scale seldom jumps. */
function ceiling(value, isBytes) {
  if (value <= 0) return 1;
  const base = isBytes ? 1024 : 10;
  const unit = Math.pow(base, Math.floor(Math.log(value) / Math.log(base)));
  const steps = isBytes ? [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024] : [1, 1.5, 2, 3, 5, 8, 10];
  return unit * (steps.find((step) => step * unit >= value * (1 - 1e-9)) ?? base);
}

export class Charts {
  constructor(place) {
    this.place = place;
    this.charts = CHARTS.map((about) => ({ about, card: null }));
  }

  draw(points) {
    const last = points[points.length - 1];
    if (!last) return;
    for (const chart of this.charts) {
      const series = chart.about.series.filter(([key]) => key in last);
      if (series.length === 0) continue;
      chart.card ??= this.card(chart.about, series);
      this.update(chart.card, chart.about, series, points, last);
    }
  }

  card(about, series) {
    const legend = element('div', { class: 'legend' });
    const values = series.map(([, label], i) => {
      const value = element('b');
      const dot = element('i');
      dot.style.background = `var(--series-${i + 1})`;
      legend.append(element('span', {}, dot, label + ' ', value));
      return value;
    });
    const drawing = svg('svg', { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: 'none', role: 'img' });
    for (const y of [0, 0.5, 1]) drawing.append(svg('line', { class: 'grid', x1: 0, x2: WIDTH, y1: y * HEIGHT, y2: y * HEIGHT }));
    const lines = series.map((one, i) => {
      const area = svg('path', { class: 'area', fill: i === 0 ? `var(--series-1)` : 'none' });
      const line = svg('path', { class: 'line', stroke: `var(--series-${i + 1})` });
      drawing.append(area, line);
      return { area, line };
    });
    const top = element('span', { class: 'scale' });
    const middle = element('span', { class: 'scale' });
    top.style.top = '0';
    middle.style.top = '50%';
    const from = element('span');
    const to = element('span');
    const axis = element('div', { class: 'axis' }, from, to);
    const plot = element('div', { class: 'plot' }, drawing, top, middle);
    const card = element('article', { class: 'card chart', 'data-chart': about.series[0][0] },
      element('header', {}, element('h2', {}, about.title), legend), plot, axis);
    this.place.append(card);
    return { values, lines, top, middle, from, to, drawing };
  }

  update(card, about, series, points, last) {
    const end = last.t;
    const begin = end - WINDOW;
    const seen = points.filter((point) => point.t >= begin);
    const most = Math.max(...seen.map((point) => Math.max(...series.map(([key]) => point[key] ?? 0))));
    const top = ceiling(most, about.format === bytes);
    series.forEach(([key], i) => {
      text(card.values[i], about.format(last[key] ?? 0));
      const { line, area } = paths(seen, key, begin, top);
      card.lines[i].line.setAttribute('d', line);
      card.lines[i].area.setAttribute('d', i === 0 ? area : '');
    });
    text(card.top, about.format(top));
    text(card.middle, about.format(top / 2));
    text(card.from, time(begin));
    text(card.to, time(end));
    const said = series.map(([key, label]) => `${label} ${about.format(last[key] ?? 0)}`).join(', ');
    card.drawing.setAttribute('aria-label', `${about.title}: now ${said}`);
  }
}

function paths(points, key, begin, top) {
  let line = '';
  let area = '';
  let before = null;
  let start = 0;
  let last = 0;
  for (const point of points) {
    const x = Math.round(((point.t - begin) / WINDOW) * WIDTH * 10) / 10;
    const y = Math.round((1 - Math.min(1, (point[key] ?? 0) / top)) * HEIGHT * 10) / 10;
    if (before === null || point.t - before > GAP) {
      if (before !== null) area += `L${last} ${HEIGHT}L${start} ${HEIGHT}Z`;
      line += `M${x} ${y}`;
      area += `M${x} ${y}`;
      start = x;
    } else {
      line += `L${x} ${y}`;
      area += `L${x} ${y}`;
    }
    before = point.t;
    last = x;
  }
  if (before !== null) area += `L${last} ${HEIGHT}L${start} ${HEIGHT}Z`;
  return { line, area };
}

// Numbers, durations and small pieces of the document.

const exact = new Intl.NumberFormat('en', { maximumFractionDigits: 2 });
const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

export const count = (n) => whole.format(n);

const small = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });

export function number(n) {
  const size = Math.abs(n);
  if (size !== 0 && (size < 1e-4 || size >= 1e15)) return n.toExponential(2);
  return size < 1 ? small.format(n) : exact.format(n);
}

/** Formats a number in at most six characters: 12,345 as it is, 1,234,567 as 1.23 M. */
export function short(n) {
  const size = Math.abs(n);
  for (const [unit, divisor] of [['G', 1e9], ['M', 1e6], ['k', 1e3]]) {
    if (size >= divisor * (unit === 'k' ? 100 : 1)) {
      const scaled = n / divisor;
      return scaled.toFixed(Math.abs(scaled) >= 100 ? 0 : Math.abs(scaled) >= 10 ? 1 : 2) + ' ' + unit;
    }
  }
  return Number.isInteger(n) || size >= 100 ? whole.format(n) : exact.format(n);
}

export function bytes(n) {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let i = 0;
  while (n >= 1024 && i < units.length - 1) {
    n /= 1024;
    i++;
  }
  return (i === 0 || n >= 100 ? n.toFixed(0) : n >= 10 ? n.toFixed(1) : n.toFixed(2)) + ' ' + units[i];
}

/** Formats a duration that is given in seconds. */
export function seconds(s) {
  if (s === 0) return '0 s';
  if (s < 1e-3) return (s * 1e6).toFixed(s < 1e-5 ? 1 : 0) + ' \u00b5s';
  if (s < 1) return (s * 1e3).toFixed(s < 1e-2 ? 2 : s < 1e-1 ? 1 : 0) + ' ms';
  if (s < 60) return s.toFixed(s < 10 ? 2 : 1) + ' s';
  if (s < 3600) return Math.floor(s / 60) + ' min ' + Math.floor(s % 60) + ' s';
  if (s < 86400) return Math.floor(s / 3600) + ' h ' + Math.floor((s % 3600) / 60) + ' min';
  return Math.floor(s / 86400) + ' d ' + Math.floor((s % 86400) / 3600) + ' h';
}

export const nanos = (n) => seconds(n / 1e9);

export const percent = (share) => (share * 100).toFixed(share > 0 && share < 0.1 ? 1 : 0) + ' %';

const clock = new Intl.DateTimeFormat('en-GB', {
  hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false,
});

export const time = (millis) => clock.format(millis);

export const timeWithMillis = (millis) =>
  clock.format(millis) + '.' + String(Math.floor(millis % 1000)).padStart(3, '0');

export function ago(millis, now) {
  const s = Math.max(0, (now - millis) / 1000);
  return s < 1 ? 'now' : s < 60 ? Math.floor(s) + ' s ago' : seconds(s).replace(/ \d+ s$/, '') + ' ago';
}

/** The class name without its package. */
export const simpleName = (type) => type.slice(type.lastIndexOf('.') + 1);

/** The words of a search, in lower case. */
export const wordsOf = (typed) => typed.toLowerCase().split(/\s+/).filter(Boolean);

/** An element with attributes and children; texts become text, never markup. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key === 'class') made.className = value;
    else if (key.startsWith('on')) made.addEventListener(key.slice(2), value);
    else if (value !== undefined && value !== null && value !== false) made.setAttribute(key, value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

export function svg(name, attributes = {}, ...children) {
  const made = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

/** Sets a text only if it differs, so that no layout is done in vain. */
export function text(node, value) {
  if (node.textContent !== value) node.textContent = value;
}

export const byId = (id) => document.getElementById(id);

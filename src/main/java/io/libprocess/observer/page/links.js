// Links between processes, and the nodes that this one is connected to.

import { byId, element, svg, text, count, bytes } from './format.js';
import { Table } from './table.js';
import { ask } from './main.js';

const MOST_DRAWN = 24;

export class Links {
  constructor() {
    this.peers = new Table(byId('peer-table'), [
      { key: 'address', title: 'Node', value: (row) => row.address, show: (row) => element('a', { href: observerOf(row.address), target: '_blank', rel: 'noreferrer', class: 'mono' }, row.address) },
      { key: 'state', title: 'State', value: (row) => row.state, show: (row) => row.state },
      { key: 'out', title: 'Links', num: true, value: (row) => row.out, show: (row) => count(row.out) },
      { key: 'in', title: 'From it', num: true, style: 'minor', value: (row) => row.in, show: (row) => count(row.in) },
      { key: 'queued', title: 'Queued', num: true, style: 'minor', value: (row) => row.queued, show: (row) => bytes(row.queued) },
    ], { label: 'Connections to nodes', key: (row) => row.address, matches: () => true, empty: 'This node is not connected to others.' });
    this.links = new Table(byId('link-table'), [
      { key: 'from', title: 'Process', value: (row) => row.from, show: (row) => row.from, style: 'mono' },
      { key: 'to', title: 'is told of the end of', value: (row) => row.to, show: (row) => row.to, style: 'mono' },
      { key: 'kind', title: 'Where', style: 'minor', value: (row) => row.kind, show: (row) => row.kind },
    ], { label: 'Links', key: (row) => row.from + '\n' + row.to, matches: () => true, empty: 'No process has linked to another one.' });
  }

  shown() {
    this.peers.resized();
    this.links.resized();
  }

  async tick() {
    if (this.asking) return;
    this.asking = true;
    try {
      const told = await ask('links');
      this.self = told.address;
      this.peers.set(told.peers);
      this.links.set(told.links);
      text(byId('links-note'), told.total > told.links.length ? `The first ${count(told.links.length)} of ${count(told.total)}.` : '');
      this.draw(told.peers);
    } catch (failure) {
      text(byId('links-note'), failure.message);
    } finally {
      this.asking = false;
    }
  }

  draw(peers) {
    const shape = JSON.stringify([this.self, peers.map((peer) => [peer.address, peer.state, peer.out, peer.in])]);
    if (shape === this.drawn) return;
    this.drawn = shape;
    if (peers.length === 0) {
      byId('graph').replaceChildren(element('p', {}, 'A node appears here when a process sends it a message or links to a process there, or when one of its processes links to one here.'));
      return;
    }
    const drawn = peers.slice(0, MOST_DRAWN);
    const graph = svg('svg', { viewBox: '-260 -150 520 300', role: 'group', 'aria-label': 'This node and those it is connected to' });
    const spots = drawn.map((peer, i) => {
      const angle = (2 * Math.PI * i) / drawn.length - Math.PI / 2;
      return { peer, x: Math.cos(angle) * 190, y: Math.sin(angle) * 105 };
    });
    for (const { peer, x, y } of spots) {
      graph.append(svg('line', { class: peer.out + peer.in > 0 ? 'edge' : 'edge quiet', x1: 0, y1: 0, x2: x, y2: y }));
    }
    for (const { peer, x, y } of spots) {
      const said = `${peer.out} links to it, ${peer.in} from it, ${peer.state}`;
      const note = svg('text', { class: 'note', x, y: y + 38 });
      note.textContent = peer.out + peer.in > 0 ? `${peer.out} \u2192  \u2190 ${peer.in}` : peer.state;
      const name = svg('text', { x, y: y + 24 });
      name.textContent = peer.address;
      const title = svg('title');
      title.textContent = `${peer.address}: ${said}`;
      const link = svg('a', { href: observerOf(peer.address), target: '_blank', 'aria-label': `Observer of ${peer.address}: ${said}` });
      link.append(title, svg('circle', { cx: x, cy: y, r: 9 }), name, note);
      graph.append(link);
    }
    const self = svg('g', { class: 'self' });
    const name = svg('text', { x: 0, y: 30 });
    name.textContent = 'this node';
    self.append(svg('circle', { cx: 0, cy: 0, r: 13 }), name);
    graph.append(self);
    const more = peers.length - drawn.length;
    byId('graph').replaceChildren(graph, ...(more > 0 ? [element('p', {}, `${count(more)} more are in the table.`)] : []));
  }
}

/** The page of another node, which speaks TLS if this one does. */
const observerOf = (address) => `${location.protocol}//${address}/observer`;

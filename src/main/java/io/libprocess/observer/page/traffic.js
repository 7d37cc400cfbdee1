// Requests that have no answer yet, and connections.

import { byId, text, count, seconds } from './format.js';
import { Table } from './table.js';
import { ask } from './main.js';

export class Traffic {
  constructor() {
    this.requests = new Table(byId('request-table'), [
      { key: 'method', title: 'Method', value: (row) => row.method, show: (row) => row.method },
      { key: 'path', title: 'Path', value: (row) => row.path, show: (row) => row.path, style: 'mono' },
      { key: 'client', title: 'Client', style: 'mono minor', value: (row) => row.client, show: (row) => row.client },
      { key: 'age', title: 'Age', num: true, value: (row) => row.age, show: (row) => seconds(row.age / 1000) },
      { key: 'kind', title: 'Kind', style: 'minor', value: (row) => row.kind, show: (row) => row.kind },
    ], { label: 'Requests in flight', key: (row) => row.client + '\n' + row.path, matches: () => true, empty: 'Every request has been answered.' });
    this.requests.sort('age', true);
    this.connections = new Table(byId('connection-table'), [
      { key: 'client', title: 'Client', value: (row) => row.client, show: (row) => row.client, style: 'mono' },
      { key: 'kind', title: 'Kind', style: 'minor', value: (row) => row.kind, show: (row) => row.kind },
      { key: 'open', title: 'In flight', num: true, value: (row) => row.open, show: (row) => count(row.open) },
      { key: 'age', title: 'Silent for', num: true, style: 'minor', value: (row) => row.silent, show: (row) => (row.silent < 0 ? '\u2013' : seconds(row.silent / 1000)) },
    ], { label: 'Connections', key: (row) => row.client, matches: () => true, empty: 'There is no connection.' });
  }

  shown() {
    this.requests.resized();
    this.connections.resized();
  }

  async tick() {
    if (this.asking) return;
    this.asking = true;
    try {
      const told = await ask('connections');
      this.requests.set(told.requests);
      this.connections.set(told.connections);
      text(byId('request-count'), listed(told.requests.length, told.totalRequests));
      text(byId('connection-count'), listed(told.connections.length, told.totalConnections));
    } catch (failure) {
      text(byId('connection-count'), failure.message);
    } finally {
      this.asking = false;
    }
  }
}

const listed = (shown, total) => (total > shown ? `${count(shown)} of ${count(total)}` : count(total));

package io.libprocess.http.client;

import io.libprocess.future.Promise;
import io.libprocess.http.ClientSettings;
import io.libprocess.http.Url;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * The connections of a client to one server, and the calls that wait for one. Guarded by the pool.
 */
final class HostConnections {

  /** A call that waits for a connection. */
  static final class Waiter {
    final HostConnections host;
    final Promise<ClientPool.Lease> promise = new Promise<>();

    Waiter(HostConnections host) {
      this.host = host;
    }
  }

  final Url url;
  final ArrayDeque<ClientConnection> idle = new ArrayDeque<>();
  final List<ClientConnection> shared = new ArrayList<>(1); // Those that take requests.
  ClientSettings.Http2 http2; // ALPN means that it is not known yet.
  final ArrayDeque<Waiter> waiters = new ArrayDeque<>();
  int dialling;
  private int places = Places.FIRST; // What the connection that changed last takes.
  int open; // Includes those being dialled.

  HostConnections(Url url, ClientSettings.Http2 http2) {
    this.url = url;
    this.http2 = http2;
  }

  /** Adds a connection, which shows what the server speaks. */
  void connected(ClientConnection connection) {
    if (!connection.isShared()) {
      http2 = ClientSettings.Http2.OFF;
      return;
    }
    http2 = ClientSettings.Http2.PRIOR_KNOWLEDGE;
    if (!connection.isLeaving()) {
      connection.expectPlaces(places); // More requests at once would be refused again and again.
      shared.add(connection);
    }
  }

  /** Notes that a shared connection has another number of places, or takes no more requests. */
  void changed(ClientConnection connection) {
    if (connection.isLeaving()) {
      shared.remove(connection);
    } else {
      places = connection.places();
    }
  }

  /** Takes a place on a shared connection; null if all are taken. */
  ClientConnection reserve() {
    for (ClientConnection connection : shared) {
      if (connection.tryReserve()) {
        return connection;
      }
    }
    return null;
  }

  /** A key that is equal for URLs whose requests may share connections. */
  static Url key(Url url) {
    return url.withTarget("/");
  }
}

package io.libprocess.http.server;

import io.libprocess.net.NetworkAddress;

/**
 * A connection of a server, whatever version of HTTP it speaks, as seen by the server. All methods
 * may be called from any thread.
 */
interface ServedConnection {

  /** Ends the connection now. */
  void abort();

  /** Ends the connection after the requests that have begun. */
  void drain();

  /**
   * A snapshot of a connection for another thread.
   *
   * @param kind the kind of the client: {@code UNKNOWN}, {@code PLAIN} or {@code NODE}
   * @param remote the client's address
   * @param responses the unanswered requests
   * @param arrivedAt when the last bytes arrived, in milliseconds of the clock; 0 if none have
   */
  record Look(String kind, NetworkAddress remote, ResponseWriter responses, long arrivedAt) {}

  /** A snapshot of this connection. */
  Look look();

  /** Checks the time limits; called once in each period of the server. */
  void checkTime();
}

package io.libprocess.http.server;

import io.libprocess.net.NetworkAddress;

/**
 * A connection of a server, whatever version of HTTP is spoken on it, as the server sees it. All
 * methods may be called from any thread.
 */
interface ServedConnection {

  /** Ends the connection now. */
  void abort();

  /** Ends the connection after the requests that have begun. */
  void drain();

  /**
   * What another thread sees of a connection.
   *
   * @param kind what is at the other end: {@code UNKNOWN}, {@code PLAIN} or {@code NODE}
   * @param remote who is at the other end
   * @param responses what has not been answered
   * @param arrivedAt when the last bytes came, in milliseconds of the clock; 0 if none have
   */
  record Look(String kind, NetworkAddress remote, ResponseWriter responses, long arrivedAt) {}

  /** What it looks like just now. */
  Look look();

  /** Looks at the time; called once in each period of the server. */
  void checkTime();
}

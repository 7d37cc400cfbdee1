package io.libprocess.http.server;

/**
 * A connection of a server, whatever version of HTTP is spoken on it, as the server sees it. All
 * methods may be called from any thread.
 */
interface ServedConnection {

  /** Ends the connection now. */
  void abort();

  /** Ends the connection after the requests that have begun. */
  void drain();

  /** Looks at the time; called once in each period of the server. */
  void checkTime();
}

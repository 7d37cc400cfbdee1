package io.libprocess;

/** The choice of connection for a link to a process of another node: see {@link Process#link}. */
public enum RemoteConnection {
  /** The existing connection, or a new one if there is none. */
  REUSE,
  /**
   * A new connection, which takes the place of the existing one, with all its links and the
   * messages that have not been written yet. For callers that have reason to believe that the old
   * connection is dead.
   */
  RECONNECT
}

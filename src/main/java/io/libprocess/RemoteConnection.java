package io.libprocess;

/** Which connection a link to a process of another node uses: see {@link Process#link}. */
public enum RemoteConnection {
  /** The one that there is, or a new one. */
  REUSE,
  /**
   * A new one, which takes the place of the one that there is, with all links and with the messages
   * that have not been written yet. For who has reason to believe that the old one leads nowhere.
   */
  RECONNECT
}

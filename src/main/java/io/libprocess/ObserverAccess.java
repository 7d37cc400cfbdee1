package io.libprocess;

/** Who is shown the observer, the page that shows a node live. */
public enum ObserverAccess {

  /** Nobody: there is none. */
  OFF,

  /** Those who connect from the node's own host, directly and by its IP or as localhost. */
  LOOPBACK,

  /** Everybody whom the realms of built-in endpoints and the firewall let in. */
  ON
}

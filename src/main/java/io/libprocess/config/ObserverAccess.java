package io.libprocess.config;

/** Which clients may open the observer, the page that shows a node live. */
public enum ObserverAccess {

  /** No client: there is no observer. */
  OFF,

  /** Clients on the node's own host that connect directly, by its IP or as localhost. */
  LOOPBACK,

  /** All clients that the firewall and the realms of the built-in endpoints let in. */
  ON
}

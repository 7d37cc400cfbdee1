package io.libprocess.http.server;

import io.libprocess.http.Request;
import io.libprocess.net.Address;

/**
 * Tells a server which of its connections are those of other nodes. Such a connection may be a
 * link, whose end means something, and a C++ node that has linked sends nothing at all: so neither
 * connections that have carried messages nor those on which nothing has arrived are closed for
 * being idle. Called on the threads of the connections.
 */
public interface NodeConnections {

  /** Whether a request shows that its connection is another node's. */
  boolean isFromNode(Request request);

  /**
   * A connection of another node is gone; nothing that arrived on it is handled later.
   *
   * @param client the other end of it
   */
  void closed(Address client);
}

package io.libprocess.http.exchange;

import io.libprocess.http.Request;
import io.libprocess.net.Address;

/**
 * Tells a server which of its connections belong to other nodes. Such a connection may be a link,
 * whose end has a meaning, and a C++ node that has linked sends nothing at all: so a connection
 * that has carried messages, or on which nothing has arrived, is not closed for being idle. Called
 * on the threads of the connections.
 */
public interface NodeConnections {

  /** Whether a request shows that its connection belongs to another node. */
  boolean isFromNode(Request request);

  /**
   * Notes that a connection of another node is gone; no input from it is handled later.
   *
   * @param client the address of its other end
   */
  void closed(Address client);
}

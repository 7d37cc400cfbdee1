package io.libprocess.http.client;

import io.libprocess.future.Future;
import io.libprocess.http.http2.frame.ErrorCode;
import io.libprocess.net.Transport;

/**
 * A connection of a client, whatever version of HTTP it speaks. All methods may be called by any
 * thread.
 */
public interface ClientConnection {

  /** The owner of a connection. Called by the thread that works on it. */
  interface Owner {
    /**
     * All requests have been answered, and another one may be sent; or, if the connection is
     * shared, one request has ended.
     */
    void idle(ClientConnection connection);

    /**
     * All requests have been answered, the last one early: the rest of its body has not been sent
     * yet.
     */
    default void behind(ClientConnection connection) {}

    /** The number of places of a shared connection has changed; it may take no more requests. */
    default void changed(ClientConnection connection) {}

    /** The server ends the connection and says why. */
    default void told(ErrorCode code, String text) {}

    /** When a server is asked for a sign of life that sends nothing. Called once, at the start. */
    default KeepAlive keepAlive() {
      return KeepAlive.DEFAULT;
    }

    /** The connection is gone; the last call. */
    void gone(ClientConnection connection);
  }

  /** The channel. */
  Transport.Channel channel();

  /** Ready when the connection is gone. */
  Future<Void> disconnected();

  /** Sends a request. */
  void submit(ClientExchange exchange);

  /** Ends the connection; unanswered requests fail. */
  void disconnect();

  /**
   * Whether requests in progress do not hold up each other. An owner that shares such a connection
   * takes a place for each request.
   */
  default boolean isShared() {
    return false;
  }

  /** Whether a shared connection takes no more requests, for good. */
  default boolean isLeaving() {
    return false;
  }

  /** Takes a place on a shared connection; false if all are taken. */
  default boolean tryReserve() {
    return false;
  }

  /** Gives back a place. */
  default void release() {}

  /** How many places a shared connection has, as far as is known. */
  default int places() {
    return 1;
  }

  /** Sets how many places a shared connection has until its server says so. */
  default void expectPlaces(int number) {}

  /** Whether no place of a shared connection is taken. */
  default boolean isUnused() {
    return false;
  }
}

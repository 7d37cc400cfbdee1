package io.libprocess.http.exchange;

import io.libprocess.net.NetworkAddress;
import io.libprocess.net.Transport;
import java.util.function.Consumer;

/**
 * A connection of a server, whatever version of HTTP it speaks, as seen by the server. All methods
 * may be called from any thread.
 */
public interface ServedConnection extends Transport.Handler {

  /** Begins, if the connection has something to send before anything arrives. */
  default void accepted() {}

  /** Ends the connection now. */
  void abort();

  /** Ends the connection after the requests that have begun. */
  void drain();

  /** The requests on a connection that have no response yet, as seen by other threads. */
  interface Unanswered {

    /**
     * Shows the requests without a response to another thread, without waiting for the one that
     * works on the connection: so it may miss some that come or go.
     */
    void forEachUnanswered(Consumer<Exchange> look);
  }

  /**
   * A snapshot of a connection for another thread.
   *
   * @param kind the kind of the client: {@code UNKNOWN}, {@code PLAIN} or {@code NODE}
   * @param remote the client's address
   * @param responses the unanswered requests
   * @param arrivedAt when the last bytes arrived, in milliseconds of the clock; 0 if none have
   */
  record Look(String kind, NetworkAddress remote, Unanswered responses, long arrivedAt) {}

  /** A snapshot of this connection. */
  Look look();

  /** Checks the time limits; called once in each period of the server. */
  void checkTime();
}

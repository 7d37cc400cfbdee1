package io.libprocess.runtime;

import io.libprocess.net.Transport;
import io.libprocess.net.tls.ProtocolPreference;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Accepts connections for a server that is not complete yet: until it is, they wait and nothing is
 * read from them. Thread-safe.
 *
 * <p>The lock guards the waiting connections, and the moment from which none waits any more.
 */
public final class HeldConnections
    implements Function<Transport.Channel, Transport.Handler>, ProtocolPreference {

  private final List<String> protocols;
  private final List<Held> waiting = new ArrayList<>(); // Guarded by its own monitor.

  // Null until the server is complete. Written under the lock.
  private volatile Function<Transport.Channel, Transport.Handler> server;

  /**
   * Makes one to which no connection has come.
   *
   * @param protocols what the server will speak, if TLS lets the client choose; the best first
   */
  public HeldConnections(List<String> protocols) {
    this.protocols = protocols;
  }

  @Override
  public List<String> protocols() {
    return protocols;
  }

  /** Makes the handler of an accepted connection. */
  @Override
  public Transport.Handler apply(Transport.Channel channel) {
    if (server == null) {
      channel.pause();
      Held held = new Held(channel);
      synchronized (waiting) {
        if (server == null) {
          waiting.add(held);
          return held;
        }
      }
      channel.resume();
    }
    return server.apply(channel);
  }

  /** Passes the waiting connections, and all later ones, to the server, which is now complete. */
  public void release(Function<Transport.Channel, Transport.Handler> complete) {
    List<Held> released;
    synchronized (waiting) {
      server = complete;
      released = List.copyOf(waiting);
      waiting.clear();
    }
    for (Held held : released) {
      held.channel.execute(() -> held.begin(complete));
    }
  }

  /** Stands in for the handler of a connection, which is made later. */
  private static final class Held implements Transport.Handler {

    private final Transport.Channel channel;
    private Transport.Handler handler; // Null while the connection waits.
    private boolean ended; // Ended while it waited.

    Held(Transport.Channel channel) {
      this.channel = channel;
    }

    void begin(Function<Transport.Channel, Transport.Handler> server) {
      channel.resume(); // First: the handler may want to pause it.
      handler = server.apply(channel);
      if (ended) {
        handler.ended();
      }
    }

    @Override
    public void received(ByteBuffer bytes) {
      if (handler == null) {
        throw new IllegalStateException("a connection that is paused has received something");
      }
      handler.received(bytes);
    }

    @Override
    public void ended() {
      if (handler == null) {
        ended = true;
      } else {
        handler.ended();
      }
    }

    @Override
    public void drained() {
      if (handler != null) {
        handler.drained();
      }
    }

    @Override
    public void outputEnded() {
      if (handler != null) {
        handler.outputEnded();
      }
    }

    @Override
    public void closed(Optional<IOException> failure) {
      if (handler != null) {
        handler.closed(failure);
      }
    }

    @Override
    public boolean isExpendable() {
      return handler == null || handler.isExpendable();
    }
  }
}

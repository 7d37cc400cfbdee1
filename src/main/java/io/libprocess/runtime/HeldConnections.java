package io.libprocess.runtime;

import io.libprocess.net.Transport;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Accepts connections for a server that is not complete yet: they wait, and nothing is read from
 * them, until it is. For any thread.
 *
 * <p>The lock guards what waits, and the moment at which nothing waits any more.
 */
public final class HeldConnections implements Function<Transport.Channel, Transport.Handler> {

  private final List<Held> waiting = new ArrayList<>(); // Guarded by itself.

  // Null until the server is complete. Written under the lock.
  private volatile Function<Transport.Channel, Transport.Handler> server;

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

  /** The server is complete: it gets the connections that wait, and all that come. */
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

  /** Stands between a connection and its handler, which is made later. */
  private static final class Held implements Transport.Handler {

    private final Transport.Channel channel;
    private Transport.Handler handler; // Null while the connection waits.
    private boolean ended; // While it waited.

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

package io.libprocess.net.nio;

import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.internal.Counted;
import io.libprocess.internal.Log;
import io.libprocess.internal.MemoryBudget;
import io.libprocess.internal.Reason;
import io.libprocess.internal.scheduler.PollingScheduler;
import io.libprocess.net.Address;
import io.libprocess.net.NetworkAddress;
import io.libprocess.net.Transport;
import io.libprocess.net.UnixAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectableChannel;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * A transport of TCP and Unix domain sockets on a few event loops, which get the connections in
 * turn.
 */
public final class NioTransport implements Transport, MemoryBudget.Source, Counted {

  private static final long CLOSE_WAIT_MILLIS = 2_000;

  private final PollingScheduler scheduler;
  private final MemoryBudget memory;
  private final OpenConnections open;
  private final List<EventLoop> loops = new ArrayList<>();
  private final AtomicInteger nextLoop = new AtomicInteger();

  /**
   * Makes a transport.
   *
   * @param scheduler runs the work of the connections
   * @param loopCount how many event loops share the connections
   * @param memory the budget that memory for the connections draws on
   */
  public NioTransport(PollingScheduler scheduler, int loopCount, MemoryBudget memory) {
    this(scheduler, loopCount, memory, Selector::open);
  }

  NioTransport(
      PollingScheduler scheduler,
      int loopCount,
      MemoryBudget memory,
      EventLoop.SelectorSource selectors) {
    this.scheduler = Objects.requireNonNull(scheduler, "scheduler");
    this.memory = Objects.requireNonNull(memory, "memory");
    if (loopCount < 1) {
      throw new IllegalArgumentException("loops < 1: " + loopCount);
    }
    open = new OpenConnections(memory);
    BufferPool buffers = new BufferPool(4 * (loopCount + scheduler.workers()));
    try {
      for (int i = 0; i < loopCount; i++) {
        loops.add(new EventLoop(scheduler, selectors, buffers, open));
      }
    } catch (IOException e) {
      loops.forEach(EventLoop::discard);
      throw new UncheckedIOException("cannot open a selector", e);
    } catch (Throwable thrown) { // There may be no memory for buffers.
      loops.forEach(EventLoop::discard);
      throw thrown;
    }
    loops.forEach(EventLoop::start);
  }

  @Override
  public void showTo(Collector collector) {
    open.showTo(collector);
  }

  private EventLoop nextLoop() {
    return loops.get(Math.floorMod(nextLoop.getAndIncrement(), loops.size()));
  }

  @Override
  public Listener listen(NetworkAddress address, int backlog, Function<Channel, Handler> accepted)
      throws IOException {
    Objects.requireNonNull(address, "address");
    Objects.requireNonNull(accepted, "accepted");
    ServerSocketChannel server = null;
    try {
      server = openServer(address);
      server.configureBlocking(false);
      if (address instanceof Address) {
        server.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      }
      server.bind(Addresses.toSystem(address), backlog);
      return watch(server, accepted);
    } catch (Throwable thrown) {
      if (server != null) {
        EventLoop.closeQuietly(server);
      }
      if (thrown instanceof Error error) { // Perhaps there is no memory for another one.
        throw error;
      }
      throw new IOException("cannot listen on " + address + ": " + Reason.of(thrown), thrown);
    }
  }

  private static ServerSocketChannel openServer(NetworkAddress address) throws IOException {
    if (!(address instanceof UnixAddress unix)) {
      return ServerSocketChannel.open();
    }
    if (unix.path().isEmpty()) {
      throw new IOException("the path is empty");
    }
    return ServerSocketChannel.open(StandardProtocolFamily.UNIX);
  }

  private Listener watch(ServerSocketChannel server, Function<Channel, Handler> accepted)
      throws IOException {
    EventLoop loop = nextLoop();
    Acceptor acceptor =
        new Acceptor(loop, server, server::accept, socket -> give(socket, accepted));
    boolean open =
        loop.execute(
            () -> {
              try {
                if (loop.isClosing()) {
                  acceptor.abort();
                } else {
                  loop.add(acceptor);
                }
              } catch (Throwable thrown) { // The port would be open, and nobody would accept.
                acceptor.abort();
                Log.error(
                    () -> "The listener on " + acceptor.address() + " cannot be watched", thrown);
              }
            });
    if (!open) {
      acceptor.release();
      throw new IOException("the transport is closed");
    }
    return acceptor;
  }

  private void give(SocketChannel socket, Function<Channel, Handler> accepted) {
    EventLoop loop = nextLoop();
    if (!loop.execute(() -> open(loop, socket, accepted))) {
      EventLoop.closeQuietly(socket);
    }
  }

  private static void open(
      EventLoop loop, SocketChannel socket, Function<Channel, Handler> accepted) {
    if (loop.isClosing()) {
      EventLoop.closeQuietly(socket);
      return;
    }
    NioChannel channel;
    try {
      channel = new NioChannel(loop, socket);
      prepare(socket, channel.local());
    } catch (Throwable thrown) {
      EventLoop.closeQuietly(socket);
      Log.debug("A connection was closed before it was opened here", thrown);
      return;
    }
    try {
      channel.open(accepted);
    } catch (IOException | RuntimeException e) {
      Log.debug("An accepted connection was not opened", e);
    }
  }

  /** Prepares a socket for a loop; what is written to it leaves at once, however little it is. */
  private static void prepare(SocketChannel socket, NetworkAddress address) throws IOException {
    socket.configureBlocking(false);
    if (address instanceof Address) {
      socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
    }
  }

  static SocketChannel openSocket(NetworkAddress address) throws IOException {
    SocketChannel socket =
        address instanceof UnixAddress
            ? SocketChannel.open(StandardProtocolFamily.UNIX)
            : SocketChannel.open();
    try {
      prepare(socket, address);
      return socket;
    } catch (Throwable thrown) {
      EventLoop.closeQuietly(socket);
      throw thrown;
    }
  }

  @Override
  public Future<Channel> connect(NetworkAddress address, Function<Channel, Handler> connected) {
    Objects.requireNonNull(address, "address");
    Objects.requireNonNull(connected, "connected");
    return new ConnectAttempt(nextLoop(), NioTransport::openSocket, address, connected).begin();
  }

  @Override
  public Future<Integer> poll(SelectableChannel channel, int operations) {
    if (operations == 0 || (operations & ~channel.validOps()) != 0) {
      return Future.failed(
          new IllegalArgumentException(
              "not operations of a " + channel.getClass().getSimpleName() + ": " + operations));
    }
    // Always the same loop, because a channel can be registered only once.
    EventLoop loop = loops.get(Math.floorMod(System.identityHashCode(channel), loops.size()));
    ChannelPolls.Request request = new ChannelPolls.Request(channel, operations);
    if (loop.execute(() -> loop.polls().add(request))) {
      request.future().onDiscard(() -> loop.execute(() -> loop.polls().remove(request)));
    } else {
      request.refuse(new IOException("the transport is closed"));
    }
    return request.future();
  }

  @Override
  public Future<List<InetAddress>> resolve(String host) {
    Promise<List<InetAddress>> promise = new Promise<>();
    Runnable lookUp =
        () -> {
          try {
            promise.set(List.of(InetAddress.getAllByName(host)));
          } catch (Throwable thrown) {
            promise.fail(thrown);
          }
        };
    try {
      scheduler.internalBlocking().execute(lookUp);
    } catch (RejectedExecutionException e) {
      promise.fail(new IOException("cannot look up '" + host + "': " + Reason.of(e), e));
    }
    promise.future().onDiscard(promise::discard); // The look-up goes on, and its result is dropped.
    return promise.future();
  }

  @Override
  public MemoryBudget memory() {
    return memory;
  }

  @Override
  public void close() {
    loops.forEach(EventLoop::close);
    if (loops.stream().anyMatch(EventLoop::isOwnThread)) {
      return; // It would wait for itself.
    }
    try {
      for (EventLoop loop : loops) {
        if (!loop.awaitReleased(CLOSE_WAIT_MILLIS)) {
          Log.warning("An event loop is still busy after the transport was closed");
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

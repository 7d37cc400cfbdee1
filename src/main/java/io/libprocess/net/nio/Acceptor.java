package io.libprocess.net.nio;

import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.internal.Log;
import io.libprocess.internal.scheduler.OneTask;
import io.libprocess.internal.scheduler.Task;
import io.libprocess.net.NetworkAddress;
import io.libprocess.net.Transport;
import io.libprocess.net.UnixAddress;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A listener on a bound address, which one event loop watches; it hands on the sockets that it
 * accepts.
 *
 * <p>If accepting fails, usually for lack of descriptors, or there are {@linkplain OpenConnections
 * enough} connections, the next connection stays in the system's queue: the acceptor loses interest
 * for a while and then tries again; meanwhile the loop closes a connection on which nothing is in
 * progress, if there is one. That is logged once until all waiting connections have been accepted.
 */
final class Acceptor implements Transport.Listener, Selectable {

  /** Accepts one connection; null if there is none. Replaced in tests. */
  interface Accepting {
    SocketChannel accept() throws IOException;
  }

  /** How many connections are accepted before the other endpoints get their turn. */
  private static final int ACCEPTS_PER_TURN = 256;

  private static final long CLOSE_WAIT_MILLIS = 2_000;

  private final EventLoop loop;
  private final ServerSocketChannel server;
  private final Accepting accepting;
  private final Consumer<SocketChannel> accepted;
  private final NetworkAddress address;
  private final SocketFile file; // Null for a port.
  private final Promise<Void> closed = Promise.undiscardable();

  /** Made in advance, because the end must need no memory. Its callbacks may be those of users. */
  private final Task completion = new OneTask(() -> closed.set(null));

  // Used only by the polling thread.
  private SelectionKey key;
  private boolean resting;
  private boolean unregistered; // For lack of memory: the loop's selector does not know it.
  private boolean failing; // Since the queue was last empty.
  private boolean released;

  /** Makes the acceptor of a bound socket, which does nothing before it is added to the loop. */
  Acceptor(
      EventLoop loop,
      ServerSocketChannel server,
      Accepting accepting,
      Consumer<SocketChannel> accepted)
      throws IOException {
    this.loop = loop;
    this.server = server;
    this.accepting = accepting;
    this.accepted = accepted;
    this.address = Addresses.ofSystem(server.getLocalAddress());
    this.file = address instanceof UnixAddress unix ? SocketFile.of(unix) : null;
  }

  @Override
  public NetworkAddress address() {
    return address;
  }

  @Override
  public Future<Void> closed() {
    return closed.future();
  }

  /**
   * Stops accepting. The port is free when this returns, or soon after that if it is called on a
   * runtime thread, which must not wait.
   */
  @Override
  public void close() {
    CountDownLatch portFree = new CountDownLatch(1);
    boolean started =
        loop.execute(
            () -> {
              abort();
              loop.afterNextSelection(portFree::countDown);
            });
    if (started && loop.scheduler().current() == null) {
      try {
        portFree.await(CLOSE_WAIT_MILLIS, TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public void register(Selector selector) throws ClosedChannelException {
    key = server.register(selector, resting ? 0 : SelectionKey.OP_ACCEPT, this);
  }

  @Override
  public void ready(int operations) {
    try {
      acceptAll();
    } catch (Throwable lost) {
      // There is no memory even to report this. Otherwise the loop would close the listening
      // socket.
      loop.retryLater();
    }
  }

  private void acceptAll() {
    for (int i = 0; i < ACCEPTS_PER_TURN; i++) {
      if (loop.connections().areMost()) {
        rest(new IOException("the memory budget allows no more connections"));
        return;
      }
      SocketChannel socket;
      try {
        socket = accepting.accept();
      } catch (ClosedChannelException e) {
        return;
      } catch (Throwable thrown) {
        rest(thrown);
        return;
      }
      if (socket == null) {
        failing = false;
        return;
      }
      try {
        accepted.accept(socket);
      } catch (Throwable thrown) { // Only this connection is lost, not the port.
        EventLoop.closeQuietly(socket);
        rest(thrown);
        return;
      }
    }
  }

  private void rest(Throwable why) {
    boolean first = !failing;
    failing = true;
    resting = true;
    loop.retryLater(); // First: later steps may throw if memory is short.
    key.interestOps(0);
    loop.closeMostSilent();
    if (first) {
      Log.warning(() -> "Connections to " + address + " cannot be accepted; keeps trying", why);
    }
  }

  /** Keeps the port, unlike a connection: a node without it would be deaf for ever. */
  @Override
  public void unregistered() {
    unregistered = true;
    loop.retryLater();
  }

  @Override
  public void retry() {
    if (unregistered) {
      registerAgain();
    }
    if (resting && key.isValid()) {
      key.interestOps(0); // If setting the interest failed, it has to change to be set again.
      key.interestOps(SelectionKey.OP_ACCEPT);
      resting = false;
    }
  }

  private void registerAgain() {
    try {
      register(loop.selector());
    } catch (ClosedChannelException e) {
      // Nothing is to be accepted any more.
    }
    unregistered = false;
  }

  @Override
  public void abort() {
    release();
    loop.remove(this);
  }

  /** Closes the socket of an acceptor that is not in the loop. */
  void release() {
    if (released) {
      return; // The path may have another socket's file by now, with the number that ours had.
    }
    released = true;
    if (file != null) {
      file.delete(); // First: the next socket bound to the path gets its own file.
    }
    EventLoop.closeQuietly(server);
    loop.scheduler().ready(completion);
  }
}

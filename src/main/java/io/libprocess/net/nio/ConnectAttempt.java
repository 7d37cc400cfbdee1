package io.libprocess.net.nio;

import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.internal.Reason;
import io.libprocess.internal.scheduler.OneTask;
import io.libprocess.internal.scheduler.Task;
import io.libprocess.net.NetworkAddress;
import io.libprocess.net.Transport;
import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.function.Function;

/**
 * An attempt to connect. Everything but the constructor and {@link #begin} happens on the polling
 * thread; the future is completed in a separate task, because its callbacks are user code.
 */
final class ConnectAttempt implements Selectable {

  /** Opens a non-blocking socket of the kind that an address needs. */
  interface SocketSource {
    SocketChannel open(NetworkAddress address) throws IOException;
  }

  private final EventLoop loop;
  private final NetworkAddress address;
  private final Function<Transport.Channel, Transport.Handler> connected;
  private final SocketSource sockets;
  private final Promise<Transport.Channel> promise = new Promise<>();

  /** Made in advance, so that an attempt that fails for lack of memory is completed, too. */
  private final Task completion = new OneTask(this::complete);

  private SocketChannel socket; // Null before it is opened.
  private boolean over;

  // The outcome; written before the task is ready. It was given up if there is none.
  private NioChannel opened;
  private Throwable failed;
  private boolean aborted;

  ConnectAttempt(
      EventLoop loop,
      SocketSource sockets,
      NetworkAddress address,
      Function<Transport.Channel, Transport.Handler> connected) {
    this.loop = loop;
    this.sockets = sockets;
    this.address = address;
    this.connected = connected;
  }

  Future<Transport.Channel> begin() {
    if (loop.execute(this::start)) {
      promise.future().onDiscard(() -> loop.execute(this::giveUp));
    } else {
      promise.fail(failure("the transport is closed", null));
    }
    return promise.future();
  }

  private Throwable failure(String reason, Throwable cause) {
    try {
      return new IOException("Failed to connect to " + address + ": " + reason, cause);
    } catch (OutOfMemoryError e) {
      return cause == null ? e : cause;
    }
  }

  private void start() {
    if (loop.isClosing()) {
      abort();
      return;
    }
    try {
      socket = sockets.open(address);
      if (socket.connect(Addresses.toSystem(address))) {
        open();
      } else {
        loop.add(this);
      }
    } catch (Throwable thrown) {
      fail(thrown);
    }
  }

  @Override
  public void register(Selector selector) throws IOException {
    socket.register(selector, SelectionKey.OP_CONNECT, this);
  }

  @Override
  public void ready(int operations) {
    try {
      if (socket.finishConnect()) {
        loop.remove(this);
        open();
      }
    } catch (Throwable thrown) {
      fail(thrown);
    }
  }

  private void open() throws IOException {
    NioChannel channel = new NioChannel(loop, socket);
    over = true;
    try {
      channel.open(connected);
      opened = channel;
    } catch (Throwable thrown) {
      failed = thrown;
    }
    loop.scheduler().ready(completion);
  }

  private void complete() {
    if (opened != null) {
      give();
    } else if (failed != null) {
      promise.fail(failure(Reason.of(failed), failed));
    } else if (aborted) {
      promise.fail(failure("the transport is closed", null));
    } else {
      promise.discard();
    }
  }

  /** Nobody would use, or close, a channel that comes too late. */
  private void give() {
    if (!promise.setUnlessDiscardRequested(opened)) {
      opened.close();
      promise.discard();
    }
  }

  private void fail(Throwable e) {
    if (release()) {
      failed = e;
      loop.scheduler().ready(completion);
    }
  }

  private void giveUp() {
    if (release()) {
      loop.scheduler().ready(completion);
    }
  }

  @Override
  public void abort() {
    if (release()) {
      aborted = true;
      loop.scheduler().ready(completion);
    }
  }

  private boolean release() {
    if (over) {
      return false;
    }
    over = true;
    if (socket != null) {
      EventLoop.closeQuietly(socket);
      loop.remove(this);
    }
    return true;
  }
}

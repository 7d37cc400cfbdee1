package io.libprocess;

import io.libprocess.net.Address;
import io.libprocess.net.Transport;
import io.libprocess.time.Timer;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;

/** The connection to one other node. All state is guarded by this object's lock. */
final class Peer implements Transport.Handler {

  private static final System.Logger LOGGER = System.getLogger("io.libprocess");
  private static final Duration IDLE = Duration.ofSeconds(5);

  /** How much may wait for a peer that does not read. */
  private static final long MAX_QUEUED = 256L << 20;

  private final Node node;
  private final Address address;
  private final Peers peers;
  private final Answers answers = new Answers(this::answered);

  private Transport.Channel channel; // Null while connecting.
  private ArrayDeque<ByteBuffer> waiting = new ArrayDeque<>(); // For the connection.
  private long waitingBytes;
  private long unanswered;
  private boolean persistent;
  private boolean closed; // Takes no more messages.
  private Timer idle;

  Peer(Node node, Address address, Peers peers) {
    this.node = node;
    this.address = address;
    this.peers = peers;
  }

  Address address() {
    return address;
  }

  void connect() {
    node.secured()
        .connect(address, this::opened)
        .onFailed(
            failure -> closed(failure instanceof IOException e ? e : new IOException(failure)))
        .onDiscarded(() -> closed(new IOException("Connecting to " + address + " was given up")));
  }

  private synchronized Transport.Handler opened(Transport.Channel open) {
    channel = open;
    if (closed) {
      open.close();
    }
    waiting.forEach(open::write);
    waiting = null;
    return this;
  }

  /** Sends bytes; false if this takes no more. */
  synchronized boolean send(ByteBuffer bytes) {
    if (closed) {
      return false;
    }
    long queued = channel == null ? waitingBytes : channel.queued();
    if (queued + bytes.remaining() > MAX_QUEUED) {
      LOGGER.log(
          Level.WARNING, "Dropped a message to {0}: {1} bytes wait already", address, queued);
      return true;
    }
    unanswered++;
    stopIdleTimer();
    if (channel == null) {
      waiting.add(bytes);
      waitingBytes += bytes.remaining();
    } else {
      channel.write(bytes);
    }
    return true;
  }

  /** Becomes persistent; false if this is closed. */
  synchronized boolean keep() {
    if (closed) {
      return false;
    }
    persistent = true;
    stopIdleTimer();
    return true;
  }

  synchronized void close() {
    closed = true;
    if (channel != null) {
      channel.closeAfterWrites();
    }
  }

  private void answered(int status) {
    if (status >= 300) {
      LOGGER.log(Level.DEBUG, "A message to {0} was answered with {1}", address, status);
    }
    synchronized (this) {
      unanswered = Math.max(0, unanswered - 1);
      if (unanswered == 0 && !persistent && !closed) {
        idle = node.clock().timer(IDLE, this::idleForLong);
      }
    }
  }

  private void stopIdleTimer() {
    if (idle != null) {
      idle.cancel();
      idle = null;
    }
  }

  private synchronized void idleForLong() {
    if (unanswered == 0 && !persistent) {
      close();
    }
  }

  @Override
  public void received(ByteBuffer bytes) {
    answers.read(bytes);
  }

  @Override
  public void ended() {
    synchronized (this) {
      closed = true; // A half-closed connection is no way to reach a process.
    }
    channel.close();
  }

  @Override
  public void drained() {}

  @Override
  public void closed(Optional<IOException> failure) {
    boolean wasPersistent;
    long lost;
    synchronized (this) {
      closed = true;
      stopIdleTimer();
      wasPersistent = persistent;
      lost = unanswered;
      unanswered = 0;
    }
    if (lost > 0) {
      String reason = failure.map(e -> ": " + e.getMessage()).orElse("");
      LOGGER.log(
          Level.WARNING,
          "The connection to {0} closed, {1} messages were not answered{2}",
          address,
          lost,
          reason);
    }
    peers.closed(this, wasPersistent, failure);
  }

  private void closed(IOException failure) {
    closed(Optional.of(failure));
  }
}

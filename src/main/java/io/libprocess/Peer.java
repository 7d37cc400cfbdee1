package io.libprocess;

import io.libprocess.future.Future;
import io.libprocess.internal.Log;
import io.libprocess.internal.RunLoop;
import io.libprocess.internal.Saturating;
import io.libprocess.net.Address;
import io.libprocess.net.Transport;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The connection to one other node. All state is guarded by this object's lock, which is not held
 * while somebody else is told something.
 *
 * <p><b>What waits.</b> Requests stand in {@code queue} until there is a connection, and while the
 * channel has enough to send; only those can be moved to another connection, and all that is
 * dropped is dropped on the way in. Answers come in the order of the requests, so two counts say
 * which one an answer is for.
 *
 * <p><b>Links.</b> A node of ours wants to know who has linked to its processes. Whether the other
 * node is one is found out by announcing a link, which to a C++ node is a message for nobody. So as
 * to stay indistinguishable from one while there are messages, that waits until the connection has
 * been quiet for a while, unless a node of ours has been seen at that address before.
 */
final class Peer implements Transport.Handler {

  /** How much the channel gets at a time; well above what makes it tell when it is sent. */
  private static final long HIGH_WATER = 256 << 10;

  private static final long MOST_GATHERED = 64 << 10;

  private static final long IDLE_MILLIS = 5000;
  private static final long QUIET_MILLIS = 1000;
  private static final Duration LAST_ANSWERS = Duration.ofSeconds(5);

  /** Who waits for the answer to the request with a number. */
  private record Waiting(long number, Outgoing.Receipt receipt) {}

  private final Node node;
  private final Address address;
  private final Peers peers;
  private final MessageLimits limits;
  private final MessageCounts counts;
  private final Runnable planned = this::flushAsPlanned;
  private final Answers answers = new Answers(this::answered);

  private Transport.Channel channel; // Null while connecting.
  private final ArrayDeque<Outgoing> queue = new ArrayDeque<>(2);
  private final ArrayDeque<Waiting> receipts = new ArrayDeque<>(2);
  private final List<Links.Link> unannounced = new ArrayList<>(0);
  private long queuedBytes;
  private long written; // Requests given to the channel.
  private long answered;
  private boolean flushPlanned;
  private boolean dropping; // The last request was dropped.
  private boolean persistent;
  private boolean closed; // Takes no more requests.
  private boolean foreign; // Not a node of ours.
  private Future<Transport.Channel> connecting;

  // For tick().
  private boolean sent; // Since the last one.
  private boolean heard;
  private long lastQueued;
  private long quietSince; // No request and no answer.
  private long silentSince; // Requests are unanswered, and the peer does nothing.

  Peer(Node node, Address address, Peers peers, MessageCounts counts) {
    this.node = node;
    this.address = address;
    this.peers = peers;
    this.counts = counts;
    this.limits = node.config().messageLimits();
    long now = node.clock().nanoTime() / 1_000_000;
    quietSince = now;
    silentSince = now;
  }

  Address address() {
    return address;
  }

  synchronized boolean isClosed() {
    return closed;
  }

  synchronized boolean isPersistent() {
    return persistent;
  }

  /** Becomes persistent. */
  synchronized void keep() {
    persistent = true;
  }

  /** The channel, for tests; null while connecting. */
  synchronized Transport.Channel channel() {
    return channel;
  }

  void connect() {
    Future<Transport.Channel> connection = node.secured().connect(address, this::opened);
    synchronized (this) {
      connecting = connection;
    }
    connection
        .onFailed(
            failure ->
                closed(
                    Optional.of(failure instanceof IOException e ? e : new IOException(failure))))
        .onDiscarded(
            () ->
                closed(Optional.of(new IOException("Connecting to " + address + " was given up"))));
  }

  private synchronized Transport.Handler opened(Transport.Channel open) {
    channel = open;
    if (closed) {
      closeChannel();
    } else {
      flush();
    }
    return this;
  }

  /* ---------------- Requests ---------------- */

  /** Takes a request, to send or to drop it; false if this takes no more. */
  boolean send(Outgoing outgoing) {
    boolean first;
    synchronized (this) {
      if (closed) {
        return false;
      }
      if (!isFull(outgoing.size())) {
        dropping = false;
        add(outgoing);
        flushSoon();
        return true;
      }
      first = !dropping;
      dropping = true;
    }
    if (first) {
      Log.warning(
          "Messages to "
              + address
              + " are dropped: "
              + queuedBytes()
              + " bytes in "
              + queueLength()
              + " messages wait for it already");
    }
    outgoing.drop(counts);
    return true;
  }

  private synchronized long queuedBytes() {
    return queuedBytes + (channel == null ? 0 : channel.queued());
  }

  private synchronized int queueLength() {
    return queue.size() + receipts.size();
  }

  private boolean isFull(long size) {
    long bytes = queuedBytes();
    return bytes > 0 && bytes + size > limits.queuedBytes()
        || queueLength() >= limits.queuedMessages();
  }

  private void add(Outgoing outgoing) {
    queue.add(outgoing);
    queuedBytes += outgoing.size();
    sent = true;
  }

  /** What is sent in one turn, or until the loop gets to it, is written together. */
  private void flushSoon() {
    if (channel == null || flushPlanned) {
      return;
    }
    flushPlanned = true;
    if (RunLoop.current() != null) {
      RunLoop.atEnd(planned);
    } else {
      channel.execute(planned);
    }
  }

  private synchronized void flushAsPlanned() {
    flushPlanned = false;
    flush();
  }

  private void flush() {
    while (!queue.isEmpty() && channel.queued() <= HIGH_WATER) {
      int count = 0;
      long size = 0;
      for (Outgoing outgoing : queue) {
        size += outgoing.size();
        if (size > MOST_GATHERED) {
          size -= outgoing.size();
          break;
        }
        count++;
      }
      if (count > 1) {
        writeTogether(count, (int) size);
      } else {
        write(queue.poll());
      }
    }
  }

  private void writeTogether(int count, int size) {
    ByteBuffer together = ByteBuffer.allocate(size);
    for (int i = 0; i < count; i++) {
      Outgoing outgoing = queue.poll();
      account(outgoing);
      for (ByteBuffer part : outgoing.bytes()) {
        together.put(part.duplicate());
      }
    }
    channel.write(together.flip());
  }

  private void account(Outgoing outgoing) {
    queuedBytes -= outgoing.size();
    written++;
    if (outgoing.receipt() != null) {
      receipts.add(new Waiting(written, outgoing.receipt()));
    }
  }

  private void write(Outgoing outgoing) {
    account(outgoing);
    for (ByteBuffer part : outgoing.bytes()) {
      channel.write(part.duplicate());
    }
  }

  @Override
  public synchronized void drained() {
    flush();
  }

  /* ---------------- Answers ---------------- */

  @Override
  public void received(ByteBuffer bytes) {
    synchronized (this) {
      heard = true;
    }
    answers.read(bytes);
  }

  private void answered(Answer answer, int count) {
    List<Outgoing.Receipt> told = List.of();
    synchronized (this) {
      answered = Math.min(answered + count, written);
      for (Waiting next = receipts.peek();
          next != null && next.number <= answered;
          next = receipts.peek()) {
        told = told.isEmpty() ? new ArrayList<>() : told;
        told.add(receipts.poll().receipt);
      }
    }
    long others = told.stream().filter(receipt -> !receipt.isForMessage()).count();
    counts.answered(answer.status(), count - others);
    if (!answer.isSuccess()) {
      Log.debug(() -> count + " messages to " + address + " were answered with " + answer);
    }
    told.forEach(receipt -> receipt.answered(answer));
  }

  /* ---------------- Links ---------------- */

  /** Notes a link that the other node is to be told of, if it is one of ours. */
  synchronized void announceLater(Links.Link link) {
    if (!foreign) {
      unannounced.add(link);
    }
  }

  /** Notes that the other node does not know what an announcement is. */
  synchronized void isForeign() {
    foreign = true;
    unannounced.clear();
  }

  /** Tells the other node of the links that it has not been told of. */
  void announce() {
    List<Links.Link> links;
    synchronized (this) {
      links = List.copyOf(unannounced);
      unannounced.clear();
    }
    for (Links.Link link : links) {
      send(node.messages().announcement(link, this));
    }
  }

  /* ---------------- Time ---------------- */

  /** Looks whether something is to be done, or to be given up, at a time in milliseconds. */
  void tick(long now) {
    boolean announce;
    boolean beat = false;
    boolean dead = false;
    synchronized (this) {
      if (closed) {
        return;
      }
      lookAt(now);
      boolean waits = channel == null || written > answered || !queue.isEmpty();
      long quiet = now - quietSince;
      announce = persistent && !unannounced.isEmpty() && !waits && quiet >= QUIET_MILLIS;
      if (!persistent && !waits && quiet >= IDLE_MILLIS) {
        close();
      } else if (waits && isOverdue(now - silentSince)) {
        dead = true;
        closed = true;
      } else if (persistent && !waits && isHeartbeatDue(quiet)) {
        beat = true;
      }
    }
    if (dead) {
      abort();
      Log.warning(address + " neither answers nor takes anything: given up");
    } else if (announce) {
      announce();
    } else if (beat) {
      send(node.messages().heartbeat(address));
    }
  }

  private void abort() {
    Transport.Channel open;
    Future<Transport.Channel> opening;
    synchronized (this) {
      open = channel;
      opening = connecting;
    }
    if (open != null) {
      open.close();
    } else if (opening != null) {
      opening.discard();
    }
  }

  private void lookAt(long now) {
    long queued = channel == null ? 0 : channel.queued();
    boolean moved = heard || queued != lastQueued;
    if (moved || sent) {
      quietSince = now;
    }
    if (moved || written == answered && queue.isEmpty()) {
      silentSince = now;
    }
    lastQueued = queued;
    heard = false;
    sent = false;
  }

  private boolean isOverdue(long silent) {
    if (!persistent) {
      return silent >= Saturating.millis(limits.answerTime());
    }
    long heartbeat = Saturating.millis(limits.heartbeat());
    return heartbeat > 0 && silent >= heartbeat / 2;
  }

  private boolean isHeartbeatDue(long quiet) {
    long heartbeat = Saturating.millis(limits.heartbeat());
    return heartbeat > 0 && quiet >= heartbeat / 4;
  }

  /* ---------------- The end ---------------- */

  /** Ends after what has been taken is sent. */
  synchronized void close() {
    closed = true;
    if (channel != null) {
      closeChannel();
    }
  }

  private void closeChannel() {
    while (!queue.isEmpty()) {
      write(queue.poll());
    }
    channel.closeAfterWrites();
  }

  /** Takes no more, and gives away what has not been written. */
  synchronized List<Outgoing> giveUp() {
    List<Outgoing> unsent = List.copyOf(queue);
    queue.clear();
    queuedBytes = 0;
    closed = true;
    return unsent;
  }

  /** Sends what another connection has not sent. */
  synchronized void takeOver(List<Outgoing> unsent) {
    unsent.forEach(this::add);
  }

  /** Ends a connection that another one has replaced; answers may still come for a while. */
  void retire() {
    Transport.Channel open;
    synchronized (this) {
      open = channel;
    }
    if (open != null) { // Otherwise it is closed when it opens.
      open.end();
      node.clock().timer(LAST_ANSWERS, open::close);
    }
  }

  @Override
  public void ended() {
    synchronized (this) {
      closed = true; // A half-closed connection is no way to reach a process.
    }
    channel.close();
  }

  @Override
  public void closed(Optional<IOException> failure) {
    List<Waiting> waiting;
    List<Outgoing> unsent;
    long lost;
    synchronized (this) {
      closed = true;
      waiting = List.copyOf(receipts);
      receipts.clear();
      unsent = List.copyOf(queue);
      queue.clear();
      queuedBytes = 0;
      lost = written - answered;
      answered = written;
    }
    peers.closed(this, failure);
    lost -= waiting.stream().filter(one -> !one.receipt.isForMessage()).count();
    long dropped = unsent.stream().filter(Outgoing::isMessage).count();
    counts.unanswered(lost);
    counts.dropped(dropped);
    if (lost + dropped > 0) {
      Log.warning(
          "The connection to "
              + address
              + " closed, "
              + (lost + dropped)
              + " messages were not answered"
              + failure.map(e -> ": " + e.getMessage()).orElse(""));
    }
    waiting.forEach(one -> one.receipt.lost(true));
    for (Outgoing outgoing : unsent) {
      if (outgoing.receipt() != null) {
        outgoing.receipt().lost(false);
      }
    }
  }
}

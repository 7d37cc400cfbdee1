package io.libprocess.remote;

import io.libprocess.future.Future;
import io.libprocess.internal.ContextSlot;
import io.libprocess.internal.Log;
import io.libprocess.internal.Saturating;
import io.libprocess.internal.scheduler.RunLoop;
import io.libprocess.net.Address;
import io.libprocess.net.Transport;
import io.libprocess.remote.links.Links;
import io.libprocess.remote.wire.Answer;
import io.libprocess.remote.wire.AnswerParser;
import io.libprocess.remote.wire.MessageCounts;
import io.libprocess.remote.wire.MessageEncoder;
import io.libprocess.remote.wire.Outgoing;
import io.libprocess.remote.wire.Receipt;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The connection to one other node. All state is guarded by this object's lock, which is not held
 * while other objects are notified.
 *
 * <pre>
 *    WAITING
 *       |  connect
 *       v
 *   CONNECTING ---- opened ----> OPEN
 *       |   \                     |  \
 *       |    close, giveUp        |   close, giveUp, end-of-stream
 *       |          \              |     \
 *       |           '------> ENDING &lt;----'
 *       |  failed              |  \
 *       v                      v   '-- opened: sends its requests, then closes
 *     CLOSED &lt;---- closed -----'  (and from OPEN)
 * </pre>
 *
 * <p>Requests are accepted while it is WAITING, CONNECTING or OPEN. Those accepted but not written
 * when it is CLOSED are dropped.
 *
 * <p><b>Links.</b> A node of this library has to know which nodes have linked to its processes. An
 * announcement of a link also shows whether the other node is one, because to a C++ node it is a
 * message to a process that does not exist. So that the first bytes sent are those that a C++ node
 * would send, the announcement waits for {@link #ANNOUNCE_DELAY}, unless a node of this library has
 * been seen at that address before.
 */
final class Peer implements Transport.Handler {

  private static final long IDLE_MILLIS = 5000;

  /** Well below a second, within which linkers must learn of an end. */
  private static final Duration ANNOUNCE_DELAY = Duration.ofMillis(500);

  private static final Duration LAST_ANSWERS = Duration.ofSeconds(5);

  private enum State {
    /** There are too many connections. */
    WAITING,
    /** There is no channel yet. */
    CONNECTING,
    /** Requests go to the channel. */
    OPEN,
    /** No more requests are accepted. */
    ENDING,
    /** The channel is gone, or will never be. */
    CLOSED
  }

  private final LocalNode node;
  private final Address address;
  private final Peers peers;
  private final RemoteLimits limits;
  private final MessageCounts counts;
  private final Runnable planned = this::flushAsPlanned;
  private final AnswerParser answers = new AnswerParser(this::answered);
  private final OutgoingQueue queue;
  private final Unanswered unanswered = new Unanswered();
  private final Announcements announcements;
  private final ConnectionTimes times;
  private final Reservation reservation;

  private State state = State.WAITING;
  private Transport.Channel channel; // Null while connecting.
  private Future<Transport.Channel> connecting;
  private IOException failure; // Why this end gave up; may be null.
  private boolean flushPlanned;
  private boolean dropping; // The last request was dropped.
  private Leftover leftover; // Null until it is CLOSED.
  private boolean linked; // A process has linked through it; otherwise it ends when idle.

  Peer(
      LocalNode node,
      Address address,
      Peers peers,
      RemoteLimits limits,
      MessageCounts counts,
      QueueBudget budget) {
    this.node = node;
    this.address = address;
    this.peers = peers;
    this.counts = counts;
    this.limits = limits;
    this.queue = new OutgoingQueue(node.secret().map(s -> s.line(address)).orElse(new byte[0]));
    this.announcements = new Announcements(this, node, peers, address);
    this.reservation = new Reservation(budget);
    this.times = new ConnectionTimes(node.clock().nanoTime() / 1_000_000);
  }

  Address address() {
    return address;
  }

  /**
   * A snapshot of a connection to another node.
   *
   * @param address the other node's address
   * @param state the state, such as {@code open}
   * @param queued the bytes that wait to be written
   */
  record Seen(Address address, String state, long queued) {}

  /** A snapshot of this connection. */
  synchronized Seen look() {
    return new Seen(address, state.name().toLowerCase(Locale.ROOT), queue.bytes());
  }

  /** Whether it accepts no more requests. */
  synchronized boolean isClosed() {
    return state.compareTo(State.ENDING) >= 0;
  }

  synchronized boolean isLinked() {
    return linked;
  }

  /** Whether it is closed but not everything has been notified, while it is still looked at. */
  private synchronized boolean isUnsettled() {
    return state == State.CLOSED;
  }

  /** Notes that a process links through it. */
  synchronized void keep() {
    linked = true;
  }

  /** The channel; null while connecting. */
  synchronized Transport.Channel channel() {
    return channel;
  }

  /** Connects, unless that has been done. */
  void connect() {
    synchronized (this) {
      if (state != State.WAITING) {
        return;
      }
      state = State.CONNECTING;
    }
    try {
      ContextSlot.outside(this::dial);
    } catch (Throwable thrown) { // Without memory, say: nobody else would end what it begins here.
      closed(Optional.empty());
      throw thrown;
    }
  }

  private Future<Transport.Channel> dial() {
    Future<Transport.Channel> connection = node.transport().connect(address, this::opened);
    synchronized (this) {
      connecting = connection;
    }
    return connection
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
    if (state == State.CONNECTING) {
      state = State.OPEN;
      if (announcements.areDue()) {
        List<Outgoing> first = announcements.requests(announcements.takeAll());
        for (int i = first.size() - 1; i >= 0; i--) {
          queue.addFirst(first.get(i)); // A message may make the process end.
        }
      }
      queue.flush(channel, unanswered);
    } else {
      closeChannel();
    }
    return this;
  }

  /* ---------------- Requests ---------------- */

  /** Accepts a request, to send or to drop it; false if no more are accepted. */
  boolean send(Outgoing outgoing) {
    boolean first;
    synchronized (this) {
      if (isClosed()) {
        return false;
      }
      // They are few, and links depend on them.
      if (!outgoing.isMessage() || !isFull(outgoing.size())) {
        dropping = false;
        add(outgoing);
        flushSoon();
        return true;
      }
      first = !dropping;
      dropping = true;
    }
    if (first) {
      peers.log(
          () ->
              "Messages to "
                  + address
                  + " are dropped: "
                  + queuedBytes()
                  + " bytes in "
                  + queueLength()
                  + " messages already wait for it");
    }
    outgoing.drop(address, counts);
    return true;
  }

  private synchronized long queuedBytes() {
    return queue.bytes() + (channel == null ? 0 : channel.queued());
  }

  private synchronized int queueLength() {
    return queue.size() + unanswered.receipts();
  }

  private boolean isFull(long size) {
    long bytes = queuedBytes();
    return bytes > 0 && bytes + size > limits.queuedBytes()
        || queueLength() >= limits.queuedMessages()
        || !reservation.covers(bytes + size);
  }

  private void add(Outgoing outgoing) {
    queue.add(outgoing);
    times.sent();
  }

  /**
   * Sends soon: requests of one run of the loop, or up to the event loop's next round, are written
   * together.
   */
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
    queue.flush(channel, unanswered);
  }

  @Override
  public synchronized void drained() {
    if (channel != null) {
      queue.flush(channel, unanswered);
    }
    reservation.shrink(queuedBytes());
  }

  /* ---------------- Answers ---------------- */

  @Override
  public void received(ByteBuffer bytes) {
    synchronized (this) {
      times.heard();
    }
    answers.read(bytes);
  }

  private void answered(Answer answer, int count) {
    List<Receipt> told;
    synchronized (this) {
      told = unanswered.answered(count);
    }
    int messages = count;
    for (int i = 0; i < told.size(); i++) {
      messages -= told.get(i).isForMessage() ? 0 : 1;
    }
    counts.answered(answer.status(), messages);
    Receipt.tell(told, answer); // If it throws, that closes the connection, which ends its links.
    if (!answer.isSuccess()) {
      Log.debug(() -> "Messages to " + address + " got status " + answer.status() + ": " + count);
    }
  }

  /* ---------------- Links ---------------- */

  /**
   * Adds links to announce to the other node, if it is of this library.
   *
   * @param now whether it is known to be
   */
  void announce(List<Links.Link> links, boolean now) {
    boolean first;
    synchronized (this) {
      first = announcements.isEmpty();
      links.forEach(announcements::add);
    }
    if (now) {
      announce();
    } else if (first) {
      ContextSlot.outside(() -> node.clock().timer(ANNOUNCE_DELAY, this::announce));
    }
  }

  /** Announces the waiting links to the other node, once there is a channel. */
  void announce() {
    List<Links.Link> links;
    synchronized (this) {
      if (channel == null) {
        announcements.becomeDue();
        return;
      }
      links = announcements.takeAll();
    }
    announcements.requests(links).forEach(this::send);
  }

  /* ---------------- Time ---------------- */

  /** Checks, at a time in milliseconds, whether something has to be done or given up. */
  void tick(long now) {
    boolean beat = false;
    boolean dead = false;
    if (isUnsettled()) {
      settle();
      return;
    }
    synchronized (this) {
      if (isClosed()) {
        return;
      }
      reservation.shrink(queuedBytes());
      boolean owed = !unanswered.isEmpty() || !queue.isEmpty();
      times.look(now, channel == null ? 0 : channel.queued(), owed);
      boolean waits = channel == null || owed;
      long quiet = times.quiet(now);
      if (!linked && !waits && quiet >= IDLE_MILLIS) {
        close();
      } else if (waits && isOverdue(times.silent(now))) {
        dead = true;
        state = State.ENDING;
        failure =
            new IOException(
                address + " has not answered and taken nothing for " + times.silent(now) + " ms");
      } else if (linked && !waits && isHeartbeatDue(quiet)) {
        beat = true;
      }
    }
    if (dead) {
      abort();
      peers.log(() -> address + " neither answers nor takes anything: given up");
    } else if (beat) {
      send(MessageEncoder.heartbeat(node.address(), address));
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
    } else {
      closed(Optional.empty()); // It has waited for its turn to connect.
    }
  }

  /** Ends the connection if it still waits for its turn to connect, which will not come. */
  void abandon() {
    boolean waits;
    synchronized (this) {
      waits = state == State.WAITING;
      state = waits ? State.ENDING : state;
    }
    if (waits) {
      closed(Optional.empty());
    }
  }

  private boolean isOverdue(long silent) {
    if (!linked) {
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

  /** Ends the connection after the accepted requests have been sent. */
  synchronized void close() {
    state = State.ENDING;
    if (channel != null) {
      closeChannel();
    }
  }

  private void closeChannel() {
    queue.writeAll(channel, unanswered);
    channel.closeAfterWrites();
  }

  /** Accepts no more requests, and returns those that have not been written. */
  synchronized List<Outgoing> giveUp() {
    state = State.ENDING;
    return queue.takeAll();
  }

  /** Takes over requests that another connection has not sent. */
  synchronized void takeOver(List<Outgoing> unsent) {
    unsent.forEach(this::add);
  }

  /** Ends a connection that another one has replaced; answers may still come for a while. */
  void retire() {
    Transport.Channel open = channel();
    if (open != null) { // Otherwise it is closed when it opens.
      open.end();
      node.clock().timer(LAST_ANSWERS, open::close);
    }
  }

  @Override
  public void ended() {
    synchronized (this) {
      state = State.ENDING; // A process cannot be reached on a half-closed connection.
    }
    channel.close();
  }

  @Override
  public void closed(Optional<IOException> broken) {
    synchronized (this) {
      state = State.CLOSED;
      failure = failure == null ? broken.orElse(null) : failure;
    }
    settle();
  }

  /**
   * Notifies everything that depends on the connection that it is closed. If there is no memory, it
   * stays among the connections that are looked at, and this is called again.
   */
  private void settle() {
    Optional<IOException> cause;
    Leftover left;
    synchronized (this) {
      cause = Optional.ofNullable(failure);
      if (leftover == null) {
        leftover = new Leftover(unanswered.waiting(), queue.all());
        unanswered.clear();
        queue.clear();
        reservation.shrink(0);
      }
      left = leftover;
    }
    peers.closed(this, cause, left);
  }
}

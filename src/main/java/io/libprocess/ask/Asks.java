package io.libprocess.ask;

import io.libprocess.AskException.Reason;
import io.libprocess.Codec;
import io.libprocess.Message;
import io.libprocess.UPID;
import io.libprocess.context.Deadline;
import io.libprocess.future.Future;
import io.libprocess.internal.ContextSlot;
import io.libprocess.internal.scheduler.RunLoop;
import io.libprocess.net.Address;
import io.libprocess.remote.links.LinkEnd;
import io.libprocess.remote.links.LocalProcess;
import io.libprocess.remote.links.ProcessName;
import io.libprocess.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * The questions of a node to which it waits for replies. To hear at once if nobody will reply, it
 * links to those who are asked: once to each process, however many questions there are to it, and
 * for longer than they are under way, because often more follow.
 *
 * <p>A question is under way as long as it is in {@link #pending}: whoever takes it out decides its
 * future. Its place in {@link #asked}, which is guarded by this, is given up afterwards.
 */
public final class Asks implements LocalProcess {

  /** The name of a message to an asker that says why there is no reply; the body is a text. */
  public static final String FAILED = "__failed__";

  private static final String PREFIX = "__ask__(";

  /** How many processes that are not being asked any more are kept linked to. */
  private static final int MOST_IDLE = 1024;

  private final Carrier carrier;
  private final Clock clock;
  private final ProcessName self;
  private final LongSupplier secrets;
  private final AtomicLong last = new AtomicLong();
  private final Map<String, Ask<?>> pending = new ConcurrentHashMap<>();
  private volatile String prefix; // Of all ids; null until there is one.

  // Guarded by this.
  private final Map<ProcessName, Set<Ask<?>>> asked = new HashMap<>(); // All are linked to.
  private int mostAsked = MOST_IDLE;

  /**
   * None yet.
   *
   * @param address that replies come to
   * @param clock by which deadlines are kept
   * @param secrets numbers that others cannot guess
   */
  public Asks(Carrier carrier, Address address, Clock clock, LongSupplier secrets) {
    this.carrier = carrier;
    this.clock = clock;
    this.self = new ProcessName(PREFIX + ")", address);
    this.secrets = secrets;
  }

  /** Whether an id is that of a question of some node of this library. */
  public static boolean isAsker(String id) {
    return id.startsWith(PREFIX);
  }

  /**
   * Asks a process.
   *
   * @param name that of the message
   * @return the value of the next message to the sender of this one
   */
  public <Q, A> Future<A> ask(UPID to, String name, Codec<Q> question, Codec<A> answer, Q value) {
    byte[] body;
    try {
      body = question.encode(value);
    } catch (Throwable thrown) {
      return Future.failed(
          new IllegalArgumentException("cannot encode the body of message '" + name + "'", thrown));
    }
    Ask<A> ask = new Ask<>(this, nextId(), to, name, answer);
    Optional<Duration> left = Deadline.current().map(end -> end.remaining(clock.now()));
    if (to.isEmpty()) {
      ask.fail(Reason.NO_PROCESS, null);
    } else if (left.isPresent() && left.get().isNegative()) {
      ask.fail(Reason.DEADLINE_EXCEEDED, null);
    } else {
      begin(ask, left, body);
    }
    return ask.future();
  }

  private void begin(Ask<?> ask, Optional<Duration> left, byte[] body) {
    pending.put(ask.id, ask);
    ask.discardOnRequest();
    left.ifPresent(ask::limit);
    try {
      watch(ask);
      AskRefusal refusal =
          carrier.carry(new UPID(ask.id, self.address()), ask.to, ask.name, body, ask);
      if (refusal != null && take(ask)) {
        ask.fail(refusal == AskRefusal.NO_PROCESS ? Reason.NO_PROCESS : Reason.REFUSED, null);
      }
    } catch (Throwable thrown) {
      if (take(ask)) {
        ask.fail(thrown);
      }
    }
  }

  private String nextId() {
    if (prefix == null) {
      prefix = PREFIX + Long.toHexString(secrets.getAsLong()) + "-"; // Either one does.
    }
    return prefix + last.incrementAndGet() + ")";
  }

  /** Takes a question out; false if that has been done, and its future is decided. */
  boolean take(Ask<?> ask) {
    if (!pending.remove(ask.id, ask)) {
      return false;
    }
    ask.over();
    synchronized (this) {
      Set<Ask<?>> others = asked.get(ask.target);
      if (others != null) {
        others.remove(ask);
      }
    }
    return true;
  }

  /** Takes a message that came for an id which no process has; false if nobody waits for it. */
  public boolean replied(Message message) {
    String id = message.to().id();
    if (!isAsker(id)) {
      return false;
    }
    Ask<?> ask = pending.get(id);
    if (ask == null || !take(ask)) {
      return false;
    }
    ask.reply(message);
    return true;
  }

  Clock clock() {
    return clock;
  }

  /** How many replies are waited for. */
  public int pending() {
    return pending.size();
  }

  /* ---------------- Ends ---------------- */

  private void watch(Ask<?> ask) {
    boolean isNew;
    synchronized (this) {
      Set<Ask<?>> others = asked.get(ask.target);
      isNew = others == null;
      if (isNew) {
        forgetIdle();
        others = new HashSet<>(2);
        asked.put(ask.target, others);
      }
      others.add(ask);
    }
    if (isNew && !ContextSlot.outside(() -> carrier.watch(this, ask.to))) {
      linkEnded(ask.target, LinkEnd.NO_PROCESS);
    }
  }

  /** Unlinks from those who are not being asked, when they have become many. */
  private void forgetIdle() {
    if (asked.size() < mostAsked) {
      return;
    }
    Iterator<Map.Entry<ProcessName, Set<Ask<?>>>> each = asked.entrySet().iterator();
    while (each.hasNext()) {
      Map.Entry<ProcessName, Set<Ask<?>>> one = each.next();
      if (one.getValue().isEmpty()) {
        each.remove();
        carrier.unwatch(this, new UPID(one.getKey().id(), one.getKey().address()));
      }
    }
    mostAsked = Math.max(MOST_IDLE, 2 * asked.size());
  }

  @Override
  public void linkEnded(ProcessName ended, LinkEnd end) {
    List<Ask<?>> lost;
    synchronized (this) {
      Set<Ask<?>> here = asked.remove(ended);
      lost = here == null ? List.of() : List.copyOf(here);
    }
    if (!lost.isEmpty()) {
      RunLoop.apart(() -> lost.forEach(ask -> gone(ask, end)));
    }
  }

  private void gone(Ask<?> ask, LinkEnd end) {
    if (take(ask)) {
      boolean nobody = end.reason() == LinkEnd.Reason.NO_PROCESS;
      ask.fail(nobody ? Reason.NO_PROCESS : Reason.GONE, end.cause().orElse(null));
    }
  }

  @Override
  public ProcessName name() {
    return self;
  }

  @Override
  public boolean isNamed() {
    return true;
  }

  @Override
  public boolean isLive() {
    return true;
  }

  /** Gives up all: the node is closed. */
  public void close() {
    for (Ask<?> ask : pending.values()) {
      if (take(ask)) {
        ask.fail(Reason.GONE, null);
      }
    }
  }
}

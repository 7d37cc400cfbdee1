package io.libprocess.ask;

import io.libprocess.AskException.Reason;
import io.libprocess.Codec;
import io.libprocess.Message;
import io.libprocess.UPID;
import io.libprocess.context.Deadline;
import io.libprocess.future.Future;
import io.libprocess.internal.ContextSlot;
import io.libprocess.internal.FailureWatch;
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
 * The questions of a node that still wait for replies. To learn at once that no reply will come, it
 * links to the processes that are asked: once to each, however many questions there are, and it
 * keeps the links for a while afterwards, because more questions often follow.
 *
 * <p>A question is under way as long as it is in {@link #pending}: the caller that takes it out
 * decides its future. Its place in {@link #asked}, which is guarded by this, is given up
 * afterwards.
 */
public final class Asks implements LocalProcess {

  /** The name of a message that tells an asker why there is no reply; the body is text. */
  public static final String FAILED = "__failed__";

  private static final String PREFIX = "__ask__(";

  /** The number of links kept to processes that are no longer being asked. */
  private static final int MOST_IDLE = 1024;

  private final Carrier carrier;
  private final Clock clock;
  private final ProcessName self;
  private final LongSupplier secrets;
  private final FailureWatch.Origin unnoticed;
  private final AtomicLong last = new AtomicLong();
  private final Map<String, Ask<?>> pending = new ConcurrentHashMap<>();
  private volatile String prefix; // The start of all ids; null at first.

  // Guarded by this.
  private final Map<ProcessName, Set<Ask<?>>> asked = new HashMap<>(); // All are linked.
  private int mostAsked = MOST_IDLE;

  /**
   * Makes an empty table.
   *
   * @param address the address that replies are sent to
   * @param clock the clock that measures deadlines
   * @param secrets gives numbers that others cannot guess
   * @param unnoticed takes failures at which nobody looks, with the name of the message
   */
  public Asks(
      Carrier carrier,
      Address address,
      Clock clock,
      LongSupplier secrets,
      FailureWatch.Origin unnoticed) {
    this.carrier = carrier;
    this.clock = clock;
    this.self = new ProcessName(PREFIX + ")", address);
    this.secrets = secrets;
    this.unnoticed = unnoticed;
  }

  /** Whether an id belongs to a question of some node of this library. */
  public static boolean isAsker(String id) {
    return id.startsWith(PREFIX);
  }

  /**
   * Asks a process.
   *
   * @param name the name of the message
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
      // Two threads may race; either id will do.
      prefix = PREFIX + Long.toHexString(secrets.getAsLong()) + "-";
    }
    return prefix + last.incrementAndGet() + ")";
  }

  /** Takes a question out; false if that was already done, in which case its future is decided. */
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

  /** Accepts a message to an id that no process has; false if no question waits for it. */
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

  FailureWatch.Origin unnoticed() {
    return unnoticed;
  }

  Clock clock() {
    return clock;
  }

  /** The number of replies still outstanding. */
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

  /** Unlinks from the processes that are no longer being asked, once there are many of them. */
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

  /** Gives up all questions, because the node is closed. */
  public void close() {
    for (Ask<?> ask : pending.values()) {
      if (take(ask)) {
        ask.fail(Reason.GONE, null);
      }
    }
  }
}

package io.libprocess.service.balance;

import static java.util.Objects.requireNonNull;

import io.libprocess.future.Failure;
import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.internal.ContextSlot;
import io.libprocess.internal.Log;
import io.libprocess.internal.Saturating;
import io.libprocess.internal.StackReserve;
import io.libprocess.internal.WaitQueue;
import io.libprocess.service.FailureFlag;
import io.libprocess.service.FlaggedFailure;
import io.libprocess.service.Service;
import io.libprocess.service.ServiceFactory;
import io.libprocess.service.ServiceStatus;
import io.libprocess.service.support.Ending;
import io.libprocess.service.support.Steps;
import io.libprocess.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Keeps sessions for later requests. To acquire one gives the session that was returned last, a new
 * one, or a place in the wait queue, as {@link PoolSettings} say. To close a session returns it;
 * one that is {@link ServiceStatus#CLOSED} then, or becomes so later, is closed and never handed
 * out.
 *
 * <h2>Protocol</h2>
 *
 * <p>A session counts ({@link #open}) from the beginning of the attempt to make it until it is
 * closed, which may take time; so there are never more than allowed. The end of a count and the use
 * of the place by the first waiter are one step under the lock, so there are no waiters while there
 * is a place. The lock guards the fields marked below; sessions are made, queried and closed, and
 * promises completed, without it.
 *
 * @param <Q> the type of requests
 * @param <R> the type of responses
 */
public final class Pool<Q, R> implements ServiceFactory<Q, R> {

  private static final String CLOSED = "the pool is closed";

  /** How long a session that is being closed may keep its place. */
  private static final Duration CLOSING_LIMIT = Duration.ofSeconds(10);

  /** A session that is not in use. */
  private record Idle<Q, R>(Service<Q, R> session, long since) {}

  private static final class Waiter<Q, R> extends WaitQueue.Entry {
    final Promise<Service<Q, R>> promise = new Promise<>();
  }

  private final ServiceFactory<Q, R> sessions;
  private final PoolSettings settings;
  private final Clock clock;
  private final long idleNanos;
  private final Promise<Void> ended = Promise.undiscardable();
  private final Object lock = new Object();

  // Guarded by the lock.
  private final ArrayDeque<Idle<Q, R>> idle = new ArrayDeque<>(); // Longest first.
  private final Set<PooledSession<Q, R>> lent = new LinkedHashSet<>();
  private final WaitQueue<Waiter<Q, R>> line = new WaitQueue<>();
  private int open;
  private boolean expiryArmed; // A timer is set, or its function on its way.
  private boolean closed;

  /**
   * Makes an empty pool.
   *
   * @param sessions makes sessions
   */
  public Pool(ServiceFactory<Q, R> sessions, PoolSettings settings, Clock clock) {
    this.sessions = requireNonNull(sessions, "sessions");
    this.settings = requireNonNull(settings, "settings");
    this.clock = requireNonNull(clock, "clock");
    this.idleNanos = Saturating.nanos(settings.idleLife());
  }

  /** How many sessions there are, with those in use and those being made. */
  public int size() {
    letGoOfDead();
    synchronized (lock) {
      return open;
    }
  }

  /** How many sessions are idle. */
  public int idle() {
    letGoOfDead();
    synchronized (lock) {
      return idle.size();
    }
  }

  /** How many wait for a session. */
  public int waiting() {
    synchronized (lock) {
      return line.size();
    }
  }

  /* ------ Out ------ */

  @Override
  public Future<Service<Q, R>> make() {
    StackReserve.checkForOperation();
    for (Service<Q, R> session = pollIdle(); session != null; session = pollIdle()) {
      if (!isDead(session)) {
        return Future.of(lend(session));
      }
      letGo(session);
    }
    Waiter<Q, R> waiter = new Waiter<>();
    boolean wait = false;
    synchronized (lock) {
      if (closed) {
        return Future.failed(CLOSED);
      }
      if (open < settings.high()) {
        open++;
      } else if (line.size() < settings.waiters()) {
        line.add(waiter);
        wait = true;
      } else {
        return Future.failed(tooMany());
      }
    }
    if (wait) {
      waiter.promise.future().onDiscard(() -> withdraw(waiter));
    } else {
      waiter.promise.future().onDiscard(dial(waiter)::discard);
    }
    return waiter.promise.future();
  }

  private Throwable tooMany() {
    return FlaggedFailure.of(
        settings.high()
            + " sessions are in use and "
            + settings.waiters()
            + " wait for one already",
        FailureFlag.REJECTED,
        FailureFlag.RETRYABLE);
  }

  private static boolean isDead(Service<?, ?> session) {
    try {
      return session.status() == ServiceStatus.CLOSED;
    } catch (Throwable thrown) {
      Log.warning("Asking a session for its status failed", thrown);
      return true;
    }
  }

  private Service<Q, R> pollIdle() {
    synchronized (lock) {
      Idle<Q, R> last = idle.pollLast();
      return last == null ? null : last.session();
    }
  }

  private PooledSession<Q, R> lend(Service<Q, R> session) {
    boolean late;
    PooledSession<Q, R> wrapped;
    try {
      wrapped = new PooledSession<>(session, this);
      synchronized (lock) {
        lent.add(wrapped);
        late = closed;
      }
    } catch (Throwable thrown) { // For a lack of memory.
      letGo(session);
      throw thrown;
    }
    if (late) {
      close(session);
    }
    return wrapped;
  }

  private void withdraw(Waiter<Q, R> waiter) {
    synchronized (lock) {
      line.remove(waiter);
    }
    waiter.promise.discard(); // Too late if it was served already.
  }

  /** Makes a session, which is counted already, for a waiter. */
  private Future<Service<Q, R>> dial(Waiter<Q, R> waiter) {
    Future<Service<Q, R>> made;
    try {
      made = ContextSlot.outside(sessions::acquire); // It lives longer than the request.
    } catch (Throwable thrown) {
      made = Future.failed(thrown);
    }
    try {
      return Ending.chained(made, done -> dialled(done, waiter));
    } catch (Throwable thrown) { // There was no stack for it, and nothing will follow.
      made.discard();
      endCount();
      throw thrown;
    }
  }

  private void dialled(Future<Service<Q, R>> made, Waiter<Q, R> waiter) {
    if (made.isReady()) {
      give(lend(made.get()), waiter);
      return;
    }
    if (made.isPending()) { // It is abandoned, but may come all the same.
      made.onReady(Pool::close);
    }
    endCount();
    if (made.isFailed()) {
      waiter.promise.fail(made.failure());
    } else if (made.isDiscarded()) {
      waiter.promise.discard();
    } else {
      waiter.promise.abandon();
    }
  }

  private void give(PooledSession<Q, R> session, Waiter<Q, R> waiter) {
    if (!waiter.promise.setUnlessDiscardRequested(session)) {
      waiter.promise.discard();
      session.close(Duration.ZERO);
    }
  }

  /* ------ In ------ */

  /** Takes back a session that was lent. */
  void giveBack(PooledSession<Q, R> wrapped) {
    Service<Q, R> session = wrapped.session();
    boolean dead = isDead(session);
    Idle<Q, R> entry = new Idle<>(session, clock.nanoTime());
    Waiter<Q, R> next = null;
    boolean kept = false;
    synchronized (lock) {
      lent.remove(wrapped);
      if (!dead && !closed) {
        next = line.poll();
        kept = next == null && (open <= settings.low() || idleNanos > 0);
        if (kept) {
          idle.addLast(entry);
        }
      }
    }
    if (next != null) {
      give(lend(session), next);
    } else if (kept) {
      expireLater();
    } else {
      letGo(session);
    }
  }

  /** Closes a session that counts until it is closed, or is not in a long time. */
  private void letGo(Service<Q, R> session) {
    Future<Void> closed = close(session);
    if (!closed.isPending()) {
      Ending.chained(closed, done -> endCount());
      return;
    }
    Promise<Void> over = new Promise<>();
    over.future().onAny(done -> endCount());
    Future<Void> late = Steps.delay(clock, CLOSING_LIMIT);
    late.onReady(
        waited -> {
          if (over.set(null)) {
            Log.warning(() -> "A session is not closed after " + CLOSING_LIMIT + ": " + session);
          }
        });
    Ending.of(
        closed,
        done -> {
          over.set(null);
          late.discard();
        });
  }

  private static Future<Void> close(Service<?, ?> session) {
    try {
      Future<Void> closed = session.close(Duration.ZERO);
      return closed == null ? Future.done() : closed;
    } catch (Throwable thrown) {
      Log.warning("Closing a session failed", thrown);
      return Future.done();
    }
  }

  /** Ends the count of a session, or uses its place for the first waiter. */
  private void endCount() {
    Waiter<Q, R> next;
    boolean last;
    synchronized (lock) {
      next = line.poll();
      if (next == null) {
        open--;
      }
      last = closed && open == 0;
    }
    if (next != null) {
      dial(next);
    } else if (last) {
      ended.set(null);
    }
  }

  private void letGoOfDead() {
    List<Idle<Q, R>> some;
    synchronized (lock) {
      some = new ArrayList<>(idle);
    }
    for (Idle<Q, R> entry : some) {
      if (isDead(entry.session()) && removeIdle(entry)) {
        letGo(entry.session());
      }
    }
  }

  private boolean removeIdle(Idle<Q, R> entry) {
    synchronized (lock) {
      return idle.remove(entry);
    }
  }

  /* ------ Idle life ------ */

  private void expireLater() {
    long delay;
    synchronized (lock) {
      if (expiryArmed || closed || idleNanos == Long.MAX_VALUE || open <= settings.low()) {
        return;
      }
      Idle<Q, R> first = idle.peekFirst();
      if (first == null) {
        return;
      }
      expiryArmed = true;
      delay = Math.max(0, first.since() + idleNanos - clock.nanoTime());
    }
    try {
      ContextSlot.outside(() -> clock.timer(Duration.ofNanos(delay), this::expire));
    } catch (Throwable thrown) { // Memory is short, or the clock is closed.
      synchronized (lock) {
        expiryArmed = false;
      }
      throw thrown;
    }
  }

  private void expire() {
    List<Service<Q, R>> expired = new ArrayList<>();
    long now = clock.nanoTime();
    synchronized (lock) {
      expiryArmed = false;
      for (Idle<Q, R> first = idle.peekFirst();
          first != null
              && now - first.since() >= idleNanos
              && open - expired.size() > settings.low();
          first = idle.peekFirst()) {
        expired.add(idle.removeFirst().session());
      }
    }
    expired.forEach(this::letGo);
    expireLater();
  }

  /* ------ The end ------ */

  @Override
  public ServiceStatus status() {
    synchronized (lock) {
      if (closed) {
        return ServiceStatus.CLOSED;
      }
    }
    return sessions.status();
  }

  /** Closes the sessions that are idle at once, others when they are given back. */
  @Override
  public Future<Void> close(Duration limit) {
    StackReserve.checkForOperation();
    List<Idle<Q, R>> unused;
    Waiter<Q, R> waiting;
    boolean last;
    synchronized (lock) {
      if (closed) {
        return ended.future();
      }
      closed = true;
      unused = new ArrayList<>(idle);
      idle.clear();
      waiting = line.takeAll();
      last = open == 0;
    }
    for (; waiting != null; waiting = WaitQueue.next(waiting)) {
      waiting.promise.fail(new Failure(CLOSED));
    }
    unused.forEach(entry -> letGo(entry.session()));
    if (last) {
      ended.set(null);
    } else if (ended.future().isPending()) {
      Future<Void> wait = Steps.delay(clock, limit);
      wait.onReady(done -> closeLent());
      ended.future().onAny(done -> wait.discard());
    }
    return ended.future();
  }

  private void closeLent() {
    List<PooledSession<Q, R>> late;
    synchronized (lock) {
      late = List.copyOf(lent);
    }
    late.forEach(session -> close(session.session()));
    ended.set(null);
  }
}

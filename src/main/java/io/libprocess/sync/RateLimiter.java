package io.libprocess.sync;

import static java.util.Objects.requireNonNull;

import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.internal.ContextSlot;
import io.libprocess.internal.Saturating;
import io.libprocess.internal.StackReserve;
import io.libprocess.internal.WaitQueue;
import io.libprocess.time.Clock;
import java.time.Duration;

/**
 * A limiter that grants permission at a limited rate. Without a burst it is a spacer: there is
 * always at least one interval between two grants, and idle time saves nothing up: {@code
 * RateLimiter(2, 5 ms)} grants one every 2.5 ms. With a burst of <i>n</i>, up to <i>n</i> grants
 * may follow each other at once after a pause, and the same number of intervals makes up for them.
 *
 * <p>Waiters are served in the order in which they came. All methods may be called from any thread.
 * A grant that waited completes its future on the thread of the clock, which callbacks must not
 * hold up. (libprocess's limiter is a process.)
 */
public final class RateLimiter implements AutoCloseable {

  /*
   * `full` is the time, in nanoseconds since `origin`, at which the whole burst is available again:
   * each grant moves it on by an interval, counted from now at the earliest. One more may be
   * granted while it is less than `burst` intervals away. So one number holds the state however
   * large the burst is.
   *
   * The lock guards the fields marked as such; promises are completed, and the timer is started,
   * without it. While a request waits, `armed` is true: a timer is pending, or its function is
   * about to look at the line again. A grant that meets a discard is taken back by moving `full`.
   */

  private static final class Waiting extends WaitQueue.Entry {
    final Promise<Void> promise = new Promise<>();
  }

  private static final long SECOND = 1_000_000_000;

  private final Clock clock;
  private final long origin; // By the clock's monotonic count.
  private final long interval; // Nanoseconds.
  private final long credit; // How far ahead `full` may be for one more grant.
  private final Object lock = new Object();

  // Guarded by the lock.
  private final WaitQueue<Waiting> line = new WaitQueue<>();
  private long full = Long.MIN_VALUE;
  private boolean armed;
  private boolean closed;

  /**
   * Makes a spacer by the clock of the calling thread.
   *
   * @param permits how many grants there may be in {@code duration}; only the quotient counts
   * @throws IllegalArgumentException if one of them is not positive
   */
  public RateLimiter(int permits, Duration duration) {
    this(permits, duration, 1);
  }

  /**
   * Makes a spacer by the clock of the calling thread.
   *
   * @throws IllegalArgumentException if the rate is not positive and finite
   */
  public RateLimiter(double permitsPerSecond) {
    this(interval(permitsPerSecond), 1, Clock.current());
  }

  /**
   * Makes a limiter by the clock of the calling thread.
   *
   * @param burst how many grants may follow each other without an interval
   * @throws IllegalArgumentException if one of them is not positive
   */
  public RateLimiter(int permits, Duration duration, int burst) {
    this(permits, duration, burst, Clock.current());
  }

  /**
   * Makes a limiter by a clock.
   *
   * @throws IllegalArgumentException if one of the numbers is not positive
   */
  public RateLimiter(int permits, Duration duration, int burst, Clock clock) {
    this(interval(permits, duration), burst, clock);
  }

  private RateLimiter(long interval, int burst, Clock clock) {
    if (burst < 1) {
      throw new IllegalArgumentException("burst < 1: " + burst);
    }
    this.interval = interval;
    this.credit = interval <= Long.MAX_VALUE / burst ? interval * (burst - 1) : Long.MAX_VALUE;
    this.clock = requireNonNull(clock, "clock");
    this.origin = clock.nanoTime();
  }

  private static long interval(int permits, Duration duration) {
    if (permits < 1) {
      throw new IllegalArgumentException("permits < 1: " + permits);
    }
    if (duration.isZero() || duration.isNegative()) {
      throw new IllegalArgumentException("duration not positive: " + duration);
    }
    return Math.max(1, Saturating.nanos(duration.dividedBy(permits)));
  }

  private static long interval(double permitsPerSecond) {
    if (!(permitsPerSecond > 0) || Double.isInfinite(permitsPerSecond)) {
      throw new IllegalArgumentException("not positive and finite: " + permitsPerSecond);
    }
    return Math.max(1, (long) (SECOND / permitsPerSecond));
  }

  /**
   * Asks for permission: ready at once if no request waits and the rate allows it. Discarding the
   * future while it waits withdraws the request: it is discarded on return and uses up nothing.
   *
   * @return a discarded future if the limiter is closed
   */
  public Future<Void> acquire() {
    StackReserve.checkForOperation();
    long now = now();
    synchronized (lock) {
      if (closed) {
        return Future.discarded();
      }
      if (line.isEmpty() && delay(now) <= 0) {
        use(now);
        return Future.done();
      }
    }
    Waiting waiting = new Waiting();
    Future<Void> future = waiting.promise.future().onDiscard(() -> withdraw(waiting));
    boolean arm;
    long delay;
    synchronized (lock) {
      if (closed) {
        return Future.discarded();
      }
      line.add(waiting);
      arm = !armed;
      armed = true;
      delay = delay(now);
    }
    if (arm) {
      arm(delay);
    }
    return future;
  }

  /**
   * Asks for permission that is granted now or not at all, and not before those who wait.
   *
   * @return whether it is granted; false if the limiter is closed
   */
  public boolean tryAcquire() {
    long now = now();
    synchronized (lock) {
      if (closed || !line.isEmpty() || delay(now) > 0) {
        return false;
      }
      use(now);
      return true;
    }
  }

  /** How long it will be until the next grant if nobody asks meanwhile; zero: it may be now. */
  public Duration untilNext() {
    long now = now();
    synchronized (lock) {
      return Duration.ofNanos(Math.max(0, delay(now)));
    }
  }

  /** Starts a timer for the line; if no timer can be set, the next request does so. */
  private void arm(long delay) {
    try {
      Duration wait = Duration.ofNanos(Math.max(0, delay));
      ContextSlot.outside(() -> clock.timer(wait, this::serve));
    } catch (Throwable thrown) { // Memory is short.
      synchronized (lock) {
        armed = false;
      }
      throw thrown;
    }
  }

  private long now() {
    return clock.nanoTime() - origin;
  }

  /** The nanoseconds until one more may be granted; 0 or less means now. */
  private long delay(long now) {
    return full <= now ? 0 : full - now - credit;
  }

  private void use(long now) {
    long from = Math.max(full, now);
    full = from > Long.MAX_VALUE - interval ? Long.MAX_VALUE : from + interval;
  }

  private void withdraw(Waiting waiting) {
    synchronized (lock) {
      line.remove(waiting);
    }
    waiting.promise.discard();
  }

  /** Grants what can be granted, on the clock's thread. */
  private void serve() {
    long delay;
    for (; ; ) {
      long now = now();
      Waiting next;
      synchronized (lock) {
        if (line.isEmpty()) {
          armed = false;
          return;
        }
        delay = delay(now);
        if (delay > 0) {
          break;
        }
        next = line.poll();
        use(now);
      }
      if (!next.promise.setUnlessDiscardRequested(null)) {
        synchronized (lock) {
          full -= interval;
        }
      }
    }
    arm(delay);
  }

  /** Discards the futures of all current and later waiters. Idempotent. */
  @Override
  public void close() {
    StackReserve.checkForOperation();
    Waiting discarded;
    synchronized (lock) {
      closed = true;
      discarded = line.takeAll();
    }
    for (; discarded != null; discarded = WaitQueue.next(discarded)) {
      discarded.promise.discard();
    }
  }
}

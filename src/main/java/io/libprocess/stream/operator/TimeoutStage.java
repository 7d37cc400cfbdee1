package io.libprocess.stream.operator;

import io.libprocess.internal.Saturating;
import io.libprocess.stream.stage.Downstream;
import io.libprocess.stream.stage.Elements;
import io.libprocess.stream.stage.Run;
import io.libprocess.stream.stage.Upstream;
import io.libprocess.time.Clock;
import io.libprocess.time.Timer;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A stage that fails if elements or the end take too long by the clock of the run.
 *
 * <p>The timer fails the downstream from the clock's thread, and must not do so while another
 * thread is inside {@code next}. {@code state} decides: the thread that moves it from OPEN to
 * SENDING may send an element, and the one that moves it to OVER may send the end. If the time is
 * up inside {@code next}, the timer leaves EXPIRED for the thread that is there.
 *
 * <pre>{@code
 * OPEN <----> SENDING ----> EXPIRED ----> OVER
 *   +------------+---------------------------^
 * }</pre>
 *
 * <p>The timer of {@code IDLE} is not moved with each element: when it fires it checks how long ago
 * the last element was, and is started again for the remaining time. Without demand there is no
 * timer.
 */
public final class TimeoutStage<T> extends Downstream<T> implements Upstream {

  /** The times that can be limited. */
  public enum Kind {
    /** The time from the first request to the first element. */
    FIRST,
    /** The time without an element while one is requested. */
    IDLE,
    /** The time from the first request to the end. */
    TOTAL
  }

  private static final int OPEN = 0;
  private static final int SENDING = 1;
  private static final int EXPIRED = 2;
  private static final int OVER = 3;

  private final Downstream<? super T> down;
  private final Kind kind;
  private final Duration limit;
  private final long limitNanos;
  private final Clock clock;
  private final AtomicInteger state = new AtomicInteger(OPEN);
  private final AtomicBoolean armed = new AtomicBoolean();
  private final AtomicLong requested = new AtomicLong();

  private Upstream up;
  private volatile Timer timer; // Null before the first.
  private volatile TimeoutException expired; // Null unless EXPIRED.
  private volatile long received; // Written only inside signals.
  private volatile long since; // The beginning of the current wait.

  /** Makes a stage with a limit. */
  public TimeoutStage(Run<?> run, Downstream<? super T> down, Kind kind, Duration limit) {
    this.down = down;
    this.kind = kind;
    this.limit = limit;
    limitNanos = Saturating.nanos(limit);
    clock = run.clock();
  }

  /* ------ Signals ------ */

  @Override
  public boolean takesFileRegions() {
    return down.takesFileRegions();
  }

  @Override
  public void begin(Upstream upstream) {
    up = upstream;
    down.begin(this);
  }

  @Override
  public void next(T element) {
    if (!state.compareAndSet(OPEN, SENDING)) {
      Elements.release(element);
      return;
    }
    if (kind == Kind.FIRST && received == 0) {
      cancelTimer();
    }
    received++;
    down.next(element);
    if (kind == Kind.IDLE) {
      since = clock.nanoTime(); // The time that the downstream took does not count.
    }
    if (!state.compareAndSet(SENDING, OPEN) && state.compareAndSet(EXPIRED, OVER)) {
      down.fail(expired);
    }
  }

  @Override
  public void complete() {
    if (end()) {
      down.complete();
    }
  }

  @Override
  public void fail(Throwable failure) {
    if (end()) {
      down.fail(failure);
    }
  }

  private boolean end() {
    if (state.compareAndSet(OPEN, OVER)) {
      cancelTimer();
      return true;
    }
    return false;
  }

  /* ------ Requests ------ */

  @Override
  public void request(long count) {
    if (count > 0) {
      long before = requested.getAndUpdate(old -> sum(old, count));
      if (kind == Kind.IDLE && before != UNBOUNDED && before <= received) {
        since = clock.nanoTime();
      }
      boolean wanted = kind == Kind.IDLE || before == 0;
      if (wanted && state.get() != OVER && armed.compareAndSet(false, true)) {
        start(limitNanos);
      }
    }
    up.request(count);
  }

  private static long sum(long a, long b) {
    return a + b < 0 ? UNBOUNDED : a + b;
  }

  @Override
  public void cancel(Throwable cause) {
    state.set(OVER);
    cancelTimer();
    up.cancel(cause);
  }

  /* ------ Time ------ */

  private void start(long nanos) {
    timer = clock.timer(Duration.ofNanos(nanos), this::due);
    if (state.get() == OVER) {
      cancelTimer();
    }
  }

  private void cancelTimer() {
    Timer running = timer;
    if (running != null) {
      running.cancel();
    }
  }

  private void due() {
    if (kind == Kind.FIRST && received > 0) {
      return;
    }
    if (kind != Kind.IDLE) {
      expire();
      return;
    }
    switch (state.get()) {
      case SENDING -> start(limitNanos); // The downstream takes that long.
      case OPEN -> dueWhenIdle();
      default -> {}
    }
  }

  private void dueWhenIdle() {
    if (!isWaiting()) {
      armed.set(false);
      if (!isWaiting() || !armed.compareAndSet(false, true)) {
        return;
      }
    }
    long rest = limitNanos - (clock.nanoTime() - since);
    if (rest > 0) {
      start(rest);
    } else {
      expire();
    }
  }

  private boolean isWaiting() {
    long asked = requested.get();
    return asked == UNBOUNDED || asked > received;
  }

  private void expire() {
    TimeoutException failure = new TimeoutException(text());
    expired = failure;
    if (state.compareAndSet(OPEN, OVER)) {
      up.cancel(failure);
      down.fail(failure);
    } else if (state.compareAndSet(SENDING, EXPIRED)) {
      up.cancel(failure);
    } else if (state.get() == OPEN) {
      expire(); // An element has just been sent.
    }
  }

  private String text() {
    return switch (kind) {
      case FIRST -> "no element within " + limit;
      case IDLE -> "no element for " + limit;
      case TOTAL -> "not complete within " + limit;
    };
  }
}

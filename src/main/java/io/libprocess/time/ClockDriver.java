package io.libprocess.time;

import static java.util.Objects.requireNonNull;

import io.libprocess.internal.scheduler.ThreadContext;
import java.util.OptionalLong;

/**
 * Drives a clock that has no thread, by a given time source: for simulated time and for event loops
 * that know when to look for timers. The {@link #clock} is handed to the code that lives by it; the
 * driver is kept by the code that makes time pass.
 *
 * <pre>{@code
 * ClockDriver driver = new ClockDriver(source, () -> {});
 * driver.clock().timer(Duration.ofSeconds(1), work);
 * while (driver.runNext()) {} // Runs what is due by now.
 * }</pre>
 *
 * <p>Any thread may call the methods, but only one at a time may be inside {@link #runNext}. Timers
 * run on that thread, which meanwhile belongs to the clock ({@link Clock#current}).
 */
public final class ClockDriver implements AutoCloseable {

  private final Clock clock;

  /**
   * Makes a clock.
   *
   * @param source tells its time
   * @param waker called by any thread when a timer is added that is due sooner than {@link
   *     #nanosToNext} last said; not called again before that method is called. It must not block
   *     or call this driver.
   */
  public ClockDriver(TimeSource source, Runnable waker) {
    requireNonNull(waker, "waker");
    clock =
        new Clock(
            requireNonNull(source, "source"),
            new TimerRunner() {
              @Override
              public void wake() {
                waker.run();
              }

              @Override
              public void closed() {
                // It has no state left.
              }
            });
  }

  /** The clock; code that only has the clock cannot pause or move it. */
  public Clock clock() {
    return clock;
  }

  /** The nanoseconds until a timer is due, 0 if one is due now; empty if there is none. */
  public OptionalLong nanosToNext() {
    long nanos = clock.state.untilFirst();
    return nanos < 0 ? OptionalLong.empty() : OptionalLong.of(nanos);
  }

  /**
   * Runs one timer: the one that is due first and, among several, the one made first. Its
   * exceptions are logged.
   *
   * @return false if none is due
   */
  public boolean runNext() {
    Timer timer = clock.state.takeFirst();
    if (timer == null) {
      return false;
    }
    Object before = ThreadContext.clock();
    ThreadContext.bindClock(clock);
    try {
      timer.fire(clock.state.isClosed());
    } finally {
      ThreadContext.bindClock(before);
    }
    return true;
  }

  /** Drops all timers, which then never run. The time can still be read. Idempotent. */
  @Override
  public void close() {
    clock.close();
  }
}

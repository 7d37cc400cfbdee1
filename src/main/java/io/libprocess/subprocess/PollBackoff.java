package io.libprocess.subprocess;

import io.libprocess.internal.ContextSlot;
import io.libprocess.time.Clock;
import io.libprocess.time.Timer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The polling back-off for the output of idle children: the delay grows with the time that a child
 * is idle and with the number of idle children, so that polling costs little however many there
 * are. (libprocess polls for ended children in this way.)
 *
 * <p>The back-off has its own clock, because other processes do not stop when {@link
 * Clock#system()} is paused.
 */
final class PollBackoff {

  static final long SHORTEST_NANOS = 500_000;
  private static final long LONGEST_NANOS = 16_000_000;
  private static final long LONGEST_NANOS_PER_PIPE = 200_000; // 5000 polls a second in all.

  private static final AtomicInteger idle = new AtomicInteger();

  private PollBackoff() {}

  private static final class Ticks {
    static final Clock CLOCK = Clock.create();
  }

  /** The delay after one of {@code nanos} during which nothing was written. */
  static long afterwards(long nanos) {
    long longest = Math.max(LONGEST_NANOS, idle.get() * LONGEST_NANOS_PER_PIPE);
    return Math.min(2 * nanos, longest);
  }

  /** Counts a pipe that becomes idle, or with -1 one that is no longer idle. */
  static void count(int change) {
    idle.addAndGet(change);
  }

  static Timer in(long nanos, Runnable look) {
    return ContextSlot.outside(() -> Ticks.CLOCK.timer(Duration.ofNanos(nanos), look));
  }
}

package io.libprocess.subprocess;

import io.libprocess.time.Clock;
import io.libprocess.time.Timer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * When to look again whether an idle child has written something: the longer it is idle the later,
 * and the later the more of them are idle, so that looking costs little however many there are.
 * (libprocess looks for children that have ended in this way.)
 *
 * <p>The clock is the back-off's own: what other processes do does not stop when {@link
 * Clock#system()} is paused.
 */
final class PollBackoff {

  static final long SHORTEST_NANOS = 500_000;
  private static final long LONGEST_NANOS = 16_000_000;
  private static final long LONGEST_NANOS_PER_PIPE = 200_000; // 5000 looks a second in all.

  private static final AtomicInteger idle = new AtomicInteger();

  private PollBackoff() {}

  private static final class Ticks {
    static final Clock CLOCK = Clock.create();
  }

  /** How long to wait after having waited for {@code nanos} in vain. */
  static long afterwards(long nanos) {
    long longest = Math.max(LONGEST_NANOS, idle.get() * LONGEST_NANOS_PER_PIPE);
    return Math.min(2 * nanos, longest);
  }

  /** Counts a pipe that becomes idle, or with -1 one that no longer is. */
  static void count(int change) {
    idle.addAndGet(change);
  }

  static Timer in(long nanos, Runnable look) {
    return Ticks.CLOCK.timer(Duration.ofNanos(nanos), look);
  }
}

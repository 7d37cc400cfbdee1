package io.libprocess.subprocess;

import io.libprocess.time.Clock;
import io.libprocess.time.Timer;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Ends a process and all its descendants: they are asked to end, and killed after a time. Meanwhile
 * new ones may be started, for instance by a signal handler, and their parents may end, after which
 * the system no longer knows that they are related. So the members of the tree are looked for again
 * and again, and a member that has been seen once stays known. The JDK makes sure that only these
 * are hit, and not another process that has got the pid of one of them.
 *
 * <p>Its steps run on a few threads of this package; the lock is only for the set of members.
 */
final class TreeEnd {

  /** After this many rounds, processes are being started faster than they can be killed. */
  private static final int MOST_ROUNDS = 100;

  private static final long SHORTEST_NANOS = 2_000_000;
  private static final long LONGEST_NANOS = 50_000_000;

  private final ProcessHandle root;
  private final Set<ProcessHandle> members = new LinkedHashSet<>(); // Guarded by its own monitor.
  private volatile boolean over; // The time has passed.

  TreeEnd(ProcessHandle root) {
    this.root = root;
    members.add(root);
  }

  /** Asks all members to end, and kills the remaining ones after a time. */
  void begin(Clock clock, Duration grace) {
    find();
    each(ProcessHandle::destroy);
    Timer timer =
        clock.timer(
            grace,
            () -> {
              over = true;
              BlockingThreads.few().execute(this::killAll);
            });
    watch(timer, SHORTEST_NANOS);
  }

  /** Looks for members until the time has passed or all have ended. */
  private void watch(Timer timer, long nanos) {
    if (over) {
      return;
    }
    find();
    if (living().isEmpty()) {
      timer.cancel();
      return;
    }
    PollBackoff.in(
        nanos,
        () ->
            BlockingThreads.few().execute(() -> watch(timer, Math.min(2 * nanos, LONGEST_NANOS))));
  }

  /** Kills all members, until no new ones are found. */
  void killAll() {
    for (int round = 0; round < MOST_ROUNDS; round++) {
      boolean more = find();
      // The root first: it might go on to its next command if it saw a child die.
      for (ProcessHandle member : known()) {
        List<ProcessHandle> below = member.descendants().toList(); // Once more, while they are.
        member.destroyForcibly();
        synchronized (members) {
          more |= members.addAll(below);
        }
      }
      if (!more && round > 0) {
        return;
      }
    }
  }

  /** Adds the descendants of members, and tells whether there were new ones. */
  private boolean find() {
    boolean more = false;
    for (ProcessHandle member : living()) {
      List<ProcessHandle> below = member.descendants().toList();
      synchronized (members) {
        more |= members.addAll(below);
      }
    }
    return more;
  }

  private List<ProcessHandle> living() {
    return known().stream().filter(ProcessHandle::isAlive).toList();
  }

  private List<ProcessHandle> known() {
    synchronized (members) {
      return List.copyOf(members);
    }
  }

  private void each(Consumer<ProcessHandle> end) {
    known().forEach(end);
  }
}

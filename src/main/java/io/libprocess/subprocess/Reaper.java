package io.libprocess.subprocess;

import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Waits for the ends of processes that need not be children. The system reports an end only to the
 * parent, so other processes are polled in rounds, less often if there are more of them. The JDK's
 * {@code onExit} would take a thread for each, and up to 5 seconds to notice. (libprocess: {@code
 * __reaper__}, which also polls while there are no processes to wait for.)
 *
 * <p>The lock guards {@code watches}; no process is polled and no future completed while it is
 * held. A round is due or under way exactly while there are watches: the thread that adds the first
 * one begins the rounds, and the round that removes the last one is the last.
 */
final class Reaper {

  private static final int FEW = 50;
  private static final int MANY = 500;
  private static final long SHORTEST_MILLIS = 100;
  private static final long LONGEST_MILLIS = 1000;

  private static final Map<Long, SystemChild> children = new ConcurrentHashMap<>(); // By pid.
  private static final Object lock = new Object();
  private static final List<Watch> watches = new ArrayList<>();

  private Reaper() {}

  private record Watch(
      ProcessHandle process, Executor executor, Promise<Optional<ExitStatus>> promise) {

    void end() {
      Runnable tell = () -> promise.set(Optional.empty());
      EnsuredTask.to(executor, tell, tell);
    }
  }

  /** Registers a child before its pid can be known to other code. */
  static void add(SystemChild child) {
    children.put(child.pid(), child);
  }

  /** Removes a child that has ended; its pid may belong to another child by then. */
  static void remove(SystemChild child) {
    children.remove(child.pid(), child);
  }

  static Future<Optional<ExitStatus>> reap(long pid) {
    SystemChild child = children.get(pid);
    if (child != null) {
      return child.exitCode().map(code -> Optional.of(new ExitStatus(code))).undiscardable();
    }
    Optional<ProcessHandle> process = ProcessHandle.of(pid);
    if (process.isEmpty()) {
      return Future.of(Optional.empty());
    }
    Watch watch = new Watch(process.get(), BlockingThreads.current(), new Promise<>());
    boolean isFirst;
    synchronized (lock) {
      isFirst = watches.isEmpty();
      watches.add(watch);
    }
    if (isFirst) {
      lookLater(1);
    }
    return watch.promise().future().undiscardable();
  }

  private static void lookLater(int count) {
    PollBackoff.in(
        TimeUnit.MILLISECONDS.toNanos(intervalMillis(count)),
        () -> BlockingThreads.few().execute(Reaper::look));
  }

  /** The time before the next round if there are {@code count} watches. */
  static long intervalMillis(int count) {
    int above = Math.min(Math.max(count, FEW), MANY) - FEW;
    return SHORTEST_MILLIS + (LONGEST_MILLIS - SHORTEST_MILLIS) * above / (MANY - FEW);
  }

  private static void look() {
    List<Watch> all;
    synchronized (lock) {
      all = List.copyOf(watches);
    }
    Set<Watch> ended =
        all.stream()
            .filter(watch -> !watch.process().isAlive())
            .collect(Collectors.toCollection(LinkedHashSet::new));
    int left;
    synchronized (lock) {
      watches.removeAll(ended);
      left = watches.size();
    }
    if (left > 0) {
      lookLater(left);
    }
    ended.forEach(Watch::end);
  }
}

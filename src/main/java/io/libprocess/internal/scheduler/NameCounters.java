package io.libprocess.internal.scheduler;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts those that need a number in their names. All threads of the JVM share one, so that what is
 * named outside a node and inside one never gets the same name; but each {@link RuntimeThread},
 * which runs a whole world of nodes by itself, has its own, so that a world counts as it did the
 * last time. For any thread.
 */
public final class NameCounters {

  private static final NameCounters JVM = new NameCounters();

  private final ConcurrentMap<String, AtomicLong> counters = new ConcurrentHashMap<>();
  private final AtomicLong unnamed = new AtomicLong();

  NameCounters() {}

  /** Those by which the calling thread counts. */
  public static NameCounters current() {
    return Thread.currentThread() instanceof RuntimeThread thread ? thread.names : JVM;
  }

  /** 1, 2 and so on, for each prefix. */
  public long next(String prefix) {
    return counters.computeIfAbsent(prefix, key -> new AtomicLong()).incrementAndGet();
  }

  /** 1, 2 and so on, for those without a prefix. */
  public long next() {
    return unnamed.incrementAndGet();
  }
}

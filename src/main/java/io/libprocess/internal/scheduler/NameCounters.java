package io.libprocess.internal.scheduler;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counters for objects that need a number in their names. All threads of the JVM share one
 * instance, so that names given outside a node never equal those given inside one; but each {@link
 * RuntimeThread}, which alone runs a whole world of nodes, has its own, so that a world counts the
 * same in each run. Thread-safe.
 */
public final class NameCounters {

  private static final NameCounters JVM = new NameCounters();

  private final ConcurrentMap<String, AtomicLong> counters = new ConcurrentHashMap<>();
  private final AtomicLong unnamed = new AtomicLong();

  NameCounters() {}

  /** The counters for the calling thread. */
  public static NameCounters current() {
    return Thread.currentThread() instanceof RuntimeThread thread ? thread.names : JVM;
  }

  /** The next number, from 1 on, for a prefix. */
  public long next(String prefix) {
    return counters.computeIfAbsent(prefix, key -> new AtomicLong()).incrementAndGet();
  }

  /** The next number, from 1 on, without a prefix. */
  public long next() {
    return unnamed.incrementAndGet();
  }
}

package io.libprocess;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;

/** Names for processes of which there are many. */
public final class Id {

  private static final ConcurrentMap<String, AtomicLong> COUNTERS = new ConcurrentHashMap<>();

  private Id() {}

  /** {@code prefix(1)}, {@code prefix(2)} and so on, counted for each prefix in this JVM. */
  public static String generate(String prefix) {
    long number = COUNTERS.computeIfAbsent(prefix, key -> new AtomicLong()).incrementAndGet();
    return prefix + "(" + number + ")";
  }
}

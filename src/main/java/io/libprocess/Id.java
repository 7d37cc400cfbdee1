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

  /** The id itself, if a process may have it. */
  static String checked(String id) {
    if (!isLegal(id)) {
      throw new IllegalArgumentException(
          "the id of a process must not be empty or contain '/', '@' or control characters: '"
              + id
              + "'");
    }
    return id;
  }

  private static boolean isLegal(String id) {
    for (int i = 0; i < id.length(); i++) {
      char c = id.charAt(i);
      if (c == '/' || c == '@' || c < ' ' || c == 127) {
        return false;
      }
    }
    return !id.isEmpty();
  }
}

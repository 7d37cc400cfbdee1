package io.libprocess.service.filter;

import io.libprocess.service.support.WindowedSum;
import io.libprocess.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A sum over time for each of many keys, of which those that were used last are kept. One that was
 * forgotten begins anew. The lock is held to look one up.
 */
final class KeyedSums {

  static final int MOST_KEPT = 10_000;

  private final Duration window;
  private final Clock clock;

  private final Map<Object, WindowedSum> sums = // Guarded by itself; last used last.
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Object, WindowedSum> eldest) {
          return size() > MOST_KEPT;
        }
      };

  KeyedSums(Duration window, Clock clock) {
    this.window = window;
    this.clock = clock;
  }

  WindowedSum of(Object key) {
    synchronized (sums) {
      return sums.computeIfAbsent(key, fresh -> new WindowedSum(window, clock));
    }
  }
}

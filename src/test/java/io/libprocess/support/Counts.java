package io.libprocess.support;

import io.libprocess.internal.Counted;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/** Reads what a part of the runtime counts. */
public final class Counts {

  private Counts() {}

  /** All counts and amounts as they are now, by name. */
  public static Map<String, Long> of(Counted counted) {
    Map<String, Long> counts = new TreeMap<>();
    counted.showTo(
        new Counted.Collector() {
          @Override
          public void counter(String name, String help, LongSupplier count) {
            counts.put(name, count.getAsLong());
          }

          @Override
          public void gauge(String name, String help, LongSupplier value) {
            counts.put(name, value.getAsLong());
          }
        });
    return counts;
  }
}

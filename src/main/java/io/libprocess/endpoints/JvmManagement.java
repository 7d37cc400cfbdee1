package io.libprocess.endpoints;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;

/** The statistics of {@code java.management}; only loaded if there is such a module. */
final class JvmManagement {

  private static final double MILLIS = 1e3;

  private JvmManagement() {}

  /** The load of the last minute; negative if not known. */
  static double load() {
    return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
  }

  static long collections() {
    return ManagementFactory.getGarbageCollectorMXBeans().stream()
        .mapToLong(GarbageCollectorMXBean::getCollectionCount)
        .filter(count -> count > 0)
        .sum();
  }

  static double collectionSeconds() {
    return ManagementFactory.getGarbageCollectorMXBeans().stream()
            .mapToLong(GarbageCollectorMXBean::getCollectionTime)
            .filter(time -> time > 0)
            .sum()
        / MILLIS;
  }

  static int threads() {
    return ManagementFactory.getThreadMXBean().getThreadCount();
  }
}

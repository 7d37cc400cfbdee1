package io.libprocess.endpoints;

import io.libprocess.metrics.Metrics;
import io.libprocess.metrics.PullCounter;
import io.libprocess.metrics.PullGauge;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/**
 * Gauges of the JVM: heap and descriptors, and, if there is {@code java.management}, the collector
 * and the threads. All methods may be called from any thread.
 */
public final class JvmStats {

  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

  /** Loaded and called only if there is java.management. */
  private static final boolean IS_MANAGED =
      ModuleLayer.boot().findModule("java.management").isPresent();

  private JvmStats() {}

  /** The load of the last minute, if the JVM's management knows it. */
  static OptionalDouble load() {
    return IS_MANAGED && JvmManagement.load() >= 0
        ? OptionalDouble.of(JvmManagement.load())
        : OptionalDouble.empty();
  }

  /** Adds the gauges. */
  public static void addTo(Metrics metrics) {
    Runtime jvm = Runtime.getRuntime();
    describe(metrics);
    metrics.add(PullGauge.of("jvm/heap_used_bytes", () -> jvm.totalMemory() - jvm.freeMemory()));
    metrics.add(PullGauge.of("jvm/heap_committed_bytes", jvm::totalMemory));
    metrics.add(PullGauge.of("jvm/heap_max_bytes", jvm::maxMemory));
    metrics.add(PullGauge.of("jvm/descriptors", JvmStats::descriptors));
    if (IS_MANAGED) {
      metrics.add(PullCounter.of("jvm/collections", JvmManagement::collections));
      metrics.add(PullGauge.of("jvm/collection_seconds", JvmManagement::collectionSeconds));
      metrics.add(PullGauge.of("jvm/threads", JvmManagement::threads));
    }
  }

  private static void describe(Metrics metrics) {
    metrics.describe("jvm/heap_used_bytes", "Bytes of the heap that are in use or not collected.");
    metrics.describe("jvm/heap_committed_bytes", "Bytes that the heap has taken of the system.");
    metrics.describe("jvm/heap_max_bytes", "Bytes that the heap may take.");
    metrics.describe("jvm/descriptors", "Open files, sockets and pipes of the JVM.");
    metrics.describe("jvm/collections", "Garbage collections, of all collectors.");
    metrics.describe(
        "jvm/collection_seconds", "Time spent in garbage collections since the start.");
    metrics.describe("jvm/threads", "Live platform threads.");
  }

  private static long descriptors() throws IOException {
    try (Stream<Path> open = Files.list(DESCRIPTORS)) {
      return open.count() - 1; // Without the descriptor of the listing.
    }
  }
}

package io.libprocess.endpoints;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.http.Request;
import io.libprocess.metrics.Metrics;
import io.libprocess.time.Clock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SystemStatsTest {

  private static final int CPUS = Runtime.getRuntime().availableProcessors();

  @TempDir Path proc;

  private void writeProc() throws IOException {
    Files.writeString(proc.resolve("loadavg"), "0.25 1.50 2.75 1/234 5678\n");
    Files.writeString(
        proc.resolve("meminfo"), "MemTotal:        2048 kB\nMemFree:            1024 kB\n");
  }

  @Test
  void stats_areAnObjectWithSortedMembers() throws IOException {
    writeProc();
    SystemStats stats = new SystemStats(proc);
    String json =
        "{\"avg_load_15min\":2.75,\"avg_load_1min\":0.25,\"avg_load_5min\":1.5,\"cpus_total\":"
            + CPUS
            + ",\"mem_free_bytes\":1048576,\"mem_total_bytes\":2097152}";
    assertEquals(json, stats.answer(Request.get("/system/stats.json")).text());
    assertEquals("f(" + json + ")", stats.answer(Request.get("/system/stats.json?jsonp=f")).text());
  }

  @Test
  void whatIsNotKnown_isLeftOut() {
    String text = new SystemStats(proc).answer(Request.get("/system/stats.json")).text();
    assertTrue(text.contains("\"cpus_total\":" + CPUS), text);
    assertFalse(text.contains("mem_") || text.contains("5min"), text);
  }

  @Test
  void gauges_areSixAndFailIfTheyAreNotKnown() throws IOException {
    try (Clock clock = Clock.paused(Instant.EPOCH)) {
      Metrics metrics = new Metrics(clock);
      new SystemStats(proc).addTo(metrics);
      assertFalse(metrics.snapshot().get().containsKey("system/mem_free_bytes"));
      writeProc();
      assertEquals(
          Set.of(
              "system/load_1min",
              "system/load_5min",
              "system/load_15min",
              "system/cpus_total",
              "system/mem_total_bytes",
              "system/mem_free_bytes"),
          metrics.snapshot().get().keySet());
      assertEquals(2.75, metrics.snapshot().get().get("system/load_15min"));
    }
  }
}

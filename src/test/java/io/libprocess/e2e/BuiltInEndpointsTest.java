package io.libprocess.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.Config;
import io.libprocess.Node;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The built-in endpoints over a connection, their realms, and their answers without modules. */
@Timeout(120)
class BuiltInEndpointsTest {

  private static Config.Builder guarded(String realm) {
    return Guarded.configWithPasswordFor(realm).memoryProfiling(true);
  }

  @Test
  void ProfilerTest_StartAndStopAuthenticationEnabled() throws IOException {
    try (Node node = Node.start(guarded("libprocess-readwrite").build())) {
      assertEquals(401, RawClient.fetch(node, "/profiler/start").status());
      assertEquals(401, RawClient.fetch(node, "/profiler/stop").status());
    }
  }

  @Test
  void readWriteRealm_isThatOfWhatChangesSomething() throws IOException {
    List<String> paths =
        List.of(
            "/logging/toggle",
            "/memory-profiler/start",
            "/memory-profiler/stop",
            "/memory-profiler/state",
            "/memory-profiler/statistics",
            "/memory-profiler/download/raw",
            "/memory-profiler/download/text",
            "/memory-profiler/download/graph");
    try (Node node = Node.start(guarded("libprocess-readwrite").build())) {
      for (String path : paths) {
        assertEquals(401, RawClient.fetch(node, path).status(), path);
      }
      for (String path : List.of("/metrics/snapshot", "/metrics", "/system/stats.json", "/help")) {
        assertEquals(200, RawClient.fetch(node, path).status(), path);
      }
    }
  }

  @Test
  void readOnlyRealm_isThatOfMetrics() throws IOException {
    try (Node node = Node.start(guarded("libprocess-readonly").build())) {
      for (String path : List.of("/metrics/snapshot", "/metrics")) {
        assertEquals(401, RawClient.fetch(node, path).status(), path);
      }
      for (String path : List.of("/logging/toggle", "/system/stats.json", "/__processes__")) {
        assertEquals(200, RawClient.fetch(node, path).status(), path);
      }
    }
  }

  @Test
  void SystemTest_DISABLED_Metrics() throws IOException {
    Config config = Config.builder().snapshotInterval(Duration.ZERO).build();
    try (Node node = Node.start(config)) {
      Reply reply = RawClient.fetch(node, "/metrics/snapshot");
      assertEquals("application/json", reply.header("Content-Type").orElseThrow());
      for (String gauge :
          List.of(
              "load_1min",
              "load_5min",
              "load_15min",
              "cpus_total",
              "mem_total_bytes",
              "mem_free_bytes")) {
        assertTrue(reply.text().contains("\"system/" + gauge + "\":"), reply.text());
      }
    }
  }

  /** As in the original; those of the observer, which it does not have, do. */
  @Test
  void builtInRoutes_doNotLookAtTheMethod() throws IOException {
    Config config = Config.builder().snapshotInterval(Duration.ZERO).memoryProfiling(true).build();
    try (Node node = Node.start(config);
        RawClient client = new RawClient(node.address().port())) {
      for (String path :
          List.of(
              "/metrics/snapshot",
              "/metrics",
              "/logging/toggle",
              "/profiler/start",
              "/profiler/stop",
              "/memory-profiler/stop",
              "/memory-profiler/state",
              "/memory-profiler/statistics",
              "/memory-profiler/download/raw",
              "/memory-profiler/download/text",
              "/memory-profiler/download/graph",
              "/system/stats.json",
              "/help",
              "/help/metrics",
              "/help/metrics/snapshot",
              "/__processes__")) {
        int status = client.fetch(path).status();
        assertTrue(status == 200 || status == 400, path + " " + status);
        assertEquals(status, client.send(RawClient.post(path, "")).reply().status(), path);
        String delete = RawClient.get(path).replace("GET", "DELETE");
        assertEquals(status, client.send(delete).reply().status(), path);
      }
    }
  }

  @Test
  void memoryProfiler_isThereIfItIsWanted() throws IOException {
    try (Node node = Node.start(Config.builder().build())) {
      assertEquals(404, RawClient.fetch(node, "/memory-profiler/state").status());
      assertEquals("0\n", RawClient.fetch(node, "/logging/toggle").text());
    }
  }

  @Test
  void nodeOnJavaBaseAlone_worksAndSaysWhatItMisses() throws Exception {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String output =
        Program.at(java)
            .run(
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                "--limit-modules",
                "java.base",
                "-cp",
                "target/classes" + System.getProperty("path.separator") + "target/test-classes",
                BareNode.class.getName());
    assertTrue(output.contains("modules: [java.base]"), output);
    assertTrue(output.contains("echo 200 hello"), output);
    assertTrue(output.contains("/profiler/start 400 Perftools is disabled."), output);
    assertTrue(output.contains("/memory-profiler/start 400 Memory cannot be profiled"), output);
    assertTrue(output.contains("/logging/toggle 400 The level cannot be changed"), output);
    assertTrue(output.contains("/system/stats.json 200 {"), output);
    assertTrue(output.contains("\"jvm/heap_used_bytes\":"), output);
    assertTrue(output.contains("the end"), output);
  }
}

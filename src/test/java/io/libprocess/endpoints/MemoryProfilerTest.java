package io.libprocess.endpoints;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.http.Body;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.time.Clock;
import io.libprocess.web.BoundRoute;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class MemoryProfilerTest {

  /** Writes a file that says how often it was asked to; fails as often as it is told. */
  private static final class FakeRecorder implements Recorder {
    private int failures;
    private int written;

    @Override
    public Run start(Kind kind) {
      assertEquals(Kind.ALLOCATIONS, kind);
      return new Run() {
        @Override
        public void endInto(Path file) throws IOException {
          if (failures-- > 0) {
            throw new IOException("no room");
          }
          Files.writeString(file, "recording " + ++written);
        }

        @Override
        public void drop() {}
      };
    }

    @Override
    public Map<String, Long> stacks(Path file, Kind kind) throws IOException {
      return Map.of("main;A.a;B.b;X", 100L, Files.readString(file) + ";A.a;Y", 300L);
    }
  }

  private final Clock clock = Clock.paused(Instant.ofEpochSecond(1000));
  private final FakeRecorder fake = new FakeRecorder();
  private final MemoryProfiler profiler =
      new MemoryProfiler(Optional.of(fake), clock, Runnable::run);

  @AfterEach
  void closeClock() {
    clock.close();
  }

  private Response get(String target) throws Exception {
    return get(profiler, target);
  }

  private static Response get(MemoryProfiler asked, String target) throws Exception {
    Request request = Request.get("/memory-profiler" + target);
    for (BoundRoute bound : asked.endpoint().routes()) {
      if (request.path().equals("/memory-profiler" + bound.route().path())) {
        assertEquals(Realms.READ_WRITE, bound.route().realm().orElseThrow());
        Future<Response> answer = bound.call(request, Optional.empty());
        return answer.get();
      }
    }
    throw new AssertionError("no route for " + target);
  }

  private void assertRefused(String text, String target) throws Exception {
    Response answer = get(target);
    assertEquals(text + "\n", answer.text());
    assertEquals(400, answer.status().code());
  }

  private static String file(Response answer) throws IOException {
    assertEquals(200, answer.status().code(), answer::toString);
    assertEquals("application/octet-stream", answer.headers().first("Content-Type").orElseThrow());
    Path path = ((Body.File) answer.body()).path();
    assertEquals(
        "attachment; filename=" + path,
        answer.headers().first("Content-Disposition").orElseThrow());
    return Files.readString(path);
  }

  @Test
  void withoutARecorder_whatIsMissingIsSaid() throws Exception {
    MemoryProfiler none = new MemoryProfiler(Optional.empty(), clock, Runnable::run);
    for (String path : List.of("/start", "/stop", "/statistics")) {
      Response answer = get(none, path);
      assertEquals(400, answer.status().code());
      assertTrue(answer.text().contains("jemalloc was not found"), answer.text());
      assertTrue(answer.text().contains("jdk.jfr"), answer.text());
    }
    assertEquals(
        "{\"memory_profiler\":{\"current_run\":{\"id\":null},\"jemalloc_detected\":false,"
            + "\"jfr_detected\":false,\"tmp_dir\":\"Not yet generated\"}}",
        get(none, "/state").text());
    assertEquals(
        "Cannot access raw profile: Not yet generated.\n", get(none, "/download/raw").text());
  }

  @Test
  void durations_areChecked() throws Exception {
    assertRefused("Duration '500ms' must be between 1secs and 1days.", "/start?duration=500ms");
    assertRefused("Duration '25hrs' must be between 1secs and 1days.", "/start?duration=25hrs");
    String text = get("/start?duration=x").text();
    assertTrue(text.startsWith("Could not parse parameter 'duration': "), text);
  }

  @Test
  void beforeARun_thereIsNothing() throws Exception {
    assertRefused("Not yet generated.", "/stop");
    assertRefused("Cannot access raw profile: Not yet generated.", "/download/raw");
    assertRefused("No source profile exists: Not yet generated.", "/download/text");
    assertRefused("No source profile exists: Not yet generated.", "/download/graph?id=3");
    assertRefused("Invalid parameter 'id': Failed to convert 'x' to number.", "/download/raw?id=x");
  }

  @Test
  void run_isStartedOnceAndStopped() throws Exception {
    String started = get("/start?duration=10secs").text();
    assertTrue(started.startsWith("{\"id\":1000,\"message\":\"Success"), started);
    assertTrue(started.endsWith("\"remaining_seconds\":\"10\"}"), started);
    clock.advance(Duration.ofSeconds(4));
    String again = get("/start?duration=1hrs").text();
    assertTrue(again.startsWith("{\"id\":1000,\"message\":\"Heap profiling is already"), again);
    assertTrue(again.endsWith("\"remaining_seconds\":\"6\"}"), again);
    String state = get("/state").text();
    assertTrue(
        state.startsWith(
            "{\"memory_profiler\":{\"current_run\":{\"id\":1000,\"remaining_seconds\":6.0}"),
        state);
    assertEquals(400, get("/download/raw").status().code()); // Of which run?

    assertEquals(
        "{\"id\":\"1000\",\"message\":\"Successfully stopped memory profiling run.\","
            + "\"url_graph_profile\":\"/memory-profiler/download/graph?id=1000\","
            + "\"url_raw_profile\":\"/memory-profiler/download/raw?id=1000\","
            + "\"url_symbolized_profile\":\"/memory-profiler/download/text?id=1000\"}",
        get("/stop").text());
    assertEquals(200, get("/stop").status().code());
    assertEquals("recording 1", file(get("/download/raw?id=1000")));
    assertEquals("recording 1;A.a;Y 300\nmain;A.a;B.b;X 100\n", file(get("/download/text")));
    String graph = file(get("/download/graph"));
    assertTrue(graph.startsWith("<svg ") && graph.contains("<title>B.b: 100</title>"), graph);
    assertRefused("Cannot serve requested id #7.", "/download/raw?id=7");
  }

  @Test
  void run_endsByItself() throws Exception {
    fake.failures = 1;
    get("/start?duration=10secs");
    clock.advance(Duration.ofSeconds(10));
    clock.settle();
    assertRefused("Cannot access raw profile: Not yet generated.", "/download/raw?id=1000");
    clock.advance(Duration.ofSeconds(5)); // It is tried again.
    clock.settle();
    assertEquals("recording 1", file(get("/download/raw")));
    String state = get("/state").text();
    assertTrue(state.contains("{\"id\":1000,\"remaining_seconds\":0.0}"), state);
  }

  @Test
  void nextRun_replacesTheFiles() throws Exception {
    get("/start");
    get("/stop");
    get("/download/text");
    get("/start"); // In the same second.
    get("/stop");
    assertRefused("Cannot serve requested id #1000.", "/download/raw?id=1000");
    assertTrue(file(get("/download/text?id=1001")).contains("recording 2;"));
    Path raw = ((Body.File) get("/download/raw").body()).path();
    Files.delete(raw);
    assertRefused("Requested file was deleted from local disk.", "/download/raw");
  }

  @Test
  void flightRecorder_findsWhoAllocates() throws Exception {
    MemoryProfiler real = new MemoryProfiler(Recorder.ofJvm(), clock, Runnable::run);
    assertEquals(200, get(real, "/start").status().code());
    List<byte[]> kept = new ArrayList<>();
    for (long end = System.nanoTime() + 700_000_000L; System.nanoTime() < end; ) {
      kept.clear();
      for (int i = 0; i < 100; i++) {
        kept.add(new byte[100_000]);
      }
    }
    assertEquals(200, get(real, "/stop").status().code());
    String text = file(get(real, "/download/text"));
    assertTrue(text.contains("flightRecorder_findsWhoAllocates;[B "), text);
    assertTrue(get(real, "/statistics").text().contains("\"heap_used_bytes\":"), kept.toString());
  }
}

package io.libprocess.endpoints;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.http.Response;
import io.libprocess.settings.Variables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class ProfilerTest {

  private static final String DISABLED =
      "Perftools is disabled. To enable perftools, configure libprocess with --enable-perftools.\n";

  private static final String NOT_ENABLED =
      "The profiler is not enabled. To enable the profiler, libprocess must be started with"
          + " LIBPROCESS_ENABLE_PROFILER=1 in the environment.\n";

  private final Map<String, String> environment = new HashMap<>();

  private Profiler profiler(Optional<Recorder> recorder) {
    return new Profiler(recorder, () -> Variables.of(environment, property -> null), Runnable::run);
  }

  private static void assertAnswer(int status, String text, Response answer) {
    assertEquals(text, answer.text());
    assertEquals(status, answer.status().code());
  }

  @Test
  void ProfilerTest_StartAndStop_disabled() throws IOException {
    Profiler profiler = profiler(Optional.empty());
    environment.put("LIBPROCESS_ENABLE_PROFILER", "1");
    assertAnswer(400, DISABLED, profiler.start());
    assertAnswer(400, DISABLED, profiler.stop());
  }

  @Test
  void ProfilerTest_StartAndStop_notEnabled() throws IOException {
    Profiler profiler = profiler(Recorder.ofJvm());
    assertAnswer(400, NOT_ENABLED, profiler.start());
    environment.put("LIBPROCESS_ENABLE_PROFILER", "true");
    assertAnswer(400, NOT_ENABLED, profiler.start());
    assertAnswer(400, "Profiler not running.\n", profiler.stop());
  }

  @Test
  void ProfilerTest_StartAndStop_enabled(@TempDir Path directory) throws IOException {
    Profiler profiler = profiler(Recorder.ofJvm());
    environment.put("LIBPROCESS_ENABLE_PROFILER", "1");
    assertAnswer(200, "Profiler started.\n", profiler.start());
    assertAnswer(400, "Profiler already started.\n", profiler.start());
    long sum = 0;
    for (long end = System.nanoTime() + 500_000_000; System.nanoTime() < end; ) {
      sum += hotMethod(sum);
    }
    Response stopped = profiler.stop();
    assertEquals(200, stopped.status().code());
    assertEquals("application/octet-stream", stopped.headers().first("Content-Type").orElseThrow());
    assertEquals(
        "attachment; filename=profile.jfr",
        stopped.headers().first("Content-Disposition").orElseThrow());
    assertAnswer(400, "Profiler not running.\n", profiler.stop());

    Path file = Files.write(directory.resolve("p.jfr"), stopped.bytes().toArray());
    Map<String, Long> stacks = Recorder.ofJvm().orElseThrow().stacks(file, Recorder.Kind.CPU);
    assertTrue(
        stacks.keySet().stream().anyMatch(stack -> stack.contains("ProfilerTest.hotMethod")),
        stacks + " " + sum);
  }

  private static long hotMethod(long seed) {
    long value = seed;
    for (int i = 0; i < 10_000_000; i++) {
      value = value * 31 + i;
    }
    return value;
  }

  @Test
  void recorderThatCannotStart_isAnError() {
    Recorder broken =
        new Recorder() {
          @Override
          public Run start(Kind kind) throws IOException {
            throw new IOException("no room");
          }

          @Override
          public Map<String, Long> stacks(Path file, Kind kind) {
            return Map.of();
          }
        };
    environment.put("LIBPROCESS_ENABLE_PROFILER", "1");
    assertAnswer(500, "Failed to start profiler: no room", profiler(Optional.of(broken)).start());
  }
}

package io.libprocess.endpoints;

import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.http.Route;
import io.libprocess.internal.Reason;
import io.libprocess.internal.json.JsonWriter;
import io.libprocess.settings.Durations;
import io.libprocess.time.Clock;
import io.libprocess.time.Timer;
import io.libprocess.web.BoundRoute;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Executor;

/**
 * The endpoint {@code /memory-profiler}: records where memory is allocated with the JDK's flight
 * recorder, which replaces jemalloc. There is one run at a time, identified by the second in which
 * it was started, and only the latest is kept.
 *
 * <p><b>Threads.</b> The work may block, and is done under the lock of this object, so all of it
 * runs on the threads for blocking calls.
 */
public final class MemoryProfiler {

  private static final Duration LEAST = Duration.ofSeconds(1);
  private static final Duration MOST = Duration.ofDays(1);
  private static final Duration USUAL = Duration.ofMinutes(5);
  private static final Duration RETRY = Duration.ofSeconds(5);

  private static final String NOT_DETECTED =
      """
      Memory cannot be profiled here: jemalloc was not found, because memory of the JVM is its heap,
      and neither was the JDK's flight recorder, which would take its place.

      To profile, run on a JDK or an image with the module jdk.jfr. If this library is on the module
      path, add it to the module graph with --add-modules jdk.jfr.
      """;

  private static final String NOT_GENERATED = "Not yet generated";

  private final Optional<Recorder> recorder;
  private final Clock clock;
  private final Background background;

  // Guarded by the monitor of this.
  private Recorder.Run running; // Null if no run is in progress.
  private Timer end; // For the run in progress.
  private long current; // The id of the last started run; 0 if there was none.
  private long generated; // The id of the run whose raw file exists; 0 if none does.
  private long text; // The id of the run whose text exists; 0 if none does.
  private long graph; // The id of the run whose graph exists; 0 if none does.
  private Path directory; // Null until a file is written.

  /**
   * Makes the profiler of this JVM's heap.
   *
   * @param blocking runs slow work
   */
  public MemoryProfiler(Clock clock, Executor blocking) {
    this(Recorder.ofJvm(), clock, blocking);
  }

  MemoryProfiler(Optional<Recorder> recorder, Clock clock, Executor blocking) {
    this.recorder = recorder;
    this.clock = clock;
    background = new Background(blocking);
  }

  /** The endpoint {@code /memory-profiler}. */
  public Endpoint endpoint() {
    return new Endpoint(
        "memory-profiler",
        List.of(
            route(
                "/start",
                "Begins to record where memory is allocated; `duration=5mins`.",
                this::start),
            route("/stop", "Ends the recording.", request -> stop()),
            route("/state", "What is recorded, as a JSON object.", request -> state()),
            route(
                "/statistics",
                "What the heap consists of, as a JSON object.",
                request -> statistics()),
            route(
                "/download/raw",
                "The recording, for `jfr` and Mission Control; `id=N`.",
                request -> download(request, Kept.RAW)),
            route(
                "/download/text",
                "The stacks that allocated most, with bytes; `id=N`.",
                request -> download(request, Kept.TEXT)),
            route(
                "/download/graph",
                "The stacks as a flame graph; `id=N`.",
                request -> download(request, Kept.GRAPH))),
        true,
        () -> background.call(this::close));
  }

  private interface Handler {
    Response answer(Request request) throws IOException;
  }

  private BoundRoute route(String path, String help, Handler handler) {
    return BoundRoute.of(
        Route.at(path).realm(Realms.READ_WRITE).help(help),
        request -> background.call(() -> locked(handler, request)));
  }

  synchronized Response locked(Handler handler, Request request) throws IOException {
    return handler.answer(request);
  }

  /* ---------------- Runs ---------------- */

  private Response start(Request request) {
    Duration duration;
    try {
      duration = request.query("duration").map(Durations::parse).orElse(USUAL);
    } catch (IllegalArgumentException e) {
      return Response.badRequest("Could not parse parameter 'duration': " + e.getMessage() + ".\n");
    }
    if (duration.compareTo(LEAST) < 0 || duration.compareTo(MOST) > 0) {
      String given = request.query("duration").orElseThrow();
      return Response.badRequest("Duration '" + given + "' must be between 1secs and 1days.\n");
    }
    if (recorder.isEmpty()) {
      return Response.badRequest(NOT_DETECTED);
    }
    String message = "Heap profiling is already active.";
    if (running == null) {
      try {
        running = recorder.get().start(Recorder.Kind.ALLOCATIONS);
      } catch (Exception e) {
        return Response.badRequest("Could not start heap profiling: " + Reason.of(e) + ".\n");
      }
      current = Math.max(current + 1, clock.now().getEpochSecond());
      end = timer(duration);
      message = "Successfully started new heap profiling run.";
    }
    JsonWriter json = new JsonWriter().beginObject().name("id").value(current);
    json.name("message").value(message + " After the remaining time it stops by itself.");
    json.name("remaining_seconds").value(Long.toString(remaining()));
    return Response.json(json.endObject().text());
  }

  private Timer timer(Duration duration) {
    long id = current;
    return clock.timer(duration, () -> background.call(() -> timeIsUp(id)));
  }

  private synchronized Void timeIsUp(long id) {
    if (running != null && current == id) {
      try {
        finish();
      } catch (IOException e) {
        end = timer(RETRY);
      }
    }
    return null;
  }

  private long remaining() {
    return running == null ? 0 : end.remaining().toSeconds();
  }

  /** Ends the run in progress and writes its recording. */
  private void finish() throws IOException {
    Path file = file(Kept.RAW);
    Recorder.Run ending = running;
    ending.endInto(file);
    running = null;
    end.cancel();
    generated = current;
  }

  private Response stop() {
    if (recorder.isEmpty()) {
      return Response.badRequest(NOT_DETECTED);
    }
    if (running != null) {
      try {
        finish();
      } catch (IOException e) {
        return Response.badRequest("Could not write the profile: " + Reason.of(e) + ".\n");
      }
    }
    if (generated == 0) {
      return Response.badRequest(NOT_GENERATED + ".\n");
    }
    String id = Long.toString(generated);
    String path = "/memory-profiler/download/";
    JsonWriter json = new JsonWriter().beginObject().name("id").value(id);
    json.name("message").value("Successfully stopped memory profiling run.");
    json.name("url_graph_profile").value(path + "graph?id=" + id);
    json.name("url_raw_profile").value(path + "raw?id=" + id);
    json.name("url_symbolized_profile").value(path + "text?id=" + id);
    return Response.json(json.endObject().text());
  }

  private synchronized Void close() {
    if (running != null) {
      running.drop();
      running = null;
      end.cancel();
    }
    return null;
  }

  /* ---------------- Files ---------------- */

  private enum Kept {
    RAW("profile.jfr"),
    TEXT("symbolized-profile.dump"),
    GRAPH("profile.svg");

    private final String file;

    Kept(String file) {
      this.file = file;
    }
  }

  private Path file(Kept form) throws IOException {
    if (directory == null) {
      directory = Files.createTempDirectory("libprocess.");
    }
    return directory.resolve(form.file);
  }

  private Response download(Request request, Kept form) throws IOException {
    OptionalLong id;
    try {
      id =
          request
              .query("id")
              .map(n -> OptionalLong.of(Long.parseLong(n)))
              .orElse(OptionalLong.empty());
    } catch (NumberFormatException e) {
      return Response.badRequest(
          "Invalid parameter 'id': Failed to convert '"
              + request.query("id").orElseThrow()
              + "' to number.\n");
    }
    if (id.isEmpty() && running != null) {
      return Response.badRequest(
          "A profiling run is in progress: name the id of the run whose profile is wanted.\n");
    }
    if (generated == 0) {
      String what = form == Kept.RAW ? "Cannot access raw profile: " : "No source profile exists: ";
      return Response.badRequest(what + NOT_GENERATED + ".\n");
    }
    if (id.isPresent() && id.getAsLong() != generated) {
      return Response.badRequest("Cannot serve requested id #" + id.getAsLong() + ".\n");
    }
    try {
      generate(form);
    } catch (IOException e) {
      return Response.badRequest("Cannot generate file: " + Reason.of(e) + ".\n");
    }
    Path file = file(form);
    if (!Files.exists(file)) {
      return Response.badRequest("Requested file was deleted from local disk.\n");
    }
    return Response.file(file)
        .withHeader("Content-Type", "application/octet-stream")
        .withHeader("Content-Disposition", "attachment; filename=" + file);
  }

  /** Makes a file from the raw one, unless it has been made. */
  private void generate(Kept form) throws IOException {
    if (form == Kept.RAW || (form == Kept.TEXT ? text : graph) == generated) {
      return;
    }
    Map<String, Long> stacks =
        recorder.orElseThrow().stacks(file(Kept.RAW), Recorder.Kind.ALLOCATIONS);
    if (form == Kept.TEXT) {
      HeapProfile.writeText(stacks, file(form));
      text = generated;
    } else {
      HeapProfile.writeGraph(stacks, file(form));
      graph = generated;
    }
  }

  /* ---------------- State ---------------- */

  private Response statistics() {
    if (recorder.isEmpty()) {
      return Response.badRequest(NOT_DETECTED);
    }
    Runtime jvm = Runtime.getRuntime();
    JsonWriter json = new JsonWriter().beginObject();
    json.name("heap_committed_bytes").value(jvm.totalMemory());
    json.name("heap_max_bytes").value(jvm.maxMemory());
    json.name("heap_used_bytes").value(jvm.totalMemory() - jvm.freeMemory());
    return Response.ok(json.endObject().text(), "application/json; charset=utf-8");
  }

  private Response state() {
    JsonWriter json = new JsonWriter().beginObject().name("memory_profiler").beginObject();
    json.name("current_run").beginObject();
    if (current == 0) {
      json.name("id").any(null);
    } else {
      json.name("id").value(current).name("remaining_seconds").value((double) remaining());
    }
    json.endObject();
    json.name("jemalloc_detected").value(false);
    json.name("jfr_detected").value(recorder.isPresent());
    json.name("tmp_dir").value(directory == null ? NOT_GENERATED : directory.toString());
    return Response.json(json.endObject().endObject().text());
  }
}

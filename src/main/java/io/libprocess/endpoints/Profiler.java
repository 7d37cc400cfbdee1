package io.libprocess.endpoints;

import io.libprocess.future.Future;
import io.libprocess.http.Response;
import io.libprocess.http.Route;
import io.libprocess.internal.Reason;
import io.libprocess.settings.Variables;
import io.libprocess.stream.Chunk;
import io.libprocess.web.BoundRoute;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * The endpoints {@code /profiler/start} and {@code /profiler/stop}: record where processor time is
 * spent with the JDK's flight recorder, which replaces perftools. The answers are those of
 * libprocess, "disabled" if the JVM has no flight recorder; only the format of the file differs,
 * and no file stays in the working directory. All methods may be called from any thread.
 */
public final class Profiler {

  /** The variable that must be {@code 1} for the profiler to start; read at each request. */
  static final String VARIABLE = "LIBPROCESS_ENABLE_PROFILER";

  private static final String START_HELP =
      """
      Begins to record where processor time is spent.

      Needs `LIBPROCESS_ENABLE_PROFILER=1` in the environment of the node, and the module jdk.jfr.
      """;

  private static final String STOP_HELP =
      """
      Ends the recording that was started, and answers with it.

      The file is a recording of the JDK's flight recorder: `jfr print` and JDK Mission Control \
      read it.
      """;

  private static final String DISABLED =
      "Perftools is disabled. To enable perftools, configure libprocess with --enable-perftools.\n";

  private static final String NOT_ENABLED =
      "The profiler is not enabled. To enable the profiler, libprocess must be started with"
          + " LIBPROCESS_ENABLE_PROFILER=1 in the environment.\n";

  private final Optional<Recorder> recorder;
  private final Supplier<Variables> variables;
  private final Background background;

  private Recorder.Run running; // Guarded by this, which blocks: for the background only.

  /**
   * Makes the profiler of this JVM.
   *
   * @param blocking runs slow work
   */
  public Profiler(Executor blocking) {
    this(Recorder.ofJvm(), Variables::ofJvm, blocking);
  }

  Profiler(Optional<Recorder> recorder, Supplier<Variables> variables, Executor blocking) {
    this.recorder = recorder;
    this.variables = variables;
    background = new Background(blocking);
  }

  /** The endpoint with {@code /profiler/start} and {@code /profiler/stop}. */
  public Endpoint endpoint() {
    return new Endpoint(
        "profiler",
        List.of(
            BoundRoute.of(
                Route.at("/start").realm(Realms.READ_WRITE).help(START_HELP),
                request -> background.call(this::start)),
            BoundRoute.of(
                Route.at("/stop").realm(Realms.READ_WRITE).help(STOP_HELP),
                request -> background.call(this::stop))),
        true,
        () -> close());
  }

  synchronized Response start() {
    if (recorder.isEmpty()) {
      return Response.badRequest(DISABLED);
    }
    if (variables.get().value(VARIABLE).filter("1"::equals).isEmpty()) {
      return Response.badRequest(NOT_ENABLED);
    }
    if (running != null) {
      return Response.badRequest("Profiler already started.\n");
    }
    try {
      running = recorder.get().start(Recorder.Kind.CPU);
    } catch (Exception e) {
      return Response.of(500, "Failed to start profiler: " + Reason.of(e));
    }
    return Response.ok("Profiler started.\n");
  }

  synchronized Response stop() throws IOException {
    if (recorder.isEmpty()) {
      return Response.badRequest(DISABLED);
    }
    if (running == null) {
      return Response.badRequest("Profiler not running.\n");
    }
    Path file = Files.createTempFile("libprocess-profile", ".jfr");
    try {
      running.endInto(file);
      running = null;
      return Response.ok(Chunk.of(Files.readAllBytes(file)), "application/octet-stream")
          .withHeader("Content-Disposition", "attachment; filename=profile.jfr");
    } finally {
      Files.deleteIfExists(file);
    }
  }

  /** Ends the current recording, on a thread that may block. */
  private Future<Void> close() {
    return background.call(
        () -> {
          drop();
          return null;
        });
  }

  private synchronized void drop() {
    if (running != null) {
      running.drop();
      running = null;
    }
  }
}

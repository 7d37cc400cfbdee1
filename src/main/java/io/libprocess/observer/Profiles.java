package io.libprocess.observer;

import io.libprocess.endpoints.Background;
import io.libprocess.endpoints.Recorder;
import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.internal.json.JsonWriter;
import io.libprocess.stream.Chunk;
import io.libprocess.time.Clock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Takes profiles that last some seconds: the stacks for the page, and the recording for other
 * tools. There is one at a time, and the last one is kept. All methods may be called from any
 * thread.
 */
final class Profiles implements AutoCloseable {

  private static final int LONGEST_SECONDS = 300;
  private static final int DEFAULT_SECONDS = 10;

  /** Rare stacks are left out if there are more. */
  private static final int MOST_STACKS = 20_000;

  private final Optional<Recorder> recorder;
  private final Clock clock;
  private final Background background;

  // Guarded by the monitor of this.
  private boolean isRunning;
  private boolean isClosed;
  private Recorder.Run run; // Null while nothing is recorded.
  private Chunk recording = Chunk.empty(); // The last one.

  Profiles(Clock clock, Background background) {
    this(Recorder.ofJvm(), clock, background);
  }

  Profiles(Optional<Recorder> recorder, Clock clock, Background background) {
    this.recorder = recorder;
    this.clock = clock;
    this.background = background;
  }

  /** Records for some {@code seconds} a profile of a {@code kind}, and answers with the stacks. */
  Future<Response> record(Request request) {
    if (recorder.isEmpty()) {
      return Future.of(
          Response.notImplemented("This JVM has no module jdk.jfr, which makes profiles.\n"));
    }
    int seconds;
    try {
      seconds = request.query("seconds").map(Integer::parseInt).orElse(DEFAULT_SECONDS);
    } catch (NumberFormatException e) {
      seconds = 0;
    }
    if (seconds < 1 || seconds > LONGEST_SECONDS) {
      return Future.of(
          Response.badRequest("'seconds' must be a number from 1 to " + LONGEST_SECONDS + ".\n"));
    }
    synchronized (this) {
      if (isRunning || isClosed) {
        return Future.of(Response.conflict("A profile is already being taken.\n"));
      }
      isRunning = true;
    }
    Recorder.Kind kind =
        request.query("kind").filter("allocations"::equals).isPresent()
            ? Recorder.Kind.ALLOCATIONS
            : Recorder.Kind.CPU;
    Duration duration = Duration.ofSeconds(seconds);
    return background
        .call(() -> begin(kind))
        .then(begun -> pause(duration))
        .then(over -> background.call(() -> end(kind)))
        .onAny(done -> over());
  }

  private Future<Void> pause(Duration duration) {
    Promise<Void> over = new Promise<>();
    clock.timer(duration, () -> over.set(null));
    return over.future();
  }

  private Void begin(Recorder.Kind kind) throws Exception {
    Recorder.Run begun = recorder.orElseThrow().start(kind);
    synchronized (this) {
      if (!isClosed) {
        run = begun;
        return null;
      }
    }
    begun.drop();
    throw new IllegalStateException("the node is closed");
  }

  private synchronized Recorder.Run takeRun() {
    Recorder.Run taken = run;
    run = null;
    return taken;
  }

  private Response end(Recorder.Kind kind) throws IOException {
    Recorder.Run ended = takeRun();
    if (ended == null) {
      throw new IllegalStateException("the node is closed");
    }
    Path file = Files.createTempFile("libprocess-observer", ".jfr");
    try {
      ended.endInto(file);
      Map<String, Long> stacks = recorder.orElseThrow().stacks(file, kind);
      Chunk bytes = Chunk.of(Files.readAllBytes(file));
      synchronized (this) {
        recording = bytes;
      }
      return Response.json(json(stacks)).withHeader("Cache-Control", "no-store");
    } finally {
      Files.deleteIfExists(file);
    }
  }

  private static String json(Map<String, Long> stacks) {
    JsonWriter json = new JsonWriter().beginObject().name("stacks").beginArray();
    stacks.entrySet().stream()
        .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
        .limit(MOST_STACKS)
        .forEach(
            stack ->
                json.beginArray().value(stack.getKey()).value((long) stack.getValue()).endArray());
    return json.endArray().endObject().text();
  }

  private void over() {
    Recorder.Run left = takeRun();
    if (left != null) {
      left.drop();
    }
    synchronized (this) {
      isRunning = false;
    }
  }

  /** Answers with the last recording. */
  Future<Response> recording(Request request) {
    Chunk last;
    synchronized (this) {
      last = recording;
    }
    return Future.of(
        last.isEmpty()
            ? Response.notFound("No profile has been taken.\n")
            : Response.ok(last, "application/octet-stream")
                .withHeader("Content-Disposition", "attachment; filename=profile.jfr"));
  }

  @Override
  public void close() {
    Recorder.Run left;
    synchronized (this) {
      isClosed = true;
      recording = Chunk.empty();
      left = run;
      run = null;
    }
    if (left != null) {
      background.call(
          () -> {
            left.drop();
            return null;
          });
    }
  }
}

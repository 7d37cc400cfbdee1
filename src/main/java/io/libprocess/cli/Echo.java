package io.libprocess.cli;

import static io.libprocess.Async.async;

import io.libprocess.Exit;
import io.libprocess.Process;
import io.libprocess.UPID;
import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.http.Route;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.Pipe;
import java.time.Duration;
import java.util.Locale;

/** The demonstration process that answers with its input, in several ways. */
final class Echo extends Process<Echo> {

  private static final String TYPE = "application/octet-stream";

  private record Counts(int pings, int exited) {}

  private int pings;
  private int exited;

  Echo() {
    super("echo");
  }

  @Override
  protected void initialize() {
    install("ping", this::ping);
    install("linkme", (from, body) -> linkBack(from));
    route(Route.at("/").streaming().help("Answers with the body of a POST."), this::echo);
    route("/status", "How many pings were answered and exits seen.", request -> status());
    route("/upper", "Answers with the text in capitals.", this::upper);
    route("/slow", "Answers after `ms` milliseconds, with a timer.", this::slow);
    route("/blocking", "Answers after `ms` milliseconds, with a blocked thread.", this::blocking);
    route("/stream", "Answers with `chunks` chunks.", this::stream);
  }

  @Override
  protected void exited(UPID pid, Exit exit) {
    exited++;
  }

  private void ping(UPID from, byte[] body) {
    pings++;
    send(from, "pong", body);
  }

  private void linkBack(UPID from) {
    link(from);
    send(from, "linked");
  }

  private Future<Response> echo(Request request) {
    if (!request.method().equals("POST")) {
      return Future.of(Response.methodNotAllowed("POST"));
    }
    return Future.of(Response.ok().withHeader("Content-Type", TYPE).withBody(request.body()));
  }

  private Future<Response> status() {
    return Future.of(Response.json(new Counts(pings, exited)));
  }

  private Future<Response> upper(Request request) {
    return Future.of(Response.ok(request.text().toUpperCase(Locale.ROOT)));
  }

  private Future<Response> slow(Request request) {
    return Parameters.number(
        request,
        "ms",
        ms -> {
          Promise<Response> answer = new Promise<>();
          delay(Duration.ofMillis(ms), self -> answer.set(Response.ok("after " + ms + " ms\n")));
          return answer.future();
        });
  }

  private Future<Response> blocking(Request request) {
    return Parameters.number(request, "ms", ms -> async(() -> BlockingCall.answerAfter(ms)));
  }

  private Future<Response> stream(Request request) {
    return Parameters.number(
        request,
        "chunks",
        chunks -> {
          Pipe<Chunk> pipe = Pipe.bytes();
          write(pipe.writer(), 0, chunks)
              .onFailed(failure -> pipe.writer().fail(failure))
              .onReady(done -> pipe.writer().close());
          return Future.of(Response.stream(pipe.reader(), "text/plain; charset=utf-8"));
        });
  }

  /** Writes the chunks from {@code next} on, each when there is room after the one before. */
  private static Future<Boolean> write(Pipe.Writer<Chunk> writer, int next, int end) {
    if (next == end) {
      return Future.of(true);
    }
    return writer
        .write(Chunk.utf8("chunk " + next + "\n"))
        .then(open -> open ? write(writer, next + 1, end) : Future.of(false));
  }
}

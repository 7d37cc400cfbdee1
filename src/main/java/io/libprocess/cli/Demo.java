package io.libprocess.cli;

import io.libprocess.Process;
import io.libprocess.future.Future;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.Pipe;
import java.time.Duration;

/** The demonstration process for load tools and conformance suites. It is the node's delegate. */
final class Demo extends Process<Demo> {

  static final String ID = "demo";

  private static final Duration PIECE_INTERVAL = Duration.ofMillis(20);
  private static final int PIECES = 10;
  private static final Response PLAINTEXT = Response.ok("Hello, World!");
  private static final Response JSON = Response.json(json(1024));

  Demo() {
    super(ID);
  }

  @Override
  protected void initialize() {
    route("/", "13 bytes of text.", Demo::plaintext);
    route("/plaintext", "13 bytes of text.", Demo::plaintext);
    route("/json", "A JSON object of 1,024 bytes.", request -> Future.of(JSON));
    route("/header", "The value of the request's X-Probe.", Demo::header);
    route("/stream", "Ten lines, one every 20 ms.", request -> stream());
    route("/status", "`/status/NNN` answers with that status.", Demo::status);
  }

  private static Future<Response> plaintext(Request request) {
    return switch (request.method()) {
      case "GET", "HEAD" -> Future.of(PLAINTEXT);
      default -> Future.of(Response.methodNotAllowed("GET", "HEAD"));
    };
  }

  /** A JSON object of exactly {@code length} bytes. */
  private static String json(int length) {
    String start = "{\"message\":\"";
    String end = "\"}";
    return start + "x".repeat(length - start.length() - end.length()) + end;
  }

  private static Future<Response> header(Request request) {
    return Future.of(Response.ok(request.headers().joined("X-Probe").orElse("")));
  }

  private Future<Response> stream() {
    Pipe<Chunk> pipe = Pipe.bytes();
    writePiece(pipe.writer(), 0);
    return Future.of(Response.stream(pipe.reader(), "text/plain; charset=utf-8"));
  }

  private void writePiece(Pipe.Writer<Chunk> writer, int number) {
    if (number == PIECES) {
      writer.close();
      return;
    }
    writer
        .write(Chunk.utf8("piece " + number + "\n"))
        .onReady(
            open -> {
              if (open) {
                delay(PIECE_INTERVAL, self -> writePiece(writer, number + 1));
              }
            });
  }

  private static Future<Response> status(Request request) {
    String path = request.path();
    String text = path.substring(path.lastIndexOf('/') + 1);
    if (!text.matches("[2-9]\\d\\d")) {
      return Future.of(Response.of(400, "Not a status from 200 to 999: '" + text + "'\n"));
    }
    return Future.of(Response.of(Integer.parseInt(text)));
  }
}

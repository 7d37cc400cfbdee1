package io.libprocess;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Failure;
import io.libprocess.future.Future;
import io.libprocess.http.Body;
import io.libprocess.http.Limits;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.http.Status;
import io.libprocess.http.StatusException;
import io.libprocess.http.Url;
import io.libprocess.node.Router;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.Pipe;
import io.libprocess.support.Expect;
import io.libprocess.support.LogCapture;
import java.util.List;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The client's answer for a handler's failure, and the log's. */
@Timeout(60)
class HandlerFailureTest {

  private static final int MOST = 1000;

  private final Node node =
      Node.start(Config.builder().httpLimits(Limits.builder().body(MOST).build()).build());

  @AfterEach
  void close() {
    node.close();
  }

  private Response get(String target) throws Exception {
    return Expect.ready(node.http().get(Url.of(node.address()).withTarget(target)));
  }

  private static int recurse(int depth) {
    return depth < 0 ? 0 : 1 + recurse(depth + 1);
  }

  @Test
  void failure_isToldByItsNumber_underWhichTheLogHasIt() throws Exception {
    node.spawn(
        new Plain(
            "p",
            p -> {
              p.route(
                  "/throws",
                  "",
                  request -> {
                    throw new IllegalStateException("jdbc:secret@db");
                  });
              p.route(
                  "/fails",
                  "",
                  request -> Future.failed(new Failure("of /etc/secret", new Exception("secret"))));
              p.route("/overflows", "", request -> Future.of(Response.ok("" + recurse(0))));
              p.route("/ok", "", request -> Future.of(Response.ok("ok")));
            }));
    for (String route : List.of("/throws", "/fails", "/overflows")) {
      try (LogCapture log = new LogCapture()) {
        Response answer = get("/p" + route);
        assertEquals(500, answer.status().code());
        String text = answer.text();
        assertTrue(
            text.matches("500 Internal Server Error\\. See the log for failure \\w+-\\d+\\."),
            text);
        assertFalse(text.contains("secret"), text);
        String id = text.replaceAll(".*failure |\\.$", "");
        LogRecord record = log.await("The handler of GET /p" + route + " failed (failure " + id);
        assertTrue(record.getThrown() != null);
      }
      assertEquals("ok", get("/p/ok").text());
    }
  }

  @Test
  void failure_thatTheHandlerHasMade_isToldAsItIs() throws Exception {
    node.spawn(
        new Plain(
            "p",
            p -> {
              p.route("/failure", "", request -> Future.failed("out of ink"));
              p.route(
                  "/status",
                  "",
                  request -> {
                    throw new StatusException(Status.of(418), "short and stout");
                  });
            }));
    try (LogCapture log = new LogCapture()) {
      Response failure = get("/p/failure");
      assertEquals("500 out of ink", failure.status().code() + " " + failure.text());
      assertEquals("short and stout", get("/p/status").text());
      log.await("The handler of GET /p/failure failed");
    }
  }

  /** Whether a body comes with the head or after it is a matter of chance on the way. */
  @Test
  void bodyLimit_isTheSame_howeverTheBodyArrives() throws Exception {
    node.spawn(
        new Plain(
            "p",
            p -> p.route("/", "", request -> Future.of(Response.ok("" + request.bytes().size())))));
    Router router = node.router();
    for (int size : new int[] {MOST, MOST + 1}) {
      byte[] content = new byte[size];
      Pipe<Chunk> pipe = Pipe.bytes();
      pipe.writer().write(Chunk.of(content));
      pipe.writer().close();
      for (Body body : List.of(Body.of(Chunk.of(content)), Body.of(pipe.reader()))) {
        Future<Response> answer = router.handle(Request.post("/p", body));
        if (size <= MOST) {
          assertEquals("" + size, Expect.ready(answer).text());
        } else {
          StatusException refused = (StatusException) Expect.failure(answer);
          assertEquals(
              "413 Content Too Large: The body has more than 1000 bytes.", refused.toString());
        }
      }
    }
  }
}

package io.libprocess.http.client;

import static io.libprocess.http.server.Http2Wire.END_HEADERS;
import static io.libprocess.http.server.Http2Wire.END_STREAM;
import static io.libprocess.http.server.Http2Wire.data;
import static io.libprocess.http.server.Http2Wire.goAway;
import static io.libprocess.http.server.Http2Wire.headers;
import static io.libprocess.http.server.Http2Wire.ping;
import static io.libprocess.http.server.Http2Wire.reset;
import static io.libprocess.http.server.Http2Wire.windowUpdate;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.http.Body;
import io.libprocess.http.Request;
import io.libprocess.stream.Chunk;
import io.libprocess.support.Counts;
import io.libprocess.support.LogCapture;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the metrics of a client tell of its connections. */
class Http2ClientCountsTest {

  private static final int REFUSED_STREAM = 7;
  private static final int CANCEL = 8;

  private final Http2ClientFixture server = new Http2ClientFixture(false);

  @AfterEach
  void close() {
    server.close();
  }

  private Map<String, Long> counts() {
    return Counts.of(server.counts);
  }

  private void assertCount(long expected, String name) {
    String whole = "http2_client_" + name;
    assertEquals(expected, counts().get(whole), () -> whole + " in " + counts());
  }

  @Test
  void connectionsRequestsAndResets_areCounted() {
    server.open();
    server.get();
    server.get();
    server.get().discard();
    server.receive(reset(1, CANCEL), reset(3, REFUSED_STREAM));

    assertCount(1, "connections");
    assertCount(3, "streams");
    assertCount(1, "refused");
    assertCount(1, "resets{by=\"client\",code=\"CANCEL\"}");
    assertCount(1, "resets{by=\"server\",code=\"CANCEL\"}");
    assertCount(1, "resets{by=\"server\",code=\"REFUSED_STREAM\"}");
  }

  @Test
  void ends_areCountedOnceForEachSide() {
    server.open();
    server.get();
    server.get();
    server.receive(goAway(Integer.MAX_VALUE, 0), goAway(1, 0));
    assertCount(1, "ends{by=\"server\",code=\"NO_ERROR\"}");
    assertCount(1, "refused");
    assertCount(1, "connections");

    server.receive(headers(1, END_HEADERS | END_STREAM, ":status", "200"));
    assertCount(1, "ends{by=\"client\",code=\"NO_ERROR\"}");
    assertCount(0, "connections");
  }

  @Test
  void timeWithShutWindows_isCounted() {
    server.open();
    server.send(Request.of("POST", "/").withBody(Body.of(Chunk.of(new byte[100_000]))));
    server.clock.advance(Duration.ofSeconds(3));
    server.receive(windowUpdate(0, 100_000));

    assertCount(3, "shut_seconds{window=\"connection\"}");
  }

  @Test
  void timeWithTheShutWindowOfAStream_endsWithTheStream() {
    server.open(4, 0);
    server.send(Request.post("/", Body.of("hello")));
    server.send(Request.post("/", Body.of("hello")));
    server.clock.advance(Duration.ofSeconds(2));
    server.receive(reset(1, CANCEL));
    assertCount(2, "shut_seconds{window=\"stream\"}");
    server.clock.advance(Duration.ofSeconds(3));
    server.channel.reset();
    assertCount(7, "shut_seconds{window=\"stream\"}");
  }

  @Test
  void limitsThatAreExceeded_areCountedAndLogged() {
    try (LogCapture log = new LogCapture()) {
      server.open();
      server.get();
      server.receive(headers(1, END_HEADERS, ":status", "200"));
      for (int i = 0; i < 11; i++) {
        server.receive(data(1, 0, ""));
      }

      assertCount(1, "limits{limit=\"empty_data\"}");
      assertCount(1, "ends{by=\"client\",code=\"ENHANCE_YOUR_CALM\"}");
      assertCount(0, "ends{by=\"client\",code=\"NO_ERROR\"}");
      String line = "more than 10 empty frames of DATA in a row (limit empty_data)";
      assertEquals(1, log.count(text -> text.endsWith(line)));
    }
  }

  @Test
  void serverThatTakesNoControlFrames_isCounted() {
    server.open();
    server.channel.becomeSlow();
    for (int i = 0; i <= 1001; i++) {
      server.receive(ping(0, "abcdefgh"));
    }

    assertTrue(server.channel.isClosed());
    assertCount(1, "limits{limit=\"control_frames\"}");
    assertCount(0, "connections");
  }
}

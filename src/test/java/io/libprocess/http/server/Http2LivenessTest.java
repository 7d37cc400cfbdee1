package io.libprocess.http.server;

import static io.libprocess.http.server.Http2Wire.ACK;
import static io.libprocess.http.server.Http2Wire.END_STREAM;
import static io.libprocess.http.server.Http2Wire.PING;
import static io.libprocess.http.server.Http2Wire.data;
import static io.libprocess.http.server.Http2Wire.frame;
import static io.libprocess.http.server.Http2Wire.get;
import static io.libprocess.http.server.Http2Wire.ping;
import static io.libprocess.http.server.Http2Wire.post;
import static io.libprocess.http.server.Http2Wire.reset;
import static io.libprocess.http.server.Http2Wire.settings;
import static io.libprocess.http.server.Http2Wire.settingsAck;
import static io.libprocess.http.server.Http2Wire.windowUpdate;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.http.Limits;
import io.libprocess.http.Response;
import io.libprocess.stream.Chunk;
import io.libprocess.support.Counts;
import io.libprocess.support.LogCapture;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Clients that fall silent, connections that grow old, and what is counted. */
class Http2LivenessTest {

  private static final String ALIVE = "PING \0\0\0alive";
  private static final String LEAVE = "PING \0\0\0leave";
  private static final Duration SILENCE = Duration.ofSeconds(20);

  private Http2Fixture client = new Http2Fixture(false);

  @AfterEach
  void close() {
    client.close();
  }

  private void open(UnaryOperator<Limits.Http2> change) {
    client.close();
    client =
        new Http2Fixture(
            false, Limits.builder().http2(change).idleTime(Duration.ofDays(1)).build(), null);
    client.open();
  }

  private void pass(int seconds) {
    client.server.passTime(Duration.ofSeconds(seconds));
  }

  /* ------ Liveness ------ */

  @Test
  void silentClientWithARequest_isPinged_andAliveIfItAnswers() {
    open(limits -> limits.withPing(SILENCE));
    client.receive(get(1, "/"));
    pass(19);
    client.assertSent();
    pass(5);
    client.assertSent(ALIVE);
    client.receive(frame(PING, ACK, 0, Http2Wire.ascii("\0\0\0alive")));
    pass(19);
    client.assertSent();
    assertFalse(client.channel.isClosed());
    pass(5);
    client.assertSent(ALIVE);
  }

  @Test
  void clientThatDoesNotAnswer_isDead() {
    open(limits -> limits.withPing(SILENCE));
    client.receive(get(1, "/"));
    pass(24);
    client.assertSent(ALIVE);
    pass(10);
    assertFalse(client.channel.isClosed());
    pass(10);
    assertTrue(client.channel.isClosed());
    assertTrue(client.server.call(0).promise().future().hasDiscard());
  }

  @Test
  void anyFrame_isASignOfLife() {
    open(limits -> limits.withPing(SILENCE));
    client.receive(get(1, "/"));
    pass(24);
    client.assertSent(ALIVE);
    client.receive(windowUpdate(0, 1));
    pass(18);
    assertFalse(client.channel.isClosed());
  }

  @Test
  void clientWithoutARequest_isNotPinged_norIsAnyUnlessThatIsSet() {
    open(limits -> limits.withPing(SILENCE));
    pass(60);
    client.assertSent();
    open(limits -> limits);
    client.receive(get(1, "/"));
    pass(600);
    client.assertSent();
  }

  /* ------ Age ------ */

  @Test
  void oldConnection_isEndedAfterItsRequests() {
    open(limits -> limits.withMaxAge(Duration.ofSeconds(100)));
    client.receive(get(1, "/"));
    pass(89);
    client.assertSent();
    pass(25);
    client.assertSent("GOAWAY 2147483647 NO_ERROR", LEAVE, "GOAWAY 1 NO_ERROR");
    assertFalse(client.channel.closesAfterWrites());
    client.server.call(0).answer("x");
    assertEquals(2, client.sent().size());
    assertTrue(client.channel.closesAfterWrites());
  }

  @Test
  void ages_differByUpToATenth() {
    Map<Integer, Integer> ends = new HashMap<>();
    for (int i = 0; i < 30; i++) {
      client.close();
      client =
          new Http2Fixture(
              false,
              Limits.builder()
                  .http2(limits -> limits.withMaxAge(Duration.ofSeconds(100)))
                  .idleTime(Duration.ofDays(1))
                  .build(),
              null);
      client.server.clock.advance(Duration.ofNanos(i * 1_234_567L));
      var later = client.server.connect(); // At another time than the first one.
      later.receiveAlthoughPaused(Http2Wire.join(Http2Wire.PREFACE, settings(), settingsAck()));
      later.takeSent();
      int end = 0;
      while (later.takeSent().isEmpty()) {
        pass(1);
        end++;
      }
      assertTrue(end >= 90 && end <= 114, "ended after " + end);
      ends.merge(end, 1, Integer::sum);
    }
    assertTrue(ends.size() > 5, "all at the same times: " + ends);
  }

  /* ------ Disconnecting ------ */

  @Test
  void disconnect_tellsTheClientOfItsRequests() {
    client.open();
    client.receive(get(1, "/"), get(3, "/"));
    client.server.server.disconnect();
    client.assertSent("RST_STREAM 1 CANCEL", "RST_STREAM 3 CANCEL", "GOAWAY 3 NO_ERROR");
    assertTrue(client.channel.closesAfterWrites());
    assertTrue(client.server.call(1).promise().future().hasDiscard());
  }

  @Test
  void disconnect_doesNotWaitForAClientThatTakesNothing() {
    client.open();
    client.receive(get(1, "/"));
    client.channel.becomeSlow();
    client.receive(ping(0, "abcdefgh"));
    client.server.server.disconnect();
    assertTrue(client.channel.isClosed());
  }

  /* ------ Counts and logs ------ */

  private Map<String, Long> counts() {
    return Counts.of(client.server.server.http2Counts());
  }

  private void assertCount(long expected, String name) {
    assertEquals(expected, counts().get(name), () -> name + " in " + counts());
  }

  @Test
  void connectionsStreamsAndResets_areCounted() {
    client.open();
    client.receive(get(1, "/"), get(3, "/"), reset(1, 8), post(5, "/", "te", "x"));
    assertCount(1, "http2_connections");
    assertCount(2, "http2_streams");
    assertCount(1, "http2_resets{by=\"client\",code=\"CANCEL\"}");
    assertCount(1, "http2_resets{by=\"server\",code=\"PROTOCOL_ERROR\"}");
    client.receive(windowUpdate(0, 0));
    assertCount(1, "http2_ends{by=\"server\",code=\"PROTOCOL_ERROR\"}");
    assertCount(0, "http2_connections");
  }

  @Test
  void refusedRequests_areCounted() {
    open(limits -> limits);
    for (int stream = 1; stream <= 257; stream += 2) {
      client.receive(get(stream, "/"));
    }
    assertCount(1, "http2_refused");
    client.server.server.drain();
    client.receive(ping(ACK, "\0\0\0leave"), get(259, "/"));
    assertCount(2, "http2_refused");
  }

  @Test
  void timeWithShutWindows_isCounted() {
    client.open(4, 10);
    client.receive(get(1, "/"));
    client.server.call(0).promise().set(Response.ok(Chunk.of(new byte[100_000]), "a/b"));
    client.server.clock.advance(Duration.ofMillis(100)); // A small window is not used at once.
    client.server.clock.settle();
    client.server.clock.advance(Duration.ofMillis(3000));
    client.receive(windowUpdate(1, 1_000_000));
    assertCount(3, "http2_shut_seconds{window=\"stream\"}");
    client.server.clock.advance(Duration.ofMillis(2000));
    assertCount(0, "http2_shut_seconds{window=\"connection\"}");
    client.receive(windowUpdate(0, 1_000_000));
    assertCount(2, "http2_shut_seconds{window=\"connection\"}");
    client.server.clock.advance(Duration.ofMillis(2000));
    client.receive(windowUpdate(0, 1));
    assertCount(2, "http2_shut_seconds{window=\"connection\"}");
  }

  @Test
  void limitThatIsExceeded_isCountedAndLoggedOnceAMinute() {
    try (LogCapture log = new LogCapture()) {
      client.open();
      for (int i = 0; i < 3; i++) {
        var attacker = client.server.connect();
        attacker.receiveAlthoughPaused(
            Http2Wire.join(Http2Wire.PREFACE, settings(), get(1, "/"), post(3, "/")));
        for (int frames = 0; frames < 11; frames++) {
          attacker.receiveAlthoughPaused(data(3, 0, ""));
        }
        assertTrue(attacker.closesAfterWrites());
      }
      assertCount(3, "http2_limits{limit=\"empty_data\"}");
      String line = "more than 10 empty frames of DATA in a row (limit empty_data)";
      assertEquals(1, log.count(text -> text.endsWith(line)));

      client.server.clock.advance(Duration.ofSeconds(60));
      var attacker = client.server.connect();
      attacker.receiveAlthoughPaused(Http2Wire.join(Http2Wire.PREFACE, settings(), post(1, "/")));
      for (int frames = 0; frames < 11; frames++) {
        attacker.receiveAlthoughPaused(data(1, 0, ""));
      }
      assertEquals(2, log.count(text -> text.endsWith(line)));
    }
  }

  @Test
  void eachLimit_hasACount() {
    client.open();
    assertEquals(
        List.of(
            "bodies",
            "body_time",
            "continuations",
            "control_frames",
            "empty_data",
            "head_time",
            "header_block",
            "header_list",
            "oddities",
            "output_time",
            "resets",
            "settings",
            "waiting_requests",
            "window_time"),
        counts().keySet().stream()
            .filter(name -> name.startsWith("http2_limits"))
            .map(name -> name.replaceAll(".*=\"(.*)\"}", "$1"))
            .sorted()
            .toList());
    client.receive(post(1, "/"), data(1, END_STREAM, ""));
  }
}

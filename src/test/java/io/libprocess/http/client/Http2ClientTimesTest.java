package io.libprocess.http.client;

import static io.libprocess.http.server.Http2Wire.data;
import static io.libprocess.http.server.Http2Wire.headers;
import static io.libprocess.http.server.Http2Wire.ping;
import static io.libprocess.http.server.Http2Wire.settings;
import static io.libprocess.http.server.Http2Wire.windowUpdate;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.http.Body;
import io.libprocess.http.Limits;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.Pipe;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How long a client of HTTP/2 waits, and for what. */
class Http2ClientTimesTest {

  private static final Limits DEFAULT = Limits.defaults();
  private static final Limits LONG =
      Limits.builder().headTime(Duration.ofHours(1)).bodyTime(Duration.ofHours(1)).build();

  private final List<Http2ClientFixture> made = new ArrayList<>();

  @AfterEach
  void close() {
    made.forEach(Http2ClientFixture::close);
  }

  private Http2ClientFixture server(Limits limits, KeepAlive keepAlive) {
    Http2ClientFixture server = new Http2ClientFixture(false, limits, keepAlive);
    made.add(server);
    return server;
  }

  private Http2ClientFixture server(Limits limits) {
    return server(limits, KeepAlive.DEFAULT);
  }

  private static Request expecting() {
    return Request.post("/", Body.of("hello")).withHeader("Expect", "100-continue");
  }

  private static void pass(Http2ClientFixture server, int seconds) {
    server.passTime(Duration.ofSeconds(seconds));
  }

  /** Time in which the server shows that it is there. */
  private static void passAlive(Http2ClientFixture server, int seconds) {
    for (int i = 0; i < seconds; i += 5) {
      pass(server, 5);
      server.receive(ping(0, "12345678"));
    }
  }

  private static Pipe.Reader<Chunk> reader(Future<Response> response) {
    return ((Body.Streamed) response.get().body()).reader();
  }

  private static void assertLate(String message, Throwable failure) {
    assertEquals(message, failure.getMessage());
    assertInstanceOf(TimeoutException.class, failure);
  }

  /* ------ Streams ------ */

  @Test
  void requestThatBeganLater_isGivenUpLater() {
    Http2ClientFixture server = server(DEFAULT).open();
    Future<Response> first = server.get();
    pass(server, 5);
    Future<Response> second = server.get();
    server.passTime(Duration.ofMillis(4_999));
    assertTrue(first.isPending(), first::toString);
    server.passTime(Duration.ofMillis(1));
    assertLate("The head of the response did not arrive within PT10S", first.failure());
    server.passTime(Duration.ofMillis(4_999));
    assertTrue(second.isPending(), second::toString);
    server.passTime(Duration.ofMillis(1));
    assertLate("The head of the response did not arrive within PT10S", second.failure());
  }

  @Test
  void requestThatTheServerDoesNotTake_isGivenUp() {
    Http2ClientFixture server = server(DEFAULT).open(4, 0);
    Future<Response> response = server.send(Request.post("/", Body.of("hello")));
    passAlive(server, 25);
    assertTrue(response.isPending(), response::toString);
    passAlive(server, 5);
    assertLate("The server took nothing of the request for PT30S", response.failure());
    assertTrue(server.sent().contains("RST_STREAM 1 CANCEL"));
  }

  @Test
  void requestThatTheServerTakesBitByBit_isNotGivenUp() {
    Http2ClientFixture server = server(DEFAULT).open(4, 0);
    Future<Response> response = server.send(Request.post("/", Body.of("hello")));
    for (int i = 0; i < 4; i++) {
      passAlive(server, 25);
      server.receive(windowUpdate(1, 1));
    }
    passAlive(server, 25);
    assertTrue(response.isPending(), response::toString);
  }

  @Test
  void requestOfWhichTheServerOnlySaysThatItWouldTakeMore_isGivenUp() {
    Http2ClientFixture server = server(DEFAULT).open(4, 1 << 20);
    Future<Response> response =
        server.send(Request.post("/", Body.of(Chunk.of(new byte[1 << 20]))));
    passAlive(server, 25);
    server.receive(windowUpdate(1, 1)); // That of the connection stays shut.
    passAlive(server, 5);
    assertLate("The server took nothing of the request for PT30S", response.failure());
  }

  /** That its source was slow before is no fault of the server. */
  @Test
  void timeToTakeAPiece_countsFromWhenItIsThere() {
    Http2ClientFixture server = server(DEFAULT).open(4, 0);
    Pipe<Chunk> pipe = Pipe.unbounded();
    Future<Response> response = server.send(Request.post("/", Body.of(pipe.reader())));
    passAlive(server, 3600);
    pipe.writer().offer(Chunk.utf8("hello"));
    passAlive(server, 25);
    assertTrue(response.isPending(), response::toString);
    passAlive(server, 5);
    assertLate("The server took nothing of the request for PT30S", response.failure());
  }

  @Test
  void requestThatTheConnectionTakesBitByBit_isNotGivenUp() {
    Http2ClientFixture server = server(DEFAULT).open(4, 1 << 20);
    Future<Response> response =
        server.send(Request.post("/", Body.of(Chunk.of(new byte[1 << 20]))));
    for (int i = 0; i < 4; i++) {
      passAlive(server, 25);
      server.receive(windowUpdate(0, 10_000));
    }
    passAlive(server, 25);
    assertTrue(response.isPending(), response::toString);
  }

  @Test
  void timeForTheHead_isNotMadeLongerByInterimResponses() {
    Http2ClientFixture server = server(DEFAULT).open();
    Future<Response> response = server.get();
    for (int i = 0; i < 3; i++) {
      pass(server, 3);
      server.receive(headers(1, 0, ":status", "102"));
    }
    assertTrue(response.isPending(), response::toString);
    pass(server, 1);
    assertLate("The head of the response did not arrive within PT10S", response.failure());
  }

  @Test
  void timeToTakeABodyThatTheServerHasAskedFor_countsFromThen() {
    Http2ClientFixture server = server(DEFAULT).open(4, 0);
    Future<Response> response = server.send(expecting());
    server.passTime(Duration.ofMillis(900));
    server.receive(headers(1, 0, ":status", "100"));
    passAlive(server, 25);
    server.passTime(Duration.ofMillis(4_999));
    assertTrue(response.isPending(), response::toString);
    server.passTime(Duration.ofMillis(1));
    assertLate("The server took nothing of the request for PT30S", response.failure());
  }

  @Test
  void timeForTheHead_countsFromTheEndOfTheRequest() {
    Http2ClientFixture server = server(DEFAULT).open();
    Pipe<Chunk> pipe = Pipe.unbounded();
    Future<Response> response = server.send(Request.post("/", Body.of(pipe.reader())));
    passAlive(server, 20);
    pipe.writer().close();
    server.passTime(Duration.ofMillis(9_999));
    assertTrue(response.isPending(), response::toString);
    server.passTime(Duration.ofMillis(1));
    assertLate("The head of the response did not arrive within PT10S", response.failure());
  }

  @Test
  void responseThatStops_isGivenUp() {
    Http2ClientFixture server = server(DEFAULT).open();
    Future<Response> response = server.get();
    passAlive(server, 5);
    server.receive(headers(1, 0, ":status", "200"));
    Pipe.Reader<Chunk> reader = reader(response);
    for (int i = 0; i < 3; i++) {
      passAlive(server, 25);
      server.receive(data(1, 0, "x"));
      assertTrue(reader.read().isReady());
    }
    passAlive(server, 30);
    Throwable failure = reader.read().failure();
    assertEquals("failed to decode body", failure.getMessage());
    assertLate("Nothing of the response's body arrived for PT30S", failure.getCause());
  }

  @Test
  void responseThatIsNotRead_isNoFaultOfTheServer() {
    Http2ClientFixture server = server(DEFAULT).open();
    Future<Response> response = server.get();
    server.receive(headers(1, 0, ":status", "200"));
    for (int i = 0; i < 16; i++) {
      server.receive(data(1, 0, "x".repeat(16_384)));
    }
    passAlive(server, 3600);
    Pipe.Reader<Chunk> reader = reader(response);
    for (int i = 0; i < 16; i++) {
      assertEquals(16_384, reader.read().get().get().size());
    }
    Future<?> more = reader.read();
    passAlive(server, 25);
    assertTrue(more.isPending(), more::toString);
    passAlive(server, 5); // From when its window was opened again.
    assertEquals("failed to decode body", more.failure().getMessage());
    assertEquals(0, server.gone);
  }

  @Test
  void bodyThatTheServerDoesNotAskFor_isSentOnceAfterASecond() {
    Http2ClientFixture server = server(LONG).open();
    server.send(expecting());
    server.sent();
    server.passTime(Duration.ofMillis(999));
    assertEquals(List.of(), server.sent());
    server.passTime(Duration.ofMillis(1));
    assertEquals(List.of("DATA 1 hello END"), server.sent());
    pass(server, 5);
    assertEquals(List.of(), server.sent());
  }

  @Test
  void timeToTakeABody_countsFromWhenItIsSent() {
    Http2ClientFixture server = server(DEFAULT).open(4, 0);
    Future<Response> response = server.send(expecting());
    pass(server, 1);
    passAlive(server, 25);
    pass(server, 4);
    assertTrue(response.isPending(), response::toString);
    pass(server, 1);
    assertLate("The server took nothing of the request for PT30S", response.failure());
  }

  @Test
  void bodyThatTheServerAsksFor_isSentOnce() {
    Http2ClientFixture server = server(LONG).open();
    server.send(expecting());
    server.sent();
    server.receive(headers(1, 0, ":status", "103"));
    assertEquals(List.of(), server.sent());
    server.receive(headers(1, 0, ":status", "100"));
    assertEquals(List.of("DATA 1 hello END"), server.sent());
    server.receive(headers(1, 0, ":status", "100"));
    pass(server, 5);
    assertEquals(List.of(), server.sent());
  }

  /* ------ The connection ------ */

  @Test
  void settings_haveTenSecondsToBeAcknowledgedWhateverElseIsDue() {
    Http2ClientFixture server = server(LONG);
    server.receive(settings());
    server.send(expecting());
    server.sent();
    pass(server, 1);
    assertEquals(List.of("DATA 1 hello END"), server.sent());
    server.passTime(Duration.ofMillis(8_999));
    assertEquals(0, server.gone);
    server.passTime(Duration.ofMillis(1));
    assertEquals(1, server.gone);
  }

  @Test
  void silence_countsFromTheRequestOnAnIdleConnection() {
    Http2ClientFixture server = server(LONG).open();
    pass(server, 20);
    assertTrue(server.get().isPending());
    pass(server, 29);
    assertEquals(List.of(), server.sent());
    pass(server, 1);
    assertEquals(List.of("PING \0\0\0\0\0\0\0\3"), server.sent());
  }

  @Test
  void idleConnection_isAskedForASignOfLifeIfWanted() {
    Http2ClientFixture silent = server(DEFAULT).open();
    pass(silent, 60);
    assertEquals(List.of(), silent.sent());
    KeepAlive always = new KeepAlive(Duration.ofSeconds(20), Duration.ofSeconds(5), true);
    Http2ClientFixture server = server(DEFAULT, always).open();
    pass(server, 20);
    assertEquals(List.of("PING \0\0\0\0\0\0\0\1"), server.sent());
    int changed = server.changed;
    server.receive(ping(1, "\0\0\0\0\0\0\0\1"));
    assertEquals(changed, server.changed);
    pass(server, 20);
    assertEquals(List.of("PING \0\0\0\0\0\0\0\1"), server.sent());
    server.passTime(Duration.ofMillis(4_999));
    assertEquals(0, server.gone);
    server.passTime(Duration.ofMillis(1));
    assertEquals(1, server.gone);
  }

  @Test
  void pingThatIsNotAnswered_isNotSentAgainWhateverElseIsDue() {
    Http2ClientFixture server = server(LONG).open();
    Future<Response> response = server.get();
    pass(server, 30);
    assertEquals(List.of("PING \0\0\0\0\0\0\0\3"), server.sent());
    server.send(expecting());
    server.sent();
    pass(server, 1);
    assertEquals(List.of("DATA 3 hello END"), server.sent());
    pass(server, 13);
    assertEquals(0, server.gone);
    pass(server, 1);
    assertLate("The server did not answer a ping", response.failure());
    assertEquals(1, server.gone);
  }

  /** What has come instead of an answer was a sign of life, but says nothing of what follows. */
  @ParameterizedTest
  @ValueSource(ints = {0, 10})
  void serverThatDiesAfterAnotherSignOfLife_isAskedAgain(int later) {
    Http2ClientFixture server = server(LONG).open();
    Future<Response> response = server.get();
    pass(server, 30);
    assertEquals(List.of("PING \0\0\0\0\0\0\0\3"), server.sent());
    pass(server, later);
    server.receive(windowUpdate(0, 1));
    pass(server, 29);
    assertEquals(0, server.gone);
    assertEquals(List.of(), server.sent());
    pass(server, 1);
    assertEquals(List.of("PING \0\0\0\0\0\0\0\3"), server.sent());
    pass(server, 15);
    assertLate("The server did not answer a ping", response.failure());
    assertEquals(1, server.gone);
  }

  @Test
  void connectionOnWhichTimeWasUp_isUsedAgainWhenItsPingIsAnswered() {
    Http2ClientFixture server = server(DEFAULT).open();
    Future<Response> response = server.get();
    pass(server, 10);
    assertTrue(response.isFailed(), response::toString);
    int changed = server.changed;
    server.receive(ping(1, "12345678"));
    assertFalse(server.connection.tryReserve());
    assertEquals(changed, server.changed);
    server.receive(ping(1, "\0\0\0\0\0\0\0\3"));
    assertEquals(changed + 1, server.changed);
    assertTrue(server.connection.tryReserve());
  }

  @Test
  void requestsThatAreLateTogether_askOnce() {
    Http2ClientFixture server = server(DEFAULT).open();
    server.get();
    server.get();
    pass(server, 10);
    assertEquals(
        List.of("PING \0\0\0\0\0\0\0\5", "RST_STREAM 1 CANCEL", "RST_STREAM 3 CANCEL"),
        server.sent());
    server.get();
    pass(server, 10);
    assertEquals(List.of("RST_STREAM 5 CANCEL"), server.sent());
    assertFalse(server.connection.tryReserve());
    server.receive(ping(1, "\0\0\0\0\0\0\0\5"));
    assertTrue(server.connection.tryReserve());
  }

  @Test
  void requestsThatAreLateWhenSomethingArrives_askOnce() {
    Http2ClientFixture server = server(DEFAULT).open();
    server.get();
    server.get();
    server.clock.advance(Duration.ofSeconds(10));
    server.receive(ping(0, "12345678"));
    server.clock.settle();
    List<String> sent = server.sent();
    assertEquals(1, sent.stream().filter("PING \0\0\0\0\0\0\0\5"::equals).count(), sent::toString);
    assertTrue(sent.contains("RST_STREAM 3 CANCEL"), sent::toString);
  }

  @Test
  void requestThatIsLateOnASilentConnection_asksOnce() {
    Limits limits = Limits.builder().headTime(Duration.ofSeconds(30)).build();
    Http2ClientFixture server = server(limits).open();
    server.get();
    pass(server, 30);
    assertEquals(List.of("PING \0\0\0\0\0\0\0\3", "RST_STREAM 1 CANCEL"), server.sent());
  }

  @Test
  void connectionThatIsIdleForLong_ends() {
    Http2ClientFixture server = server(LONG, KeepAlive.NEVER).open();
    pass(server, 70);
    server.get();
    pass(server, 10);
    server.receive(headers(1, 1, ":status", "200"));
    pass(server, 74);
    assertEquals(0, server.gone);
    pass(server, 1);
    assertEquals(List.of("GOAWAY 0 NO_ERROR"), server.sent());
    assertTrue(server.channel.closesAfterWrites());
    assertEquals(1, server.gone);
  }
}

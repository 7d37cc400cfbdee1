package io.libprocess.http.client;

import static io.libprocess.http.server.Http2Wire.END_STREAM;
import static io.libprocess.http.server.Http2Wire.data;
import static io.libprocess.http.server.Http2Wire.goAway;
import static io.libprocess.http.server.Http2Wire.headers;
import static io.libprocess.http.server.Http2Wire.reset;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.http.Body;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.net.TlsSession;
import io.libprocess.service.FailureFlag;
import io.libprocess.service.FlaggedFailure;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.Pipe;
import io.libprocess.support.LogCapture;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How a client's connection of HTTP/2 ends, and what becomes of its requests. */
class Http2ClientEndsTest {

  private final Http2ClientFixture server = new Http2ClientFixture(false);

  @AfterEach
  void close() {
    server.close();
  }

  private static byte[] ok(int stream, int flags) {
    return headers(stream, flags, ":status", "200");
  }

  /** Whoever sends it again makes a new one. */
  @Test
  void bodyThatWasNotRead_isClosedWithARequestThatIsRefused() {
    server.open();
    Pipe<Chunk> pipe = Pipe.unbounded();
    Request upload = Request.post("/", Body.of(pipe.reader()));
    Future<Response> response = server.send(upload.withHeader("Expect", "100-continue"));
    server.receive(reset(1, 7));
    assertTrue(FlaggedFailure.has(response.failure(), FailureFlag.RETRYABLE));
    assertTrue(pipe.writer().readerClosed().isReady());
  }

  /** So that whoever is told of the end finds a place for the next request. */
  @Test
  void place_isFreeBeforeTheEndOfItsRequestIsKnown() {
    server.open();
    List<Integer> seen = new ArrayList<>();
    server.get().onAny(answered -> seen.add(server.idle));
    server.receive(ok(1, END_STREAM));
    server.get().onAny(wasReset -> seen.add(server.idle));
    server.receive(reset(3, 8));
    ClientExchange impossible = new ClientExchange(Request.get("/").withHeader("Upgrade", "x"));
    impossible.response().onAny(refused -> seen.add(server.idle));
    server.connection.submit(impossible);
    assertEquals(List.of(1, 2, 3), seen);
  }

  @Test
  void requestThatIsToBeTheLast_is() {
    server.open();
    ClientExchange last = new ClientExchange(Request.get("/").withKeepAlive(false));
    server.connection.submit(last);
    server.sent();
    assertTrue(server.connection.isLeaving());
    assertEquals(
        "Cannot send more after 'Connection: close'",
        server.send(Request.get("/")).failure().getMessage());
    assertEquals(0, server.gone);
    server.receive(ok(1, END_STREAM));
    assertTrue(last.response().isReady());
    assertEquals(List.of("GOAWAY 0 NO_ERROR"), server.sent());
    assertEquals(1, server.gone);
  }

  @Test
  void serverWithAWeakCipher_isLeftForHttp1() {
    TlsSession weak =
        new TlsSession(
            "TLSv1.2",
            "TLS_RSA_WITH_AES_128_CBC_SHA",
            Optional.of("h2"),
            Optional.empty(),
            List.of());
    try (Http2ClientFixture secure = new Http2ClientFixture(weak)) {
      assertTrue(secure.atStart.contains("GOAWAY 0 INADEQUATE_SECURITY"), secure.atStart::toString);
      assertEquals(1, secure.gone);
      ClientExchange exchange = new ClientExchange(Request.get("/"));
      secure.connection.submit(exchange);
      assertTrue(exchange.mustUseHttp1());
      assertTrue(exchange.response().isFailed());
    }
  }

  @Test
  void serverWithAStrongCipher_isUsed() {
    TlsSession strong =
        new TlsSession(
            "TLSv1.3", "TLS_AES_128_GCM_SHA256", Optional.of("h2"), Optional.empty(), List.of());
    try (Http2ClientFixture secure = new Http2ClientFixture(strong)) {
      secure.open();
      secure.send(Request.get("/"));
      assertEquals(
          List.of("HEADERS 1 :method=GET :scheme=https :authority=a :path=/ END"), secure.sent());
    }
  }

  @Test
  void workThatThrows_endsTheConnection() throws InterruptedException {
    try (LogCapture log = new LogCapture()) {
      server.open();
      Future<Response> first = server.get();
      Error thrown = new OutOfMemoryError("none left");
      server.channel.breakWrites(thrown);
      Future<Response> second = server.send(Request.get("/"));
      assertSame(thrown, first.failure());
      assertTrue(second.isFailed(), second::toString);
      assertTrue(server.channel.isClosed());
      assertEquals(1, server.gone);
      assertEquals("Disconnected", server.send(Request.get("/")).failure().getMessage());
      log.await("is broken");
    }
  }

  @Test
  void idleConnection_isClosedAtOnceWhenItIsOfNoUse() {
    server.open();
    server.connection.disconnect();
    assertTrue(server.channel.isClosed());
    assertFalse(server.channel.wasReset());
    assertTrue(server.connection.disconnected().isReady());
    assertEquals(1, server.gone);
  }

  @Test
  void smallWindow_isNotWaitedForAfterTheEnd() {
    server.open(4, 3);
    Future<Response> response = server.send(Request.post("/", Body.of("hello")));
    server.channel.reset();
    assertEquals("Disconnected", response.failure().getMessage());
    assertEquals(0, server.clock.timers());
  }

  @Test
  void pushing_maySayThatItIsOff() {
    server.open(2, 0);
    Future<Response> response = server.get();
    server.receive(ok(1, END_STREAM));
    assertTrue(response.isReady());
  }

  @Test
  void requestAfterGoAway_isToldOfIt() {
    server.open();
    server.get();
    int changed = server.changed;
    server.receive(goAway(1, 0));
    assertEquals(List.of("NO_ERROR "), server.told);
    assertEquals(changed + 1, server.changed);
    assertFalse(server.connection.tryReserve());
    assertEquals(
        "The server ends the connection: NO_ERROR",
        server.send(Request.get("/")).failure().getMessage());
  }

  @Test
  void connectionThatBreaks_failsItsRequests() {
    server.open();
    Future<Response> response = server.get();
    server.channel.reset();
    assertEquals("Disconnected", response.failure().getMessage());
    assertEquals("Connection reset by peer", response.failure().getCause().getMessage());
    assertEquals(1, server.gone);
  }

  @Test
  void requestThatWaits_isToldOfTheEndAtOnce() {
    server.open(3, 1);
    Future<Response> first = server.get();
    Future<Response> waits = server.get();
    server.receive(goAway(1, 0));
    assertTrue(first.isPending());
    assertEquals("The server ends the connection: NO_ERROR", waits.failure().getMessage());
    assertTrue(FlaggedFailure.has(waits.failure(), FailureFlag.RETRYABLE));
    assertEquals(1, server.idle);
  }

  @Test
  void requestThatWaits_failsWithTheConnection() {
    server.open(3, 1);
    server.get();
    Future<Response> waits = server.get();
    server.channel.reset();
    assertEquals("Disconnected", waits.failure().getMessage());
    assertTrue(FlaggedFailure.has(waits.failure(), FailureFlag.RETRYABLE));
  }

  @Test
  void requestThatIsGivenUpWhileTheConnectionEnds_isDiscarded() {
    server.open();
    List<Future<Response>> late = new ArrayList<>();
    server
        .get()
        .onFailed(
            failure -> {
              late.add(server.send(Request.get("/")));
              late.get(0).discard();
            });
    server.channel.reset();
    assertTrue(late.get(0).isDiscarded(), late::toString);
  }

  @Test
  void end_isAResetForAServerThatIsAtWork() {
    server.open();
    server.get();
    server.connection.disconnect();
    assertTrue(server.channel.wasReset());
  }

  /** Much may arrive while the connection works, and then pauses the channel. */
  @Test
  void channelThatWasFlooded_goesOn() {
    server.open();
    byte[][] much = new byte[16][];
    Arrays.fill(much, data(3, 0, "x".repeat(16_384)));
    server.get().onReady(response -> server.receive(much));
    Future<Response> other = server.get();
    server.receive(ok(1, END_STREAM), ok(3, 0));
    assertTrue(other.isReady());
    assertFalse(server.channel.isPaused());
  }

  @Test
  void frameThatIsNotComplete_goesWithItsConnection() {
    server.open();
    Future<Response> response = server.get();
    byte[] large = data(1, 0, "x".repeat(10_000));
    server.receive(ok(1, 0), Arrays.copyOf(large, 9_000));
    assertTrue(server.memory.used() >= 8_000, server.memory.used() + " bytes");
    server.channel.reset();
    assertTrue(response.isReady());
    assertEquals(0, server.memory.used());
  }

  @Test
  void framesOnStreamsThatWereReset_mayNotBeManyUnlessTheyCarrySomething() {
    server.open();
    server.get().discard();
    byte[] piece = data(1, 0, "x");
    for (int i = 0; i < 20_000; i++) {
      server.receive(piece);
    }
    assertEquals(0, server.gone);
    Future<Response> other = server.get();
    byte[] control = reset(1, 8);
    for (int i = 0; i < 9_990; i++) {
      server.receive(control);
    }
    assertEquals(0, server.gone);
    for (int i = 0; i < 20 && server.gone == 0; i++) {
      server.receive(control);
    }
    server.assertEnded("ENHANCE_YOUR_CALM", other);
  }
}

package io.libprocess.http.server;

import static io.libprocess.http.server.ServerFixture.last;
import static io.libprocess.http.server.ServerFixture.ok;
import static io.libprocess.http.server.ServerFixture.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.http.Body;
import io.libprocess.http.Headers;
import io.libprocess.http.Limits;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.http.Status;
import io.libprocess.http.StatusException;
import io.libprocess.http.http1.FakeChannel;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.Pipe;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The paths of request bodies to the handler, and their back-pressure. */
class ServerRequestBodyTest {

  private static final String CHUNKED =
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
  private static final String CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n";

  private final ServerFixture fixture = new ServerFixture(Limits.defaults());
  private final FakeChannel channel = fixture.channel;

  @AfterEach
  void close() {
    fixture.close();
  }

  private static String post(long length, String... lines) {
    return "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: "
        + length
        + "\r\n"
        + String.join("", lines)
        + "\r\n";
  }

  private Pipe.Reader<Chunk> reader(int call) {
    return assertInstanceOf(Body.Streamed.class, fixture.call(call).request().body()).reader();
  }

  private static String read(Pipe.Reader<Chunk> reader) {
    return reader.read().get().map(Chunk::utf8).orElse("END");
  }

  private static Status statusOf(Future<?> failed) {
    return assertInstanceOf(StatusException.class, failed.failure()).status();
  }

  /* ------ Whole and streamed ------ */

  @Test
  void body_thatCameWithItsHeadIsBytes() {
    fixture.receive(post(5) + "hello" + CHUNKED + "2\r\nwo\r\n3\r\nrld\r\n0\r\nT: x\r\n\r\n");

    assertEquals("hello", fixture.call(0).request().text());
    assertEquals("world", fixture.call(1).request().text());
    assertEquals(Headers.empty(), fixture.call(0).request().trailers().get());
    assertEquals(Headers.of("T", "x"), fixture.call(1).request().trailers().get());
  }

  @Test
  void body_beyondTheLimitIsAStreamAlsoIfItCameWithItsHead() {
    try (ServerFixture small = new ServerFixture(Limits.builder().body(5).build())) {
      small.receive(post(5) + "hello" + post(6) + "hello!");
      assertEquals("hello", small.call(0).request().text());
      Request larger = small.call(1).request();
      assertInstanceOf(Body.Streamed.class, larger.body());
      assertEquals(Status.CONTENT_TOO_LARGE, statusOf(larger.buffered(5)));
    }
  }

  @Test
  void bodies_thatWaitBehindOneAnotherAreLimitedTogether() {
    try (ServerFixture small = new ServerFixture(Limits.builder().body(10).build())) {
      small.receive((post(5) + "hello").repeat(6));
      assertEquals(3, small.calls.size()); // The limit is exceeded by the third.
      for (int i = 0; i < 6; i++) {
        small.call(i).answer("");
      }
      assertEquals(6, small.calls.size());
    }
  }

  @Test
  void body_thatComesLaterIsAStream() {
    fixture.receive(post(10) + "hello");
    Pipe.Reader<Chunk> reader = reader(0);
    assertEquals("hello", read(reader));
    Future<Optional<Chunk>> rest = reader.read();
    assertTrue(rest.isPending());
    fixture.receive("world");

    assertEquals("world", rest.get().orElseThrow().utf8());
    assertEquals("END", read(reader));
    assertTrue(fixture.call(0).request().trailers().isReady());
  }

  @Test
  void trailers_ofAStreamAreAFutureOfItsOwnForEachWhoAsks() {
    fixture.receive("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
    Future<Headers> mine = fixture.call(0).request().trailers();
    Future<Headers> others = fixture.call(0).request().trailers();
    mine.discard();
    assertTrue(mine.isDiscarded());
    assertFalse(others.hasDiscard());
    fixture.receive("0\r\nT: x\r\n\r\n");
    assertEquals(Headers.of("T", "x"), others.get());
  }

  @Test
  void body_trailersOfAStream() {
    fixture.receive(CHUNKED + "1\r\na\r\n");
    Future<Headers> trailers = fixture.call(0).request().trailers();
    fixture.receive("0\r\nT: x\r\n");
    assertTrue(trailers.isPending());
    fixture.receive("\r\n");

    assertEquals(Headers.of("T", "x"), trailers.get());
  }

  @Test
  void body_inSingleBytes() {
    for (char c : (CHUNKED + "2\r\nwo\r\n3\r\nrld\r\n0\r\n\r\n").toCharArray()) {
      fixture.receive("" + c);
    }

    assertEquals("world", fixture.call(0).request().buffered(5).get().text());
  }

  @Test
  void body_nextRequestFollowsAStream() {
    fixture.receive(post(4) + "ab");
    fixture.receive("cd" + post(2) + "ef");
    assertEquals("abcd", fixture.call(0).request().buffered(4).get().text());
    assertEquals("ef", fixture.call(1).request().text());
    fixture.call(1).answer("two");
    fixture.call(0).answer("one");

    fixture.assertSent(ok("one"), ok("two"));
  }

  @Test
  void body_echoed() {
    try (ServerFixture echo =
        new ServerFixture(
            Limits.defaults(), request -> Future.of(Response.ok().withBody(request.body())))) {
      echo.receive(CHUNKED + "1\r\na\r\n");
      echo.receive("2\r\nbc\r\n");
      echo.receive("0\r\n\r\n");

      echo.assertSent(
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
          "1\r\na\r\n2\r\nbc\r\n0\r\n\r\n");
      assertFalse(echo.channel.closesAfterWrites());
    }
  }

  /* ------ Holding back ------ */

  @Test
  void slowReader_pausesTheChannel() {
    fixture.receive(post(1_000_000) + "a");
    Pipe.Reader<Chunk> reader = reader(0);
    int received = 1;
    while (!channel.isPaused()) {
      fixture.receive("x".repeat(10_000));
      received += 10_000;
      assertTrue(received < 100_000, "not held back");
    }
    assertTrue(received > 60_000, "held back after " + received);

    int got = 0;
    while (got < received) {
      got += reader.read().get().orElseThrow().size();
    }
    assertEquals(received, got);
    assertFalse(channel.isPaused());
    assertTrue(reader.read().isPending());
  }

  @Test
  void slowReader_doesNotHoldBackOtherConnections() {
    fixture.receive(post(1_000_000) + "x".repeat(60_000));
    while (!channel.isPaused()) {
      fixture.receive("x".repeat(10_000));
    }
    FakeChannel other = fixture.connect();
    other.receive("GET /other HTTP/1.1\r\nHost: a\r\n\r\n");

    assertEquals("/other", fixture.call(1).request().path());
    assertFalse(other.isPaused());
  }

  @Test
  void slowReader_thatLeavesLetsTheRestBeDropped() {
    fixture.receive(post(90_000) + "x".repeat(60_000));
    fixture.receive("x".repeat(10_000));
    assertTrue(channel.isPaused());
    reader(0).close();
    assertFalse(channel.isPaused());
    fixture.receive("x".repeat(20_000) + "GET /next HTTP/1.1\r\nHost: a\r\n\r\n");

    assertEquals("/next", fixture.call(1).request().path());
  }

  @Test
  void slowHandler_getsTheRestOfTheLastBodyThatIsTaken() {
    Limits limits = Limits.builder().pipelined(1).build();
    try (ServerFixture few = new ServerFixture(limits)) {
      few.receive(post(10) + "hello");
      assertFalse(few.channel.isPaused());
      few.receive("world" + post(0));
      assertEquals("helloworld", few.call(0).request().buffered(10).get().text());

      assertEquals(1, few.calls.size());
      assertTrue(few.channel.isPaused());
    }
  }

  /* ------ Unread bodies ------ */

  @Test
  void unread_littleIsDropped() {
    fixture.receive(post(50_000) + "x");
    fixture.call(0).answer("done");
    fixture.assertSent(ok("done"));
    fixture.receive("x".repeat(49_999) + "GET /next HTTP/1.1\r\nHost: a\r\n\r\n");
    fixture.call(1).answer("next");

    fixture.assertSent(ok("next"));
  }

  @Test
  void unread_muchThatWasAnnouncedEndsTheConnectionAtOnce() {
    fixture.receive(post(1_000_000) + "x");
    fixture.call(0).answer("done");

    fixture.assertSent(last(200, "done"));
    assertTrue(channel.closesAfterWrites());
  }

  /** Otherwise the client might use the connection again just before it is closed. */
  @Test
  void unread_restOfUnknownLengthEndsTheConnectionAtOnce() {
    fixture.receive(CHUNKED + "1\r\na\r\n");
    fixture.call(0).answer("done");

    fixture.assertSent(last(200, "done"));
    assertTrue(channel.closesAfterWrites());
  }

  @Test
  void unread_becauseTheHandlerFailed() {
    try (ServerFixture failing =
        new ServerFixture(Limits.defaults(), request -> Future.of(Response.of(500, "no")))) {
      failing.receive(post(5));
      failing.receive("helloGET / HTTP/1.1\r\nHost: a\r\n\r\n");

      failing.assertSent(text(500, "no"), text(500, "no"));
    }
  }

  @Test
  void tooLarge_isAnswered413() {
    try (ServerFixture buffering =
        new ServerFixture(
            Limits.defaults(),
            request -> request.buffered(10).map(whole -> Response.ok(whole.text())))) {
      buffering.receive(post(11));
      buffering.assertSent(text(413, "The body has more than 10 bytes."));
      buffering.receive("hello world" + CHUNKED);
      buffering.receive("5\r\nhello\r\n");
      buffering.assertSent("");
      buffering.receive("6\r\nworld!\r\n");
      buffering.assertSent(last(413, "The body has more than 10 bytes."));
    }
  }

  /* ------ Broken bodies ------ */

  @Test
  void malformed_failsTheStreamAndTheHandlersAnswerIsTheLast() {
    fixture.receive(CHUNKED + "1\r\na\r\n");
    Pipe.Reader<Chunk> reader = reader(0);
    read(reader);
    Future<Optional<Chunk>> read = reader.read();
    fixture.receive("x\r\n" + CHUNKED);
    assertEquals(Status.BAD_REQUEST, statusOf(read));
    assertEquals(Status.BAD_REQUEST, statusOf(fixture.call(0).request().trailers()));
    fixture.call(0).promise().fail(read.failure());

    fixture.assertSent(last(400, "Illegal size of a chunk"));
    assertTrue(channel.closesAfterWrites());
    assertEquals(1, fixture.calls.size());
  }

  @Test
  void malformed_afterTheAnswer() {
    fixture.receive(CHUNKED);
    fixture.call(0).answer("early");
    fixture.receive("x\r\n");

    fixture.assertSent(last(200, "early"));
    assertTrue(channel.closesAfterWrites());
  }

  @Test
  void halfClose_insideABody() {
    fixture.receive(post(10) + "hello");
    Future<Request> whole = fixture.call(0).request().buffered(10);
    channel.receiveEnd();
    assertEquals("failed to decode body", whole.failure().getMessage());
    fixture.call(0).promise().fail(whole.failure());

    fixture.assertSent(last(400, "failed to decode body"));
    assertTrue(channel.closesAfterWrites());
  }

  @Test
  void disconnect_insideABody() {
    fixture.receive(post(10) + "hello");
    Future<Request> whole = fixture.call(0).request().buffered(10);
    channel.reset();

    assertEquals("failed to decode body", whole.failure().getMessage());
    assertTrue(fixture.call(0).promise().future().hasDiscard());
  }

  @Test
  void disconnect_whileTheReaderIsBehind() {
    fixture.receive(post(1_000_000) + "x".repeat(60_000));
    fixture.receive("x".repeat(10_000));
    Pipe.Reader<Chunk> reader = reader(0);
    channel.reset();
    read(reader);
    read(reader);

    assertTrue(reader.read().isFailed());
  }

  /* ------ Expect: 100-continue ------ */

  @Test
  void expect_continueIsSentWhenTheBodyIsWanted() {
    fixture.receive(post(5, "Expect: 100-continue\r\n"));
    fixture.assertSent("");
    Future<Request> whole = fixture.call(0).request().buffered(5);
    fixture.assertSent(CONTINUE);
    fixture.receive("hello");
    fixture.call(0).answer(whole.get().text());

    fixture.assertSent(ok("hello"));
    assertFalse(channel.closesAfterWrites());
  }

  @Test
  void expect_continueWaitsForItsTurn() {
    fixture.receive("GET / HTTP/1.1\r\nHost: a\r\n\r\n" + post(5, "Expect: 100-continue\r\n"));
    fixture.call(1).request().buffered(5);
    fixture.assertSent("");
    fixture.call(0).answer("one");

    fixture.assertSent(ok("one"), CONTINUE);
  }

  @Test
  void expect_answeredWithoutTheBody() {
    fixture.receive(post(5, "Expect: 100-continue\r\n"));
    fixture.call(0).answer(Response.forbidden());

    fixture.assertSent(last(403, "403 Forbidden."));
    assertTrue(channel.closesAfterWrites());
  }

  @Test
  void expect_tooLargeIsNotAskedFor() {
    fixture.receive(post(11, "Expect: 100-continue\r\n"));
    Future<Request> whole = fixture.call(0).request().buffered(10);
    fixture.call(0).promise().fail(whole.failure());

    fixture.assertSent(last(413, "The body has more than 10 bytes."));
  }

  @Test
  void expect_bodyCameWithoutWaiting() {
    fixture.receive(post(5, "Expect: 100-continue\r\n") + "he");
    Future<Request> whole = fixture.call(0).request().buffered(5);
    fixture.receive("llo");
    fixture.call(0).answer(whole.get().text());

    fixture.assertSent(ok("hello"));
  }

  @Test
  void expect_echoedStream() {
    try (ServerFixture echo =
        new ServerFixture(
            Limits.defaults(), request -> Future.of(Response.ok().withBody(request.body())))) {
      echo.receive(post(2, "Expect: 100-continue\r\n"));
      echo.receive("hi");

      echo.assertSent(
          CONTINUE,
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
          "2\r\nhi\r\n0\r\n\r\n");
    }
  }
}

package io.libprocess.http.client;

import static io.libprocess.http.client.ClientFixture.assertFailed;
import static io.libprocess.http.client.ClientFixture.get;
import static io.libprocess.http.client.ClientFixture.ok;
import static io.libprocess.http.client.ClientFixture.piece;
import static io.libprocess.http.client.ClientFixture.reader;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.http.Body;
import io.libprocess.http.Headers;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.Pipe;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClientConnectionTest {

  private final ClientFixture client = new ClientFixture();

  @AfterEach
  void close() {
    client.close();
  }

  /* ------ Requests ------ */

  @Test
  void request_asItIsWritten() {
    client.connection.send(
        get("/a?b=c#part")
            .withHeaders(
                Headers.of(
                    "Host", "other",
                    "Content-Length", "7",
                    "Transfer-Encoding", "chunked",
                    "Connection", "close",
                    "Accept", "text/html")));
    assertEquals(
        "GET /a?b=c HTTP/1.1\r\nHost: host:81\r\nAccept: text/html\r\n\r\n", client.sent());
  }

  @Test
  void request_keepsTheConnectionUnlessItSaysOtherwise() {
    client.connection.send(Request.get("/"));
    assertEquals("GET / HTTP/1.1\r\nHost: host:81\r\n\r\n", client.sent());
  }

  @Test
  void request_thatIsNotKeptAliveSaysSo() {
    client.connection.send(Request.get("/").withKeepAlive(false));
    assertEquals("GET / HTTP/1.1\r\nHost: host:81\r\nConnection: close\r\n\r\n", client.sent());
  }

  @Test
  void request_withABody() {
    client.connection.send(Request.post("/", Body.of("hello")).withKeepAlive(true));
    client.connection.send(Request.post("/", Body.empty()).withKeepAlive(true));
    assertEquals(
        "POST / HTTP/1.1\r\nHost: host:81\r\nContent-Length: 5\r\n\r\nhello"
            + "POST / HTTP/1.1\r\nHost: host:81\r\nContent-Length: 0\r\n\r\n",
        client.sent());
  }

  @Test
  void request_streamIsSentInChunksAndHoldsBackTheNextRequest() {
    Pipe<Chunk> pipe = Pipe.bytes();
    client.connection.send(ClientFixture.post(pipe));
    client.send("/next");
    assertEquals(
        "POST / HTTP/1.1\r\nHost: host:81\r\nTransfer-Encoding: chunked\r\n\r\n", client.sent());
    pipe.writer().write(Chunk.utf8("hello world, hello"));
    assertEquals("12\r\nhello world, hello\r\n", client.sent());
    pipe.writer().close();
    assertEquals("0\r\n\r\nGET /next HTTP/1.1\r\nHost: host:81\r\n\r\n", client.sent());
  }

  @Test
  void request_trailersLeaveBehindTheStream() {
    Pipe<Chunk> pipe = Pipe.bytes();
    Promise<Headers> trailers = new Promise<>();
    Request request = ClientFixture.post(pipe).withTrailers(trailers.future());
    client.connection.send(request.withHeader("Trailer", "X-Sum"));
    client.send("/next");
    pipe.writer().write(Chunk.utf8("hello"));
    pipe.writer().close();
    assertTrue(client.sent().endsWith("\r\nTrailer: X-Sum\r\n\r\n5\r\nhello\r\n"));
    client.passTime(Duration.ofHours(1)); // That they take long is no fault of the server.
    client.assertOpen();
    trailers.set(Headers.of("X-Sum", "1", "Content-Length", "7"));
    assertEquals("0\r\nX-Sum: 1\r\n\r\nGET /next HTTP/1.1\r\nHost: host:81\r\n\r\n", client.sent());
  }

  @Test
  void request_trailersThatFailEndTheConnection() {
    Pipe<Chunk> pipe = Pipe.bytes();
    Request request = ClientFixture.post(pipe).withTrailers(Future.failed("no sum"));
    Future<Response> response = client.connection.send(request);
    pipe.writer().close();
    assertFailed("no sum", response);
    client.assertGone();
  }

  @Test
  void request_streamOfStatedLength() {
    Pipe<Chunk> pipe = Pipe.bytes();
    client.connection.send(ClientFixture.post(pipe).withHeader("Content-Length", "5"));
    pipe.writer().write(Chunk.utf8("hello"));
    pipe.writer().close();
    assertTrue(client.sent().endsWith("\r\nContent-Length: 5\r\n\r\nhello"));
    client.assertOpen();
  }

  @Test
  void request_streamOfAnotherLengthThanStatedEndsTheConnection() {
    Pipe<Chunk> pipe = Pipe.bytes();
    Future<Response> response =
        client.connection.send(ClientFixture.post(pipe).withHeader("Content-Length", "5"));
    pipe.writer().write(Chunk.utf8("hell"));
    pipe.writer().close();
    assertFailed("the stream is shorter than its Content-Length", response);
    client.assertGone();
  }

  @Test
  void request_streamThatFailsEndsTheConnection() {
    Pipe<Chunk> pipe = Pipe.bytes();
    Future<Response> response = client.connection.send(ClientFixture.post(pipe));
    Future<Response> behind = client.send("/");
    pipe.writer().fail(new IllegalStateException("no more"));
    assertFailed("no more", response);
    assertFailed("no more", behind);
    client.assertGone();
  }

  @Test
  void request_streamIsHeldBackWhileTheServerTakesNothing() {
    Pipe<Chunk> pipe = Pipe.bytes();
    client.channel.becomeSlow();
    client.connection.send(ClientFixture.post(pipe));
    int written = 0;
    while (pipe.writer().write(Chunk.of(new byte[16 << 10])).isReady()) {
      assertTrue(++written < 100, "never held back");
    }
    client.channel.drain();
    assertTrue(pipe.writer().write(Chunk.of(new byte[1])).isReady());
  }

  /* ------ 100-continue ------ */

  private static Request expecting() {
    return Request.post("/", Body.of("body"))
        .withKeepAlive(true)
        .withHeader("Expect", "100-continue");
  }

  @Test
  void continue_bodyIsSentWhenTheServerAsks() {
    Future<Response> response = client.connection.send(expecting());
    assertFalse(client.sent().endsWith("body"));
    client.receive("HTTP/1.1 103 Early Hints", "Link: </a>", "", "");
    assertEquals("", client.sent());
    client.receive("HTTP/1.1 100 Continue", "", "");
    assertEquals("body", client.sent());
    client.receive(ok("done"));
    assertEquals("done", response.get().text());
    client.assertOpen();
  }

  @Test
  void continue_bodyIsSentAfterASecond() {
    client.connection.send(expecting());
    client.sent();
    client.passTime(Duration.ofMillis(999));
    assertEquals("", client.sent());
    client.passTime(Duration.ofMillis(1));
    assertEquals("body", client.sent());
  }

  @Test
  void continue_bodyIsNotSentAfterARefusal() {
    Future<Response> response = client.connection.send(expecting());
    client.sent();
    client.receive("HTTP/1.1 417 Expectation Failed", "Content-Length: 0", "", "");
    assertEquals(417, response.get().status().code());
    assertEquals("", client.sent());
    client.assertGone(); // Nobody can tell whether the body is still to come.
  }

  /* ------ Responses ------ */

  @Test
  void response_thatIsThereAsAWhole() {
    Future<Response> response = client.stream("/");
    client.receive("HTTP/1.1 299 Whatever", "X: y", "Content-Length: 5", "", "hello");
    assertEquals(299, response.get().status().code());
    assertEquals("hello", response.get().text());
    assertEquals("y", response.get().headers().first("X").get());
    assertEquals(1, client.idle);
    client.assertOpen();
  }

  @Test
  void response_streamed() {
    Future<Response> response = client.stream("/");
    Future<Response> whole = client.send("/2");
    client.receive("HTTP/1.1 200 OK", "Transfer-Encoding: chunked", "", "");
    Pipe.Reader<Chunk> reader = reader(response.get());
    assertTrue(response.get().trailers().isPending());
    client.receive("5", "hello", "");
    assertEquals("hello", piece(reader));
    client.receive("0", "Sum: 5", "", "HTTP/1.1 200 OK", "Content-Length: 4", "", "he");
    assertEquals("<end>", piece(reader));
    assertEquals("5", response.get().trailers().get().first("Sum").get());
    assertTrue(whole.isPending());
    client.receive("re");
    assertEquals("here", whole.get().text());
  }

  @Test
  void response_readingPausesWhileTheReaderIsBehind() {
    Future<Response> response = client.stream("/");
    client.receive("HTTP/1.1 200 OK", "Content-Length: 1000000", "", "");
    Pipe.Reader<Chunk> reader = reader(response.get());
    int received = 0;
    while (!client.channel.isPaused()) {
      client.receive("x".repeat(10_000));
      assertTrue((received += 10_000) < 200_000, "never paused");
    }
    while (client.channel.isPaused()) {
      piece(reader);
    }
    client.assertOpen();
  }

  @Test
  void response_toHeadHasNoBody() {
    Future<Response> head = client.connection.send(Request.of("HEAD", "/").withKeepAlive(true));
    Future<Response> next = client.send("/");
    client.receive("HTTP/1.1 200 OK", "Content-Length: 1000", "", "" + ok("next"));
    assertEquals("", head.get().text());
    assertEquals("1000", head.get().headers().first("Content-Length").get());
    assertEquals("next", next.get().text());
  }

  @Test
  void response_withoutLengthEndsWithTheConnection() {
    Future<Response> response = client.send("/");
    client.receive("HTTP/1.1 200 OK", "", "hello");
    assertTrue(response.isPending());
    client.channel.receiveEnd();
    assertEquals("hello", response.get().text());
    client.assertGone();
  }

  @Test
  void response_withoutLengthDoesNotEndWithAReset() {
    Future<Response> response = client.send("/");
    client.receive("HTTP/1.1 200 OK", "", "hello");
    client.channel.reset();
    assertFailed("failed to decode body", response);
  }

  @Test
  void response_fromHttp10EndsTheConnectionUnlessKeptAlive() {
    Future<Response> kept = client.send("/");
    client.receive("HTTP/1.0 200 OK", "Connection: keep-alive", "Content-Length: 2", "", "ok");
    assertEquals("ok", kept.get().text());
    client.assertOpen();
    Future<Response> last = client.send("/");
    client.receive("HTTP/1.0 200 OK", "Content-Length: 2", "", "ok");
    assertEquals("ok", last.get().text());
    client.assertGone();
  }

  @Test
  void response_interimOnesAreSkipped() {
    Future<Response> response = client.send("/");
    client.receive(
        "HTTP/1.1 100 Continue",
        "",
        "HTTP/1.1 102 Processing",
        "A: b",
        "Content-Length: 9",
        "",
        "HTTP/1.1 200 OK",
        "Content-Length: 2",
        "",
        "ok");
    assertEquals("ok", response.get().text());
    assertFalse(response.get().headers().contains("A"));
  }

  @Test
  void response_earlyIsGivenOutWhileTheRequestIsStillSent() {
    Pipe<Chunk> pipe = Pipe.bytes();
    Future<Response> response = client.connection.stream(ClientFixture.post(pipe));
    client.receive("HTTP/1.1 200 OK", "Transfer-Encoding: chunked", "", "");
    pipe.writer().write(Chunk.utf8("ping"));
    assertTrue(client.sent().endsWith("4\r\nping\r\n"));
    client.receive("4", "pong", "");
    assertEquals("pong", piece(reader(response.get())));
    client.assertOpen();
  }

  @Test
  void response_thatEndsBeforeTheRequestEndsTheConnection() {
    Pipe<Chunk> pipe = Pipe.bytes();
    Future<Response> response = client.connection.send(ClientFixture.post(pipe));
    client.receive("HTTP/1.1 413 Content Too Large", "Content-Length: 0", "", "");
    assertEquals(413, response.get().status().code());
    assertFalse(pipe.writer().write(Chunk.utf8("more")).get());
    client.assertGone();
  }

  /* ------ Unrequested input ------ */

  @ParameterizedTest
  @ValueSource(strings = {"H", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "garbage", "\r\n"})
  void surplus_onAnIdleConnection(String wire) {
    client.receive(wire);
    client.assertGone();
  }

  @Test
  void surplus_behindAResponseIsNeverTheAnswerToALaterRequest() {
    Future<Response> response = client.send("/1");
    client.receive(ok("one") + ok("poison"));
    assertEquals("one", response.get().text());
    assertEquals(0, client.idle);
    client.assertGone();
    assertFailed("Disconnected", client.send("/2"));
  }

  @Test
  void surplus_isNoAnswerToARequestThatIsHeldBack() {
    Pipe<Chunk> pipe = Pipe.bytes();
    client.connection.stream(ClientFixture.post(pipe));
    Future<Response> behind = client.send("/behind");
    client.receive(ok("") + ok("poison"));
    assertTrue(behind.isFailed());
    client.assertGone();
  }

  @Test
  void response_undecodable() {
    Future<Response> response = client.send("/");
    client.receive("SSH-2.0-OpenSSH_9.6", "");
    assertFailed("Failed to decode response: This is not an HTTP response", response);
    client.assertGone();
  }

  @Test
  void response_whoseBodyIsUndecodable() {
    Future<Response> response = client.stream("/");
    client.receive("HTTP/1.1 200 OK", "Transfer-Encoding: chunked", "", "zz", "");
    assertFailed("failed to decode body", reader(response.get()).read());
    client.assertGone();
  }

  /* ------ Ends ------ */

  @Test
  void end_ofTheServerFailsWhatIsNotAnswered() {
    Future<Response> first = client.stream("/1");
    Future<Response> second = client.send("/2");
    client.receive("HTTP/1.1 200 OK", "Content-Length: 5", "", "hel");
    client.channel.receiveEnd();
    Pipe.Reader<Chunk> reader = reader(first.get());
    assertEquals("hel", piece(reader));
    assertFailed("failed to decode body", reader.read());
    assertFailed("Disconnected", second);
    client.assertGone();
  }

  @Test
  void end_losesNothingThatArrivedBefore() {
    Future<Response> response = client.stream("/");
    client.receive("HTTP/1.1 200 OK", "Content-Length: 300000", "", "");
    Pipe.Reader<Chunk> reader = reader(response.get());
    client.channel.receiveAlthoughPaused("x".repeat(100_000));
    client.channel.receiveAlthoughPaused("x".repeat(100_000));
    client.channel.receiveAlthoughPaused("x".repeat(100_000));
    client.channel.receiveEnd();
    client.channel.reset();
    Future<List<Chunk>> all = reader.toList();
    assertEquals(300_000, Chunk.join(all.get()).size());
    client.assertGone();
  }

  @Test
  void disconnect_failsWhatIsNotAnswered() {
    Future<Response> response = client.send("/");
    client.connection.disconnect();
    client.connection.close();
    assertFailed("Disconnected", response);
    assertFailed("Disconnected", client.send("/"));
    client.assertGone();
  }

  @Test
  void disconnected_isDeafToDiscards() {
    client.connection.disconnected().discard();
    assertTrue(client.connection.disconnected().isPending());
    client.connection.disconnect();
    assertTrue(client.connection.disconnected().isReady());
  }

  /* ------ Discards ------ */

  @Test
  void discard_takesBackWhatWasNotBegun() {
    Pipe<Chunk> pipe = Pipe.bytes();
    client.connection.send(ClientFixture.post(pipe));
    Future<Response> unsent = client.send("/unsent");
    client.sent();
    unsent.discard();
    assertTrue(unsent.isDiscarded());
    pipe.writer().close();
    assertEquals("0\r\n\r\n", client.sent());
  }

  @Test
  void discard_dropsTheResponseToWhatWasSent() {
    Future<Response> first = client.send("/1");
    Future<Response> second = client.send("/2");
    first.discard();
    assertTrue(first.isDiscarded());
    client.receive("HTTP/1.1 200 OK", "Content-Length: 5", "", "hel");
    client.receive("lo" + ok("second"));
    assertEquals("second", second.get().text());
    client.assertOpen();
  }

  @Test
  void discard_whileTheBodyArrivesDropsTheRest() {
    Future<Response> first = client.send("/1");
    Future<Response> second = client.send("/2");
    client.receive("HTTP/1.1 200 OK", "Content-Length: 5", "", "hel");
    first.discard();
    assertTrue(first.isDiscarded());
    client.receive("lo" + ok("second"));
    assertEquals("second", second.get().text());
  }

  @Test
  void discard_ofALongBodyEndsTheConnection() {
    Future<Response> first = client.stream("/1");
    client.receive("HTTP/1.1 200 OK", "Content-Length: 100000000", "", "");
    reader(first.get()).close();
    for (int i = 0; i < 100 && !client.channel.isClosed(); i++) {
      client.receive("x".repeat(1000));
    }
    client.assertGone();
  }
}

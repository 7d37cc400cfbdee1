package io.libprocess.http.client;

import static io.libprocess.http.server.Http2Wire.END_HEADERS;
import static io.libprocess.http.server.Http2Wire.HEADERS;
import static io.libprocess.http.server.Http2Wire.block;
import static io.libprocess.http.server.Http2Wire.data;
import static io.libprocess.http.server.Http2Wire.frame;
import static io.libprocess.http.server.Http2Wire.goAway;
import static io.libprocess.http.server.Http2Wire.reset;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.http.Body;
import io.libprocess.http.ClientSettings;
import io.libprocess.http.Headers;
import io.libprocess.http.HttpClients;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.http.Url;
import io.libprocess.http.http1.FakeChannel;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.Pipe;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests of a client over connections of HTTP/2: shared, repeated, and sent elsewhere. */
class Http2PoolTest extends Http2PoolFixture {

  private static final int REFUSED_STREAM = 7;
  private static final int HTTP_1_1_REQUIRED = 13;
  private static final Duration LONGEST_PAUSE = Duration.ofMillis(200);

  @Test
  void misdirectedRequest_isSentOnceMoreOnAConnectionOfItsOwn() {
    Future<Response> response = get();
    Server first = new Server(0);
    assertEquals(List.of("HEADERS 1 :method=GET /path?q END"), first.sent());
    first.answer(1, 421);
    assertTrue(response.isPending());

    Server own = new Server(1);
    assertEquals(List.of("HEADERS 1 :method=GET /path?q END"), own.sent());
    Future<Response> other = get();
    assertEquals(List.of("HEADERS 3 :method=GET /path?q END"), first.sent());
    assertEquals(List.of(), own.sent());
    own.answer(1, 200);

    assertEquals(200, status(response));
    assertTrue(own.channel.isClosed() || own.channel.closesAfterWrites());
    first.answer(3, 204);
    assertEquals(204, status(other));
    assertEquals(2, network.dials.size());
  }

  /** It may turn out that one connection is enough. */
  @Test
  void serverWhoseVersionIsAgreedOnInTls_isDialledOnceForManyRequests() {
    client.close();
    client =
        client(
            ClientSettings.builder()
                .http2(ClientSettings.Http2.ALPN)
                .perHost(6)
                .connections(6)
                .queued(100)
                .build());
    Url secure = Url.parse("https://127.0.0.1:81/");

    client.get(secure);
    client.get(secure);

    assertEquals(1, network.dials.size());
  }

  @Test
  void requestThatIsMisdirectedAgain_hasThatAnswer() {
    Future<Response> response = get();
    new Server(0).answer(1, 421);
    new Server(1).answer(1, 421);

    assertEquals(421, status(response));
    assertEquals(2, network.dials.size());
  }

  @Test
  void misdirectedStream_isNotSentAgain() {
    Pipe<Chunk> body = Pipe.unbounded();
    Future<Response> response = client.send(URL, Request.post("/", Body.of(body.reader())));
    Server server = new Server(0);
    server.sent();
    server.answer(1, 421);

    assertEquals(421, status(response));
    assertEquals(1, network.dials.size());
  }

  @Test
  void bodyOfAMisdirectedRequestsAnswer_isGivenUp() {
    Future<Response> response = get();
    Server first = new Server(0);
    first.channel.takeSent();
    first.receive(frame(HEADERS, END_HEADERS, 1, block(":status", "421")));
    assertTrue(response.isPending());
    assertEquals("\3", first.channel.takeSent().substring(3, 4)); // The type of RST_STREAM.
  }

  @ParameterizedTest
  @CsvSource({"1, 6", "6, 1"})
  void misdirectedRequest_hasThatAnswerIfThereAreConnectionsEnough(int perHost, int connections) {
    useAtMost(perHost, connections);
    Future<Response> response = get();
    new Server(0).answer(1, 421);

    assertEquals(421, status(response));
  }

  @Test
  void misdirectedRequest_thatIsGivenUpGivesUpItsConnection() {
    Future<Response> response = get();
    new Server(0).answer(1, 421);
    response.discard();

    assertTrue(network.dials.get(1).isGivenUp());
    assertEquals(1, HttpClients.pool(client).open());
  }

  @Test
  void misdirectedRequest_failsWithItsConnection() {
    Future<Response> response = get();
    new Server(0).answer(1, 421);
    network.dials.get(1).fail("refused");

    assertEquals("refused", response.failure().getMessage());
    assertEquals(1, HttpClients.pool(client).open());
  }

  @Test
  void connectionInUse_makesNoRoomForAnotherServer() {
    useAtMost(6, 1);
    Future<Response> first = get();
    Server server = new Server(0);
    Future<Response> other = client.get(Url.parse("http://127.0.0.2:82/"));
    Future<Response> second = get();
    server.answer(1, 200);
    assertEquals(200, status(first));
    assertFalse(server.channel.isClosed() || server.channel.closesAfterWrites());
    assertEquals(1, network.dials.size());

    server.answer(3, 204); // Nothing is in progress on it from now on.
    assertEquals(204, status(second));
    assertTrue(server.channel.isClosed() || server.channel.closesAfterWrites());
    new Server(1).answer(1, 200);
    assertEquals(200, status(other));
  }

  @Test
  void requestThatTheServerWantsByHttp1_isSentSoOnce() {
    Future<Response> response = client.post(URL, Body.of("x"), "a/b");
    new Server(0).receive(reset(1, HTTP_1_1_REQUIRED));
    FakeChannel http1 = open(1);
    String sent = http1.takeSent();
    assertTrue(sent.startsWith("POST /path?q HTTP/1.1\r\n"), sent);
    http1.receive("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");

    assertEquals("ok", response.get().text());
    assertTrue(http1.isClosed() || http1.closesAfterWrites());
    assertTrue(get().isPending());
    assertEquals(2, network.dials.size(), "the shared connection is still used");
  }

  @Test
  void connectionThatTheServerWantsByHttp1_isReplaced() {
    Future<Response> response = get();
    new Server(0).receive(goAway(0, HTTP_1_1_REQUIRED));
    FakeChannel http1 = open(1);
    assertTrue(http1.takeSent().startsWith("GET /path?q HTTP/1.1\r\n"));
    http1.receive("HTTP/1.1 204 No Content\r\n\r\n");

    assertEquals(204, status(response));
  }

  @Test
  void refusedRequests_areRepeatedUpToThreeTimes() {
    Future<Response> response = client.post(URL, Body.of("x"), "a/b");
    Server server = new Server(0);
    server.receive(reset(1, REFUSED_STREAM));
    server.receive(reset(3, REFUSED_STREAM)); // It was sent again at once.
    server.sent();
    for (int stream = 5; stream <= 7; stream += 2) {
      assertTrue(response.isPending());
      passTime(LONGEST_PAUSE);
      assertTrue(server.sent().contains("DATA " + stream + " x END"));
      server.receive(reset(stream, REFUSED_STREAM));
    }
    assertEquals(
        "The server has reset the stream: REFUSED_STREAM", response.failure().getMessage());
  }

  @Test
  void streamThatWasNotReadYet_isSentOnTheNextConnection() {
    Pipe<Chunk> body = Pipe.unbounded();
    body.writer().offer(Chunk.utf8("hello"));
    body.writer().close();
    Future<Response> first = get();
    Server full = new Server(0, 3, 1);
    Future<Response> waits =
        client.send(
            URL, Request.post("/", Body.of(body.reader())).withHeader("Expect", "100-continue"));
    Server second = new Server(1, 3, 1);
    assertEquals("POST", second.sent().get(0).replaceAll(".*:method=(\\w+) .*", "$1"));
    second.receive(goAway(0, 0)); // It has not asked for the body.

    full.answer(1, 200);
    assertEquals(200, status(first));
    passTime(Duration.ofSeconds(1)); // It is sent without being asked for.
    List<String> sent = full.sent();
    assertEquals("DATA 3 hello END", sent.get(sent.size() - 1));
    full.answer(3, 200);
    assertEquals(200, status(waits));
  }

  @Test
  void streamThatWasNotRead_isClosedWhenTheRequestFails() {
    Pipe<Chunk> body = Pipe.unbounded();
    Future<Response> response =
        client.send(
            URL, Request.post("/", Body.of(body.reader())).withHeader("Expect", "100-continue"));
    for (int attempt = 0; attempt < 4; attempt++) {
      passTime(LONGEST_PAUSE);
      new Server(attempt).receive(goAway(0, 0));
    }
    assertTrue(response.isFailed(), response::toString);
    assertTrue(body.writer().readerClosed().isReady());
  }

  private Future<Response> upload(Pipe<Chunk> body) {
    return client.send(
        URL, Request.post("/", Body.of(body.reader())).withHeader("Expect", "100-continue"));
  }

  @Test
  void streamThatWasNotRead_isClosedWhenThereIsNoConnectionAnyMore() {
    Pipe<Chunk> body = Pipe.unbounded();
    Future<Response> response = upload(body);
    new Server(0).receive(goAway(0, 0));
    assertTrue(body.writer().readerClosed().isPending());
    network.dials.get(1).fail("refused");
    assertEquals("refused", response.failure().getMessage());
    assertTrue(body.writer().readerClosed().isReady());
  }

  @Test
  void streamThatWasNotRead_isClosedWhenThereIsNoConnectionOfHttp1() {
    Pipe<Chunk> body = Pipe.unbounded();
    Future<Response> response = upload(body);
    new Server(0).receive(reset(1, HTTP_1_1_REQUIRED));
    assertTrue(body.writer().readerClosed().isPending());
    network.dials.get(1).fail("refused");
    assertEquals("refused", response.failure().getMessage());
    assertTrue(body.writer().readerClosed().isReady());
  }

  @Test
  void streamThatWasNotRead_isClosedWhenThereWasNoConnection() {
    Pipe<Chunk> body = Pipe.unbounded();
    Future<Response> response = upload(body);
    network.dials.get(0).fail("refused");
    assertEquals("refused", response.failure().getMessage());
    assertTrue(body.writer().readerClosed().isReady());
  }

  @Test
  void requestThatIsGivenUpBeforeItIsRepeated_isNotSent() {
    Pipe<Chunk> body = Pipe.unbounded();
    Future<Response> response = upload(body);
    Server server = new Server(0, 3, 1);
    server.receive(reset(1, REFUSED_STREAM));
    server.receive(reset(3, REFUSED_STREAM));
    server.sent();
    response.discard();
    passTime(LONGEST_PAUSE);
    assertTrue(response.isDiscarded());
    assertEquals(List.of(), server.sent());
    assertTrue(body.writer().readerClosed().isReady());
    Future<Response> next = get(); // Its place is free.
    server.answer(5, 200);
    assertEquals(200, status(next));
  }

  @Test
  void requestThatIsGivenUpBeforeItIsRepeated_waitsForNoConnection() {
    Future<Response> response = get();
    Server server = new Server(0);
    server.receive(reset(1, REFUSED_STREAM));
    server.receive(reset(3, REFUSED_STREAM));
    server.channel.reset();
    response.discard();
    passTime(LONGEST_PAUSE);
    assertTrue(response.isDiscarded());
  }

  @Test
  void requestThatTheServerHasSeen_isNotSentAgain() {
    Future<Response> first = get();
    Server server = new Server(0);
    server.answer(1, 200);
    assertEquals(200, status(first));
    Future<Response> seen = get();
    Future<Response> unseen = get();
    server.receive(frame(HEADERS, END_HEADERS, 3, block(":status", "103")));
    server.channel.reset();
    assertEquals("Disconnected", seen.failure().getMessage());
    new Server(1).answer(1, 200);
    assertEquals(200, status(unseen));
  }

  @Test
  void streamThatWasRead_isNotSentAgainByHttp1() {
    Pipe<Chunk> body = Pipe.unbounded();
    Future<Response> response = client.send(URL, Request.post("/", Body.of(body.reader())));
    new Server(0).receive(reset(1, HTTP_1_1_REQUIRED));

    assertEquals(
        "The server has reset the stream: HTTP_1_1_REQUIRED", response.failure().getMessage());
    assertEquals(1, network.dials.size());
  }

  @Test
  void streamThatWasRead_isNotSentAgain() {
    Pipe<Chunk> body = Pipe.unbounded();
    Future<Response> response = client.send(URL, Request.post("/", Body.of(body.reader())));
    new Server(0).receive(reset(1, REFUSED_STREAM));

    assertEquals(
        "The server has reset the stream: REFUSED_STREAM", response.failure().getMessage());
    assertTrue(body.writer().readerClosed().isReady());
  }

  @Test
  void fullConnections_areJoinedByOthersUpToFour() {
    List<Future<Response>> responses = new ArrayList<>();
    List<Server> servers = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      responses.add(get());
      servers.add(new Server(i, 3, 1));
      assertEquals(List.of("HEADERS 1 :method=GET /path?q END"), servers.get(i).sent());
    }
    responses.add(get());
    responses.add(get());
    assertEquals(4, network.dials.size());

    servers.get(2).answer(1, 200); // Frees a place, for the one that waits longest.
    assertEquals(List.of("HEADERS 3 :method=GET /path?q END"), servers.get(2).sent());
    servers.get(2).answer(3, 204);
    assertEquals(204, status(responses.get(4)));
    assertTrue(responses.get(5).isPending());
    assertEquals(4, network.dials.size());
  }

  @Test
  void connectionThatLeaves_isNotUsedFromThatMomentOn() {
    Future<Response> first = get();
    Server server = new Server(0);
    server.receive(goAway(1, 0));
    Future<Response> second = get();
    assertEquals(2, network.dials.size());
    server.answer(1, 200);
    new Server(1).answer(1, 204);
    assertEquals(200, status(first));
    assertEquals(204, status(second));
  }

  @Test
  void lateTrailers_followTheBodyWithoutAnEmptyFrame() {
    Pipe<Chunk> body = Pipe.unbounded();
    Promise<Headers> trailers = new Promise<>();
    client.send(URL, Request.post("/", Body.of(body.reader())).withTrailers(trailers.future()));
    Server server = new Server(0);
    server.sent();
    body.writer().offer(Chunk.utf8("a"));
    body.writer().close();
    assertEquals(List.of("DATA 1 a"), server.sent());
    trailers.set(Headers.of("b", "c"));
    assertEquals(List.of("HEADERS 1 b=c END"), server.sent());
    assertFalse(server.channel.isClosed());
    server.receive(data(0, 0, "x")); // Ends the test: an error of the connection.
  }
}

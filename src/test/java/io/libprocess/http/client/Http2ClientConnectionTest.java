package io.libprocess.http.client;

import static io.libprocess.http.server.Http2Wire.END_HEADERS;
import static io.libprocess.http.server.Http2Wire.END_STREAM;
import static io.libprocess.http.server.Http2Wire.HEADERS;
import static io.libprocess.http.server.Http2Wire.PUSH_PROMISE;
import static io.libprocess.http.server.Http2Wire.block;
import static io.libprocess.http.server.Http2Wire.data;
import static io.libprocess.http.server.Http2Wire.frame;
import static io.libprocess.http.server.Http2Wire.goAway;
import static io.libprocess.http.server.Http2Wire.join;
import static io.libprocess.http.server.Http2Wire.ping;
import static io.libprocess.http.server.Http2Wire.reset;
import static io.libprocess.http.server.Http2Wire.settings;
import static io.libprocess.http.server.Http2Wire.settingsAck;
import static io.libprocess.http.server.Http2Wire.windowUpdate;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.http.Body;
import io.libprocess.http.Limits;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.http.http1.FakeChannel;
import io.libprocess.http.http2.Http2Counts;
import io.libprocess.http.server.Http2Wire;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.Pipe;
import io.libprocess.time.Clock;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** A client's connection of HTTP/2, with the server controlled by the test. */
@ParameterizedClass
@ValueSource(booleans = {false, true})
class Http2ClientConnectionTest {

  private static final String SETTINGS = "SETTINGS 2=0 4=262144 6=81920 9=1";
  private static final String WINDOW = "WINDOW_UPDATE 0 33488897";

  private final boolean bytewise;
  private final Clock clock = Clock.paused(Instant.EPOCH);
  private final FakeChannel channel = new FakeChannel();
  private final Http2ClientConnection connection;
  private final Http2Wire wire = new Http2Wire();
  private int idle;
  private int changed;
  private int gone;

  Http2ClientConnectionTest(boolean bytewise) {
    this.bytewise = bytewise;
    connection =
        new Http2ClientConnection(
            channel,
            "host:81",
            Limits.builder().headTime(Duration.ofSeconds(60)).build(),
            clock,
            new ClientConnection.Owner() {
              @Override
              public void idle(ClientConnection connection) {
                idle++;
              }

              @Override
              public void changed(ClientConnection connection) {
                changed++;
              }

              @Override
              public void gone(ClientConnection connection) {
                gone++;
              }
            },
            Http2Counts.ofClient());
    channel.handler = connection;
    connection.ask();
  }

  @AfterEach
  void close() {
    clock.close();
  }

  private void open(long... settings) {
    String preface = channel.takeSent();
    assertTrue(preface.startsWith("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), preface);
    assertEquals(List.of(SETTINGS, WINDOW), wire.read(bytes(preface.substring(24))));
    receive(settings(settings), settingsAck());
    assertSent("SETTINGS ACK");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private void receive(byte[]... frames) {
    byte[] all = join(frames);
    for (int i = 0; bytewise && i < all.length; i++) {
      channel.receiveAlthoughPaused(new byte[] {all[i]});
    }
    if (!bytewise) {
      channel.receiveAlthoughPaused(all);
    }
  }

  private void assertSent(String... frames) {
    assertEquals(
        String.join("\n", frames), String.join("\n", wire.read(bytes(channel.takeSent()))));
  }

  private Future<Response> send(Request request) {
    ClientExchange exchange = new ClientExchange(request.withKeepAlive(true));
    connection.submit(exchange);
    return exchange.response();
  }

  private Future<Response> get(String path) {
    return send(Request.get(path));
  }

  private static byte[] head(int stream, int flags, String... fields) {
    return frame(HEADERS, flags | END_HEADERS, stream, block(fields));
  }

  private static byte[] ok(int stream, int flags) {
    return head(stream, flags, ":status", "200");
  }

  private static String request(int stream, String method, String path) {
    return "HEADERS "
        + stream
        + " :method="
        + method
        + " :scheme=http :authority=host:81 :path="
        + path;
  }

  /** The body, which is a stream if it has not arrived with the head. */
  private static String text(Response response) {
    if (!(response.body() instanceof Body.Streamed streamed)) {
      return response.text();
    }
    StringBuilder text = new StringBuilder();
    Pipe.Reader<Chunk> reader = streamed.reader();
    for (var piece = reader.read().get(); piece.isPresent(); piece = reader.read().get()) {
      text.append(piece.get().utf8());
    }
    return text.toString();
  }

  private static String failure(Future<?> future) {
    assertTrue(future.isFailed(), future::toString);
    return future.failure().getMessage();
  }

  @Test
  void responses_comeInAnyOrder() {
    open();
    Future<Response> one = get("/1");
    Future<Response> two = get("/2");
    assertSent(request(1, "GET", "/1") + " END", request(3, "GET", "/2") + " END");
    receive(head(3, 0, ":status", "200", "a", "b"), data(3, END_STREAM, "two"));
    assertTrue(one.isPending());
    assertEquals("two", text(two.get()));
    assertEquals("b", two.get().headers().first("A").orElseThrow());
    receive(ok(1, END_STREAM));
    assertEquals("", text(one.get()));
    assertEquals(2, idle);
    assertSent();
  }

  @Test
  void requests_areSentAtOnceAndFieldsOfConnectionsAreDropped() {
    send(Request.get("/x#y").withHeader("Connection", "keep-alive").withHeader("Host", "z"));
    String sent = channel.takeSent();
    List<String> frames = wire.read(bytes(sent.substring(24)));
    assertEquals(List.of(SETTINGS, WINDOW, request(1, "GET", "/x") + " END"), frames);
  }

  @Test
  void requests_withFieldsThatHttp2DoesNotKnowFail() {
    open();
    assertEquals(
        "HTTP/2 has no field Upgrade", failure(send(Request.get("/").withHeader("Upgrade", "x"))));
    assertSent();
    assertEquals(1, idle);
  }

  @Test
  void requests_largerThanTheServerTakesFail() {
    open(6, 200);
    assertEquals(
        "the server takes no more than 200 bytes of head",
        failure(send(Request.get("/" + "x".repeat(100)))));
  }

  @Test
  void bodies_areSentAsTheWindowsAllow() {
    open(4, 3);
    Future<Response> response = send(Request.post("/", Body.of(Chunk.utf8("hello"))));
    assertSent(request(1, "POST", "/") + " content-length=5");
    clock.advance(Duration.ofMillis(100)); // A small window is not used at once.
    clock.settle();
    assertSent("DATA 1 hel");
    receive(windowUpdate(1, 100));
    assertSent("DATA 1 lo END");
    receive(ok(1, END_STREAM));
    assertTrue(response.isReady());
  }

  @Test
  void streams_areSentAsTheirPiecesCome() {
    open();
    Pipe<Chunk> pipe = Pipe.unbounded();
    send(Request.post("/", Body.of(pipe.reader())));
    assertSent(request(1, "POST", "/"));
    pipe.writer().offer(Chunk.utf8("a"));
    assertSent("DATA 1 a");
    pipe.writer().close();
    assertSent("DATA 1  END");
  }

  @Test
  void response_thatIsStreamedOpensItsWindowAsItIsRead() {
    open();
    Future<Response> response = get("/");
    channel.takeSent();
    receive(ok(1, 0));
    Pipe.Reader<Chunk> reader = ((Body.Streamed) response.get().body()).reader();
    byte[] large = data(1, 0, "x".repeat(16_384));
    for (int i = 0; i < 16; i++) {
      channel.receiveAlthoughPaused(large);
    }
    assertSent("PING \0\0\0\0grow");
    for (int i = 0; i < 10; i++) {
      assertTrue(reader.read().isReady());
    }
    assertTrue(channel.takeSent().length() > 0);
  }

  @Test
  void response_thatIsNotReadHoldsUpNoOther() {
    open();
    Future<Response> unread = get("/1");
    Future<Response> other = get("/2");
    receive(ok(1, 0));
    for (int i = 0; i < 16; i++) {
      channel.receiveAlthoughPaused(data(1, 0, "x".repeat(16_384)));
    }
    receive(ok(3, 0), data(3, END_STREAM, "two"));
    assertTrue(unread.isReady());
    assertTrue(other.isReady());
    assertFalse(channel.isPaused());
  }

  @Test
  void streams_moreThanTheServerTakesWait() {
    open(3, 1);
    assertEquals(1, changed);
    get("/1");
    Future<Response> waits = get("/2");
    assertSent(request(1, "GET", "/1") + " END");
    assertTrue(connection.tryReserve());
    assertFalse(connection.tryReserve());
    receive(ok(1, END_STREAM));
    assertSent(request(3, "GET", "/2") + " END");
    receive(ok(3, END_STREAM));
    assertTrue(waits.isReady());
  }

  @Test
  void refusedStream_mayBeSentAgain() {
    open();
    ClientExchange exchange = new ClientExchange(Request.post("/", Body.of(Chunk.utf8("x"))));
    connection.submit(exchange);
    receive(reset(1, 7));
    assertTrue(exchange.isUnprocessed());
    assertEquals("The server has reset the stream: REFUSED_STREAM", failure(exchange.response()));
  }

  @Test
  void goAway_failsWhatWasNotProcessedAndLetsTheRestEnd() {
    open();
    Future<Response> one = get("/1");
    ClientExchange two = new ClientExchange(Request.get("/2"));
    connection.submit(two);
    receive(goAway(1, 0));
    assertTrue(two.isUnprocessed());
    assertTrue(connection.isLeaving());
    assertFalse(connection.tryReserve());
    assertTrue(one.isPending());
    receive(ok(1, END_STREAM));
    assertTrue(one.isReady());
    assertEquals(1, gone);
    assertTrue(failure(get("/3")).length() > 0);
  }

  @Test
  void goAway_withAnErrorSaysWhy() {
    open();
    Future<Response> one = get("/1");
    receive(goAway(1, 11));
    assertTrue(one.isPending());
    channel.receiveEnd();
    assertEquals("The server ends the connection: ENHANCE_YOUR_CALM", failure(one));
  }

  @Test
  void discard_resetsTheStreamOnly() {
    open();
    Future<Response> one = get("/1");
    Future<Response> two = get("/2");
    channel.takeSent();
    one.discard();
    assertSent("RST_STREAM 1 CANCEL");
    receive(ok(1, END_STREAM), ok(3, END_STREAM));
    assertTrue(one.isDiscarded());
    assertTrue(two.isReady());
  }

  @Test
  void earlyResponse_isASuccess() {
    open(4, 0);
    Future<Response> response = send(Request.post("/", Body.of(Chunk.utf8("hello"))));
    channel.takeSent();
    receive(ok(1, END_STREAM), reset(1, 0));
    assertTrue(response.isReady());
    assertSent("RST_STREAM 1 NO_ERROR");
  }

  @Test
  void interimResponses_areSkipped() {
    open();
    Future<Response> response =
        send(Request.post("/", Body.of(Chunk.utf8("hello"))).withHeader("Expect", "100-continue"));
    assertSent(request(1, "POST", "/") + " content-length=5 expect=100-continue");
    receive(head(1, 0, ":status", "103"), head(1, 0, ":status", "100"));
    assertSent("DATA 1 hello END");
    receive(ok(1, END_STREAM));
    assertTrue(response.isReady());
  }

  @Test
  void continueThatDoesNotCome_isNotAwaitedForLong() {
    open();
    send(Request.post("/", Body.of(Chunk.utf8("hello"))).withHeader("Expect", "100-continue"));
    channel.takeSent();
    clock.advance(Duration.ofSeconds(1));
    clock.settle();
    assertSent("DATA 1 hello END");
  }

  @Test
  void malformedResponses_failTheirStream() {
    open();
    for (byte[] wrong :
        List.of(
            head(1, END_STREAM, "a", "b"),
            head(3, END_STREAM, ":status", "20"),
            head(5, END_STREAM, ":status", "200", "connection", "close"),
            head(7, END_STREAM, ":status", "100"),
            head(9, END_STREAM, ":status", "200", "content-length", "1"),
            data(11, 0, "x"))) {
      Future<Response> response = get("/");
      receive(wrong);
      assertTrue(failure(response).startsWith("Failed to decode response: "));
    }
    Future<Response> head = send(Request.of("HEAD", "/"));
    receive(head(13, END_STREAM, ":status", "200", "content-length", "5"));
    assertTrue(head.isReady());
    assertEquals(0, gone);
  }

  @Test
  void pushedStreams_endTheConnection() {
    open();
    Future<Response> response = get("/");
    receive(frame(PUSH_PROMISE, END_HEADERS, 1, new byte[4]));
    assertEquals(
        "Failed to decode response: PUSH_PROMISE, although pushing is switched off (PROTOCOL_ERROR)",
        failure(response));
    assertEquals(1, gone);
  }

  @Test
  void timeOut_resetsTheStreamAndSuspendsTheConnection() {
    open();
    Future<Response> response = get("/");
    channel.takeSent();
    for (int i = 0; i < 4; i++) {
      clock.advance(Duration.ofSeconds(14));
      clock.settle();
      receive(ping(0, "12345678"));
    }
    clock.advance(Duration.ofSeconds(4));
    clock.settle();
    assertTrue(response.failure() instanceof TimeoutException, response::toString);
    assertFalse(connection.tryReserve());
    assertFalse(connection.isLeaving());
    receive(ping(1, "\0\0\0\0\0\0\0\3"));
    assertTrue(connection.tryReserve());
  }

  @Test
  void deadServer_isFoundByAPing() {
    open();
    Future<Response> response = get("/");
    channel.takeSent();
    clock.advance(Duration.ofSeconds(31));
    clock.settle();
    assertSent("PING \0\0\0\0\0\0\0\3");
    clock.advance(Duration.ofSeconds(16));
    clock.settle();
    assertEquals("The server did not answer a ping", failure(response));
    assertEquals(1, gone);
  }

  @Test
  void idleConnection_ends() {
    open();
    receive(ping(0, "12345678"));
    clock.advance(Limits.defaults().idleTime());
    clock.settle();
    assertEquals(1, gone);
  }

  @Test
  void disconnect_failsWhatIsUnanswered() {
    open();
    Future<Response> response = get("/");
    connection.disconnect();
    assertEquals("Disconnected", failure(response));
    assertTrue(channel.isClosed());
    assertTrue(connection.disconnected().isReady());
  }
}

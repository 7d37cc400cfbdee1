package io.libprocess.http;

import static io.libprocess.http.ClientFixture.assertFailed;
import static io.libprocess.http.ClientFixture.ok;
import static io.libprocess.http.ClientFixture.piece;
import static io.libprocess.http.ClientFixture.reader;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.net.Address;
import io.libprocess.net.UnixAddress;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The pooled client on a network that the test plays. */
class HttpClientTest {

  private static final Url URL = Url.parse("http://127.0.0.1:81/path?q");
  private static final Url OTHER = Url.parse("http://127.0.0.2/");

  private final Clock clock = Clock.paused(Instant.EPOCH);
  private final FakeTransport network = new FakeTransport();
  private HttpClient client = client(ClientSettings.defaults().withConnections(2, 3, 4));

  private HttpClient client(ClientSettings settings) {
    return new HttpClient(network, Runnable::run, clock, settings);
  }

  @AfterEach
  void close() {
    client.close();
    assertEquals(0, client.pool().open());
    clock.close();
  }

  private FakeChannel open(int dial) {
    return network.dials.get(dial).open();
  }

  private void passTime(Duration duration) {
    clock.advance(duration);
    clock.settle();
  }

  private static String redirect(int code, String location) {
    return "HTTP/1.1 " + code + " X\r\nLocation: " + location + "\r\nContent-Length: 0\r\n\r\n";
  }

  /* ------ Requests ------ */

  @Test
  void request_asItIsWritten() {
    Future<Response> response = client.get(URL);
    assertEquals(Address.parseIp("127.0.0.1"), network.dials.get(0).address.inet().get().ip());
    FakeChannel channel = open(0);
    assertEquals(
        "GET /path?q HTTP/1.1\r\nHost: 127.0.0.1:81\r\nAccept-Encoding: gzip\r\n\r\n",
        channel.takeSent());
    channel.receive(ok("hello"));
    assertEquals("hello", response.get().text());
  }

  @Test
  void request_methods() {
    client.post(URL, Body.of("body"), "text/x");
    assertTrue(
        open(0).takeSent().startsWith("POST /path?q HTTP/1.1\r\nHost: 127.0.0.1:81\r\nContent-Le"));
    client.put(URL, Body.empty(), "");
    FakeChannel put = open(1);
    assertTrue(put.takeSent().contains("\r\nContent-Length: 0\r\n"));
    put.receive(ok(""));
    client.delete(URL);
    assertTrue(put.takeSent().startsWith("DELETE /path?q HTTP/1.1\r\n"));
  }

  /** HTTPTest.Post, its first part. */
  @Test
  void post_withATypeButNoBodyFails() {
    assertFailed(
        "Attempted to do a POST with a Content-Type but no body",
        client.post(URL, Body.empty(), "text/plain"));
  }

  @Test
  void request_withAFileIsRefused() {
    Body file = new Body.File(java.nio.file.Path.of("/etc/hostname"));
    assertTrue(client.put(URL, file, "").isFailed());
  }

  @Test
  void connect_toASocket() {
    client.get(Url.parse("http+unix://%2Frun%2Fa.sock/x"));
    assertEquals(new UnixAddress("/run/a.sock"), network.dials.get(0).address);
    assertTrue(open(0).takeSent().startsWith("GET /x HTTP/1.1\r\nHost: localhost\r\n"));
  }

  @Test
  void connect_triesEveryAddress() {
    Future<Response> response = client.get(Url.parse("http://localhost:1/"));
    int tried = 0;
    while (response.isPending()) {
      network.dials.get(tried++).fail("refused " + tried);
    }
    assertFailed("refused " + tried, response);
    assertEquals(tried, network.dials.size());
  }

  @Test
  void connect_unknownSchemeOrHost() {
    assertFailed("Unsupported URL scheme: 'ftp'", client.get(Url.parse("ftp://a:1/")));
    assertFailed(
        "Unknown host 'no.such.host.invalid'",
        client.get(Url.parse("http://no.such.host.invalid/")));
  }

  @Test
  void connect_isLimitedInTime() {
    Future<Response> response = client.get(URL);
    passTime(Duration.ofSeconds(10));
    assertFailed("No connection to 127.0.0.1 in PT10S", response);
    assertTrue(response.failure() instanceof TimeoutException);
    assertTrue(network.dials.get(0).isGivenUp());
  }

  /* ------ The pool ------ */

  @Test
  void pool_usesAConnectionAgain() {
    Future<Response> first = client.get(URL);
    FakeChannel channel = open(0);
    channel.receive(ok("1"));
    assertTrue(first.isReady());
    Future<Response> second = client.get(URL);
    channel.receive(ok("2"));
    assertEquals("2", second.get().text());
    assertEquals(1, network.dials.size());
  }

  @Test
  void pool_keepsOneRequestOnAConnection() {
    client.get(URL);
    client.get(URL);
    Future<Response> third = client.get(URL);
    assertEquals(2, network.dials.size());
    FakeChannel channel = open(0);
    channel.takeSent();
    open(1);
    assertEquals("", channel.takeSent());
    channel.receive(ok("1"));
    assertTrue(channel.takeSent().startsWith("GET /path?q"));
    channel.receive(ok("3"));
    assertEquals("3", third.get().text());
  }

  @Test
  void pool_makesRoomForAnotherServer() {
    client.get(URL);
    client.get(URL);
    client.get(OTHER);
    FakeChannel idle = open(0);
    open(1);
    idle.receive(ok(""));
    assertFalse(idle.isClosed());
    client.get(OTHER);
    assertTrue(idle.isClosed());
    assertEquals(4, network.dials.size());
    assertEquals(3, client.pool().open());
  }

  @Test
  void pool_servesWhoWaitsForAnotherServer() {
    client.get(URL);
    client.get(URL);
    client.get(OTHER);
    client.get(OTHER);
    assertEquals(3, network.dials.size());
    FakeChannel channel = open(0);
    open(1);
    channel.receive(ok(""));
    assertTrue(channel.isClosed());
    assertEquals(4, network.dials.size());
  }

  @Test
  void pool_limitsTheQueue() {
    for (int i = 0; i < 4; i++) {
      assertTrue(client.get(URL).isPending());
    }
    assertFailed("4 requests wait for a connection already", client.get(URL));
  }

  @Test
  void pool_failsOneRequestForEachFailureToConnect() {
    Future<Response> first = client.get(URL);
    Future<Response> second = client.get(URL);
    Future<Response> third = client.get(URL);
    network.dials.get(1).fail("refused");
    assertFailed("refused", first);
    assertTrue(second.isPending() && third.isPending());
    assertEquals(3, network.dials.size());
    open(0).receive("");
    assertEquals(2, client.pool().open());
  }

  @Test
  void pool_forgetsIdleConnections() {
    client.get(URL);
    FakeChannel channel = open(0);
    channel.receive(ok(""));
    assertEquals(1, client.pool().idle());
    passTime(Duration.ofSeconds(30));
    assertTrue(channel.isClosed());
    assertEquals(0, client.pool().open());
  }

  @Test
  void pool_forgetsWhatTheServerEnds() {
    client.get(URL);
    FakeChannel channel = open(0);
    channel.receive(ok(""));
    channel.receiveEnd();
    assertEquals(0, client.pool().open());
    client.get(URL);
    assertEquals(2, network.dials.size());
  }

  @Test
  void pool_doesNotKeepAConnectionThatIsToBeClosed() {
    client.get(URL);
    FakeChannel channel = open(0);
    channel.receive("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
    assertTrue(channel.isClosed());
    assertEquals(0, client.pool().open());
  }

  @Test
  void pool_closedFailsEverything() {
    Future<Response> sent = client.get(URL);
    open(0);
    Future<Response> dialled = client.get(URL);
    Future<Response> waiting = client.get(URL);
    client.close();
    assertFailed("Disconnected", sent);
    assertTrue(dialled.isFailed() && waiting.isFailed());
    assertTrue(network.dials.get(1).isGivenUp());
    assertFailed("the client is closed", client.get(URL));
  }

  /* ------ Repetitions ------ */

  private FakeChannel usedConnection() {
    client.get(URL);
    FakeChannel channel = open(0);
    channel.receive(ok(""));
    channel.takeSent();
    return channel;
  }

  @Test
  void repetition_ofAnIdempotentRequestOnADeadConnection() {
    FakeChannel dead = usedConnection();
    Future<Response> response = client.get(URL);
    assertFalse(dead.takeSent().isEmpty());
    dead.reset();
    open(1).receive(ok("again"));
    assertEquals("again", response.get().text());
  }

  @Test
  void repetition_notOfAPost() {
    FakeChannel dead = usedConnection();
    Future<Response> response = client.post(URL, Body.of("x"), "");
    dead.reset();
    assertFailed("Disconnected", response);
  }

  @Test
  void repetition_notAfterTheFirstByteOfAResponse() {
    FakeChannel dead = usedConnection();
    Future<Response> response = client.stream(URL, Request.get("/"));
    dead.receive("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n");
    dead.reset();
    assertFailed("failed to decode body", reader(response.get()).read());
    assertEquals(1, network.dials.size());
  }

  @Test
  void repetition_notOnAFreshConnection() {
    Future<Response> response = client.get(URL);
    open(0).reset();
    assertFailed("Disconnected", response);
    assertEquals(1, network.dials.size());
  }

  /* ------ Discards ------ */

  @Test
  void discard_whileItWaits() {
    client.get(URL);
    client.get(URL);
    Future<Response> waiting = client.get(URL);
    waiting.discard();
    assertTrue(waiting.isDiscarded());
    FakeChannel channel = open(0);
    open(1);
    channel.takeSent();
    channel.receive(ok(""));
    assertEquals("", channel.takeSent());
  }

  @Test
  void discard_whileItConnectsLeavesTheConnectionForOthers() {
    Future<Response> response = client.get(URL);
    response.discard();
    assertTrue(response.isDiscarded());
    assertEquals("", open(0).takeSent());
    assertEquals(1, client.pool().idle());
  }

  @Test
  void discard_ofASentRequestEndsTheConnection() {
    Future<Response> response = client.get(URL);
    FakeChannel channel = open(0);
    response.discard();
    assertTrue(response.isDiscarded());
    assertTrue(channel.isClosed());
    assertEquals(0, client.pool().open());
  }

  @Test
  void discard_whileTheBodyIsReadEndsTheConnectionOfALongOne() {
    Future<Response> response = client.get(URL);
    FakeChannel channel = open(0);
    channel.receive("HTTP/1.1 200 OK\r\nContent-Length: 10000000\r\n\r\n");
    response.discard();
    assertTrue(response.isDiscarded());
    for (int i = 0; i < 100 && !channel.isClosed(); i++) {
      channel.receive("x".repeat(1000));
    }
    assertTrue(channel.isClosed());
  }

  @Test
  void discard_ofAShortBodyKeepsTheConnection() {
    Future<Response> response = client.stream(URL, Request.get("/"));
    FakeChannel channel = open(0);
    channel.receive("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n");
    reader(response.get()).close();
    channel.receive("x".repeat(10));
    assertEquals(1, client.pool().idle());
  }

  /* ------ Gzip ------ */

  private static String gzip(String plain, String... fields) {
    byte[] coded = GzipEncoder.encode(Chunk.utf8(plain)).toArray();
    return "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: "
        + coded.length
        + "\r\n"
        + String.join("", fields)
        + "\r\n"
        + new String(coded, StandardCharsets.ISO_8859_1);
  }

  @Test
  void gzip_isDecoded() {
    Future<Response> response = client.get(URL);
    open(0).receive(gzip("hello", "ETag: x\r\n"));
    assertEquals("hello", response.get().text());
    assertEquals(List.of("ETag: x"), fields(response.get()));
  }

  private static List<String> fields(Response response) {
    return java.util.stream.StreamSupport.stream(response.headers().spliterator(), false)
        .map(Headers.Field::toString)
        .toList();
  }

  @Test
  void gzip_streamIsDecodedPieceByPiece() {
    Future<Response> response = client.stream(URL, Request.get("/"));
    FakeChannel channel = open(0);
    channel.receive(
        "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n");
    try (GzipEncoder encoder = new GzipEncoder()) {
      byte[] first = encoder.next(Chunk.utf8("first")).toArray();
      channel.receive(
          Integer.toHexString(first.length)
              + "\r\n"
              + new String(first, StandardCharsets.ISO_8859_1)
              + "\r\n");
    }
    Pipe.Reader<Chunk> reader = reader(response.get());
    assertEquals("first", piece(reader));
    channel.receive("0\r\n\r\n");
    assertFailed("The gzip body ends early", reader.read());
  }

  @Test
  void gzip_isLeftAloneIfItWasAskedForByHand() {
    Request request = Request.get("/").withHeader("Accept-Encoding", "gzip, br");
    Future<Response> response = client.send(URL, request);
    FakeChannel channel = open(0);
    assertTrue(channel.takeSent().contains("Accept-Encoding: gzip, br\r\n"));
    channel.receive(gzip("hello"));
    assertEquals("gzip", response.get().headers().first("Content-Encoding").get());
  }

  @Test
  void gzip_bombIsRefused() {
    client = client(ClientSettings.defaults().withLimits(Limits.builder().body(1 << 20).build()));
    Future<Response> response = client.get(URL);
    open(0).receive(gzip("x".repeat(10 << 20)));
    assertFailed("The body has more than 1048576 bytes.", response);
  }

  @Test
  void gzip_ofHeadIsNoBody() {
    Future<Response> response = client.send(URL, Request.of("HEAD", "/"));
    open(0).receive("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 99\r\n\r\n");
    assertEquals("", response.get().text());
    assertEquals("99", response.get().headers().first("Content-Length").get());
  }

  /* ------ Redirects ------ */

  @Test
  void redirect_isTheResponseUnlessFollowed() {
    Future<Response> response = client.get(URL);
    open(0).receive(redirect(302, "/other"));
    assertEquals(302, response.get().status().code());
  }

  @ParameterizedTest
  @CsvSource({
    "301, GET, GET",
    "301, POST, GET",
    "301, PUT, PUT",
    "301, HEAD, HEAD",
    "302, POST, GET",
    "302, DELETE, DELETE",
    "303, POST, GET",
    "303, PUT, GET",
    "303, HEAD, HEAD",
    "307, POST, POST",
    "308, POST, POST",
    "308, GET, GET"
  })
  void redirect_method(int code, String method, String then) {
    Request request =
        Request.of(method, "/").withBody(Body.of("x")).withHeader("Content-Type", "text/plain");
    Future<Response> response = client.followingRedirects(5).send(URL, request);
    FakeChannel channel = open(0);
    channel.takeSent();
    channel.receive(redirect(code, "../next?a=b#c"));
    String sent = channel.takeSent();
    assertTrue(sent.startsWith(then + " /next?a=b HTTP/1.1\r\n"), sent);
    assertEquals(method.equals(then), sent.contains("Content-Type"), sent);
    assertEquals(method.equals(then), sent.endsWith("\r\n\r\nx"), sent);
    channel.receive(ok(""));
    assertEquals(200, response.get().status().code());
  }

  @Test
  void redirect_toAnotherServerDropsCredentials() {
    Request request =
        Request.get("/")
            .withHeaders(
                Headers.of(
                    "Authorization", "Basic secret", "Cookie", "secret", "X", "y", "Accept", "z"));
    client.followingRedirects(5).send(URL, request);
    FakeChannel first = open(0);
    assertTrue(first.takeSent().contains("Basic secret"));
    first.receive(redirect(301, "/same"));
    assertTrue(first.takeSent().contains("Basic secret"));
    first.receive(redirect(301, "//127.0.0.2/x"));
    String sent = open(1).takeSent();
    assertTrue(sent.startsWith("GET /x HTTP/1.1\r\nHost: 127.0.0.2\r\n"), sent);
    assertFalse(sent.contains("secret"), sent);
    assertTrue(sent.contains("X: y"), sent);
  }

  @Test
  void redirect_tooOftenIsTheResponse() {
    Future<Response> response = client.followingRedirects(2).get(URL);
    FakeChannel channel = open(0);
    for (int i = 0; i < 3; i++) {
      assertTrue(response.isPending());
      channel.receive(redirect(302, "/loop"));
    }
    assertEquals(302, response.get().status().code());
    assertThrows(IllegalArgumentException.class, () -> client.followingRedirects(-1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "http+unix://%2Frun%2Fsecret.sock/",
        "ftp://a:1/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "http://user:password@a/",
        "http://",
        "/%zz?%"
      })
  void redirect_thatIsNotFollowed(String location) {
    Future<Response> response = client.followingRedirects(5).get(URL);
    open(0).receive(redirect(302, location));
    assertEquals(302, response.get().status().code());
    assertEquals(1, network.dials.size());
  }

  @ParameterizedTest
  @ValueSource(ints = {300, 304, 305, 306, 200, 404})
  void redirect_otherStatusesAreNone(int code) {
    Future<Response> response = client.followingRedirects(5).get(URL);
    open(0).receive(redirect(code, "/x"));
    assertEquals(code, response.get().status().code());
  }

  @Test
  void redirect_ofAStreamIsNotFollowedIfItWouldHaveToBeSentAgain() {
    Pipe<Chunk> pipe = Pipe.bytes();
    pipe.writer().close();
    Future<Response> response =
        client.followingRedirects(5).send(URL, Request.post("/", Body.of(pipe.reader())));
    open(0).receive(redirect(307, "/x"));
    assertEquals(307, response.get().status().code());
  }

  @Test
  void redirect_locationsOfOtherCharacterSetsAreEncoded() {
    client.followingRedirects(1).get(URL);
    FakeChannel channel = open(0);
    channel.takeSent();
    channel.receive(redirect(302, "/caf\u00c3\u00a9 au lait"));
    assertTrue(channel.takeSent().startsWith("GET /caf%C3%A9%20au%20lait HTTP/1.1\r\n"));
  }
}

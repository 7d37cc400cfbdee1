package io.libprocess.http.client;

import static io.libprocess.http.client.ClientFixture.ok;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.context.Context;
import io.libprocess.context.Propagation;
import io.libprocess.context.Trace;
import io.libprocess.future.Future;
import io.libprocess.http.Body;
import io.libprocess.http.ClientSettings;
import io.libprocess.http.Headers;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.http.Url;
import io.libprocess.http.http1.FakeChannel;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.Pipe;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpClientRedirectTest extends HttpClientFixture {

  private static String redirect(int code, String location) {
    return "HTTP/1.1 " + code + " X\r\nLocation: " + location + "\r\nContent-Length: 0\r\n\r\n";
  }

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
                    "Authorization",
                    "Basic secret",
                    "Proxy-Authorization",
                    "Basic secret",
                    "Cookie",
                    "secret",
                    "X",
                    "y",
                    "Accept",
                    "z"));
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
  void redirect_withoutTheBodyLeavesOutWhatBelongsToIt() {
    Request request =
        Request.post("/", Body.of("x"))
            .withHeaders(
                Headers.of(
                    "Content-Type", "a/b",
                    "Content-Encoding", "gzip",
                    "Content-Language", "en",
                    "Content-Location", "/y",
                    "Content-Length", "1",
                    "Expect", "100-continue",
                    "X", "y"));
    Response response = Response.of(303).withHeader("Location", "/x");

    Request then = Redirect.of(URL, request, response).orElseThrow().request();

    assertEquals(Headers.of("X", "y"), then.headers());
    assertTrue(then.body() instanceof Body.Empty);
  }

  /** Not even if that server sends it back. */
  @Test
  void redirect_toAnotherServerDropsTheContext() {
    client.close();
    client = client(ClientSettings.builder().propagation(Propagation.trusted()).build());
    Context traced = Context.empty().with(Trace.KEY, Trace.start(Trace.Sampling.YES, () -> 7));
    traced.call(() -> client.followingRedirects(5).get(URL));
    FakeChannel first = open(0);
    assertTrue(first.takeSent().contains("X-B3-TraceId: "));
    first.receive(redirect(301, "/same"));
    assertTrue(first.takeSent().contains("X-B3-TraceId: "));
    first.receive(redirect(301, "//127.0.0.2/other"));
    FakeChannel other = open(1);
    assertFalse(other.takeSent().contains("B3"));
    other.receive(redirect(301, URL.toString()));
    String back = first.takeSent();
    assertTrue(back.startsWith("GET /path?q HTTP/1.1\r\n"), back);
    assertFalse(back.contains("B3"), back);
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

  @ParameterizedTest
  @CsvSource({
    "https://a/, http://a/, false",
    "https://a/, http://b:443/, false",
    "https://a/, https://b/, true",
    "http://a/, https://a/, true",
    "https://a/, //b/x, true",
    "https://a/, /x, true"
  })
  void redirect_neverGivesUpEncryption(String from, String location, boolean followed) {
    Response response = Response.of(302).withHeader("Location", location);

    assertEquals(followed, Redirect.of(Url.parse(from), Request.get("/"), response).isPresent());
  }

  @ParameterizedTest
  @CsvSource({
    "http+unix://%2Frun%2Fa.sock/, /x, true",
    "http+unix://%2Frun%2Fa.sock/, http+unix://%2Frun%2Fa.sock/x, true",
    "http+unix://%2Frun%2Fa.sock/, http+unix://%2Frun%2Fb.sock/, false"
  })
  void redirect_ofALocalServerStaysThere(String from, String location, boolean followed) {
    Response response = Response.of(302).withHeader("Location", location);

    assertEquals(followed, Redirect.of(Url.parse(from), Request.get("/"), response).isPresent());
  }

  @Test
  void redirect_withALongBodyIsNotReadToItsEnd() {
    client.followingRedirects(5).get(URL);
    FakeChannel channel = open(0);
    channel.receive("HTTP/1.1 302 X\r\nLocation: /x\r\nContent-Length: 10000000\r\n\r\n");
    assertTrue(open(1).takeSent().startsWith("GET /x HTTP/1.1\r\n"));
    for (int i = 0; i < 100 && !channel.isClosed(); i++) {
      channel.receiveAlthoughPaused("x".repeat(1000));
    }
    assertTrue(channel.isClosed());
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
  void redirect_ofAStreamIsFollowedIfItIsNotSentAgain() {
    Pipe<Chunk> pipe = Pipe.bytes();
    pipe.writer().close();
    Future<Response> response =
        client.followingRedirects(5).send(URL, Request.post("/", Body.of(pipe.reader())));
    FakeChannel channel = open(0);
    channel.takeSent();
    channel.receive(redirect(303, "/x"));
    assertTrue(channel.takeSent().startsWith("GET /x HTTP/1.1\r\n"));
    channel.receive(ok("seen"));
    assertEquals("seen", response.get().text());
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

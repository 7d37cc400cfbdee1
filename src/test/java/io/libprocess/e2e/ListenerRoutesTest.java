package io.libprocess.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.http.HttpListener;
import io.libprocess.http.Limits;
import io.libprocess.http.Principal;
import io.libprocess.http.Response;
import io.libprocess.http.Route;
import io.libprocess.http.filter.RequestId;
import io.libprocess.http.security.AuthenticationResult;
import io.libprocess.http.security.Authenticator;
import io.libprocess.http.security.BasicAuthenticator;
import io.libprocess.net.Address;
import io.libprocess.stream.Sink;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A public port: routes, realms and filters without a node, and no messages. */
@Timeout(60)
class ListenerRoutesTest {

  private static final Authenticator SIGNED =
      Authenticator.of(
          "Signed",
          request ->
              Future.of(
                  request.text().endsWith("signed")
                      ? AuthenticationResult.of(Principal.of("signer"))
                      : AuthenticationResult.forbidden()));

  private final HttpListener listener = start();

  private static HttpListener start() {
    try {
      return HttpListener.builder()
          .limits(Limits.builder().body(100).build())
          .authenticator("staff", new BasicAuthenticator("staff", Map.of("ann", "a")))
          .authenticator("signed", SIGNED)
          .openRealm("open")
          .filter(RequestId.kept())
          .route(Route.at("/"), request -> Future.of(Response.ok("root")))
          .route(
              Route.get("/books/{isbn}").realm("open"),
              request -> Future.of(Response.ok(request.segment("isbn"))))
          .route(
              Route.post("/gold").realm("staff"),
              (request, who) -> Future.of(Response.ok(who.orElseThrow() + ":" + request.text())))
          .route(
              Route.post("/signed").realm("signed"),
              (request, who) -> Future.of(Response.ok(who.orElseThrow().toString())))
          .route(Route.post("/small").maxBody(3), request -> Future.of(Response.ok(request.text())))
          .route(
              Route.put("/short").streaming().maxBody(3),
              request ->
                  request.stream()
                      .to(Sink.fold(0, (sum, piece) -> sum + piece.size()))
                      .map(sum -> Response.ok("" + sum)))
          .route(
              Route.put("/count").streaming(),
              request ->
                  request.stream()
                      .to(Sink.fold(0, (sum, piece) -> sum + piece.size()))
                      .map(sum -> Response.ok("" + sum)))
          .route(
              Route.get("/broken").filter((request, next) -> next.call(request)),
              request -> {
                throw new IllegalStateException("secret");
              })
          .start(Address.loopback(0));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @AfterEach
  void close() {
    listener.close();
  }

  private Reply send(String method, String target, String fields, String body) throws IOException {
    try (RawClient client = new RawClient(listener.address().inet().orElseThrow().port())) {
      return client
          .send(
              method
                  + " "
                  + target
                  + " HTTP/1.1\r\nHost: a\r\n"
                  + fields
                  + "Transfer-Encoding: chunked\r\n\r\n"
                  + (body.isEmpty()
                      ? ""
                      : Integer.toHexString(body.length()) + "\r\n" + body + "\r\n")
                  + "0\r\n\r\n")
          .reply();
    }
  }

  private String text(String method, String target, String fields, String body) throws IOException {
    Reply reply = send(method, target, fields, body);
    assertTrue(reply.header("X-Request-Id").isPresent(), reply::statusLine);
    return reply.status() + " " + reply.text();
  }

  @Test
  void routes_areFoundAsThoseOfProcesses() throws Exception {
    assertEquals("200 root", text("GET", "/", "", ""));
    assertEquals("200 a/b", text("GET", "//books/a%2Fb/", "", ""));
    assertEquals("404 404 Not Found.", text("GET", "/nothing", "", ""));
    assertEquals("404 404 Not Found.", text("GET", "/books/../gold", "", ""));
    assertEquals(405, send("DELETE", "/books/1", "", "").status());
    assertEquals(204, send("OPTIONS", "/books/1", "", "").status());
  }

  @Test
  void realms_areKept_andBodiesCollected() throws Exception {
    String ann = "Authorization: " + AuthenticatedNode.basic("ann:a") + "\r\n";
    assertEquals(401, send("POST", "/gold", "", "x").status());
    assertEquals("200 ann:x", text("POST", "/gold", ann, "x"));
    assertEquals(413, send("POST", "/gold", ann, "x".repeat(101)).status());
    assertEquals("200 signer", text("POST", "/signed", "", "to be signed"));
    assertEquals(403, send("POST", "/signed", "", "forged").status());
    assertEquals("200 101", text("PUT", "/count", "", "x".repeat(101)));
  }

  @Test
  void bodies_areLimitedByTheRoute() throws Exception {
    assertEquals("200 abc", text("POST", "/small", "", "abc"));
    assertEquals(413, send("POST", "/small", "", "abcd").status());
    assertEquals("200 3", text("PUT", "/short", "", "abc"));
    assertEquals(413, send("PUT", "/short", "", "abcd").status());
    try (RawClient client = new RawClient(listener.address().inet().orElseThrow().port())) {
      client.send("PUT /short HTTP/1.1\r\nHost: a\r\nContent-Length: 99\r\n\r\na");
      assertEquals(413, client.reply().status());
    }
  }

  @Test
  void failures_areHiddenFromTheClient() throws Exception {
    Reply reply = send("GET", "/broken", "", "");
    assertEquals(500, reply.status());
    assertFalse(reply.text().contains("secret"));
  }

  @Test
  void messages_areNotTaken() throws Exception {
    assertEquals(
        404, send("POST", "/process/name", "Libprocess-From: me@127.0.0.1:1\r\n", "").status());
  }

  @Test
  void route_withARealmThatNobodyKnows_isRefused() {
    HttpListener.Builder builder =
        HttpListener.builder()
            .route(Route.at("/").realm("nobody's"), request -> Future.of(Response.ok()));
    assertThrows(IllegalStateException.class, () -> builder.start(Address.loopback(0)));
  }
}

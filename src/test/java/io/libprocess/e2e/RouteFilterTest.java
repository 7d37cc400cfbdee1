package io.libprocess.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.Config;
import io.libprocess.Node;
import io.libprocess.Process;
import io.libprocess.UPID;
import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.http.HttpFilter;
import io.libprocess.http.Principal;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.http.Route;
import io.libprocess.http.filter.Cors;
import io.libprocess.http.security.BasicAuthenticator;
import io.libprocess.support.Expect;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Filters before all routes of a node, around a route, and around its handler. */
@Timeout(60)
class RouteFilterTest {

  private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();

  private final Node node =
      Node.start(
          Config.builder()
              .authenticator("staff", new BasicAuthenticator("staff", Map.of("ann", "a")))
              .filter(noting("node"))
              .build());

  /** Notes what goes by, on its way in and out, and who asks. */
  private HttpFilter noting(String name) {
    return (request, next) -> {
      seen.add(name + " " + request.method() + who(request));
      return next.call(request).map(response -> noted(name, request, response));
    };
  }

  private Response noted(String name, Request request, Response response) {
    seen.add(name + " " + response.status().code() + who(request));
    return response.withHeaders(response.headers().adding("X-Seen", name));
  }

  private static String who(Request request) {
    return request.principal().flatMap(Principal::value).map(value -> " " + value).orElse("");
  }

  private final class Shop extends Process<Shop> {
    final BlockingQueue<UPID> messages = new LinkedBlockingQueue<>();
    final BlockingQueue<Promise<Response>> asked = new LinkedBlockingQueue<>();

    Shop() {
      super("shop");
    }

    @Override
    protected void initialize() {
      install("hello", (from, body) -> messages.add(from));
      route(
          Route.get("/gold")
              .realm("staff")
              .filter(noting("outer"))
              .filter(noting("second"))
              .filterAdmitted(noting("inner")),
          request -> Future.of(Response.ok(request.principal().orElseThrow().toString())));
      route(
          Route.post("/echo").filter(noting("outer")),
          request -> Future.of(Response.ok(request.text())));
      route(
          Route.at("/broken").filter(noting("outer")),
          request -> {
            throw new IllegalStateException("secret");
          });
      route(
          Route.at("/twice")
              .filter((request, next) -> next.call(request).then(r -> next.call(request))),
          request -> Future.of(Response.ok("again")));
      route(
          Route.at("/shut").filter((request, next) -> Future.of(Response.forbidden("no entry"))),
          request -> Future.of(Response.ok("handled")));
      route(
          Route.post("/late")
              .filter((request, next) -> node.async(() -> 1).then(one -> next.call(request))),
          request -> Future.of(Response.ok(request.text() + self().id())));
      route(
          Route.at("/slow").filter(noting("outer")),
          request -> {
            Promise<Response> promise = new Promise<>();
            asked.add(promise);
            return promise.future();
          });
      route(
          Route.put("/cors/{id}")
              .realm("staff")
              .filter(Cors.origins("https://shop.example").headers("Authorization").build()),
          request -> Future.of(Response.ok("put " + request.segment("id"))));
    }
  }

  private final Shop shop = new Shop();
  private final UPID pid = node.spawn(shop);

  @AfterEach
  void close() {
    node.close();
  }

  private Reply send(String method, String target, String fields, String body) throws IOException {
    try (RawClient client = new RawClient(node.address().port())) {
      return client
          .send(
              method
                  + " "
                  + target
                  + " HTTP/1.1\r\nHost: a\r\n"
                  + fields
                  + "Content-Length: "
                  + body.length()
                  + "\r\n\r\n"
                  + body)
          .reply();
    }
  }

  private Reply get(String target, String fields) throws IOException {
    return send("GET", target, fields, "");
  }

  private static String ann() {
    return "Authorization: " + AuthenticatedNode.basic("ann:a") + "\r\n";
  }

  private List<String> seen() {
    List<String> all = List.copyOf(seen);
    seen.clear();
    return all;
  }

  @Test
  void filters_areAroundEachOther_andKnowWhoAsks() throws Exception {
    Reply reply = get("/shop/gold", ann());
    assertEquals("ann", reply.text());
    assertEquals(
        List.of(
            "node GET",
            "outer GET",
            "second GET",
            "inner GET ann",
            "inner 200 ann",
            "second 200 ann",
            "outer 200 ann",
            "node 200 ann"),
        seen());
    assertEquals(4, reply.fields().stream().filter(field -> field.startsWith("X-Seen")).count());
  }

  @Test
  void outerFilters_seeWhatTheLibraryAnswers() throws Exception {
    assertEquals(401, get("/shop/gold", "").status());
    assertEquals(
        List.of("node GET", "outer GET", "second GET", "second 401", "outer 401", "node 401"),
        seen());
    assertEquals(405, send("DELETE", "/shop/gold", "", "").status());
    assertEquals(
        List.of(
            "node DELETE", "outer DELETE", "second DELETE", "second 405", "outer 405", "node 405"),
        seen());
    assertEquals(404, get("/shop/nothing", "").status());
    assertEquals(List.of("node GET", "node 404"), seen());
    assertEquals(404, get("/nobody", "").status());
    assertEquals(List.of("node GET", "node 404"), seen());
  }

  @Test
  void failures_areAnswersWhenFiltersSeeThem() throws Exception {
    Reply reply = get("/shop/broken", "");
    assertEquals(500, reply.status());
    assertTrue(reply.text().contains("See the log for failure"), reply::text);
    assertEquals(List.of("node GET", "outer GET", "outer 500", "node 500"), seen());
  }

  @Test
  void body_thatComesInPieces_isCollectedBehindTheFilter() throws Exception {
    try (RawClient client = new RawClient(node.address().port())) {
      client.send("POST /shop/echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
      client.send("3\r\nabc\r\n");
      Expect.next("node POST", seen);
      Expect.next("outer POST", seen);
      client.send("2\r\nde\r\n0\r\n\r\n");
      assertEquals("abcde", client.reply().text());
    }
  }

  @Test
  void filter_mayAnswerPassOnLaterOrTwice() throws Exception {
    assertEquals("again", get("/shop/twice", "").text());
    assertEquals("no entry", get("/shop/shut", "").text());
    assertEquals("whatshop", send("POST", "/shop/late", "", "what").text());
  }

  @Test
  void discard_ofAClientThatLeaves_reachesTheHandler() throws Exception {
    Promise<Response> asked;
    try (RawClient client = new RawClient(node.address().port())) {
      client.send(RawClient.get("/shop/slow"));
      asked = Expect.next(shop.asked);
      client.reset();
    }
    CountDownLatch discarded = new CountDownLatch(1);
    asked.future().onDiscard(discarded::countDown);
    Expect.opened(discarded);
  }

  @Test
  void messages_passByTheFilters() throws Exception {
    try (Node other = Node.start(Config.builder().build())) {
      other.post(new UPID("me", other.address()), pid, "hello", new byte[0]);
      Expect.next(shop.messages);
    }
    assertEquals(List.of(), seen());
  }

  @Test
  void preflight_ofARouteWithARealm_isAnswered() throws Exception {
    String origin = "Origin: https://shop.example\r\n";
    Reply preflight =
        send(
            "OPTIONS",
            "/shop/cors/1",
            origin
                + "Access-Control-Request-Method: PUT\r\n"
                + "Access-Control-Request-Headers: authorization\r\n",
            "");
    assertEquals(204, preflight.status());
    assertEquals(
        "https://shop.example", preflight.header("Access-Control-Allow-Origin").orElseThrow());
    assertEquals(
        "Content-Type, Authorization",
        preflight.header("Access-Control-Allow-Headers").orElseThrow());
    Reply refused = send("PUT", "/shop/cors/1", origin, "");
    assertEquals(401, refused.status());
    assertEquals(
        "https://shop.example", refused.header("Access-Control-Allow-Origin").orElseThrow());
    assertEquals("put 1", send("PUT", "/shop/cors/1", origin + ann(), "").text());
  }
}

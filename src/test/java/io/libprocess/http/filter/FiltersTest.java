package io.libprocess.http.filter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.http.Body;
import io.libprocess.http.Headers;
import io.libprocess.http.HttpFilter;
import io.libprocess.http.Principal;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.internal.json.Json;
import io.libprocess.service.Service;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.Stream;
import io.libprocess.support.Expect;
import io.libprocess.support.LogCapture;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FiltersTest {

  private static final String TEXT = "x".repeat(2000);

  private static Response through(HttpFilter filter, Request request, Response response) {
    Service<Request, Response> handler = asked -> Future.of(response);
    return Expect.ready(filter.andThen(handler).call(request));
  }

  private static String header(Response response, String name) {
    return response.headers().joined(name).orElse("none");
  }

  /* ------ CORS ------ */

  private static final Cors CORS =
      Cors.origins("https://a.example", "http://b.example:81")
          .credentials()
          .exposedHeaders("X-One", "X-Two")
          .maxAge(Duration.ofSeconds(5))
          .build();

  private static Request from(String method, String origin) {
    return Request.of(method, "/").withHeader("Origin", origin);
  }

  @Test
  void cors_letsListedOriginsRead() {
    Response response = through(CORS, from("GET", "http://b.example:81"), Response.notFound());
    assertEquals("http://b.example:81", header(response, "Access-Control-Allow-Origin"));
    assertEquals("true", header(response, "Access-Control-Allow-Credentials"));
    assertEquals("X-One, X-Two", header(response, "Access-Control-Expose-Headers"));
    assertEquals("Origin", header(response, "Vary"));
  }

  @Test
  void cors_letsNoOtherOriginRead_andTellsCaches() {
    for (String origin : List.of("https://c.example", "https://a.example:444", "null", "*")) {
      Response response = through(CORS, from("GET", origin), Response.ok("text"));
      assertEquals("none", header(response, "Access-Control-Allow-Origin"));
      assertEquals("Origin", header(response, "Vary"));
      Request preflight =
          from("OPTIONS", origin).withHeader("Access-Control-Request-Method", "GET");
      assertEquals(403, through(CORS, preflight, Response.ok()).status().code());
    }
    assertEquals(
        "Accept, Origin",
        header(
            through(CORS, Request.get("/"), Response.ok().withHeader("Vary", "Accept")), "Vary"));
  }

  @Test
  void cors_answersAPreflightItself() {
    Request preflight =
        from("OPTIONS", "https://a.example")
            .withHeader("Access-Control-Request-Method", "PUT")
            .withHeader("Access-Control-Request-Headers", "content-type");
    Response response = through(CORS, preflight, Response.unauthorized(List.of("Basic")));
    assertEquals(204, response.status().code());
    assertEquals(
        "GET, HEAD, POST, PUT, PATCH, DELETE", header(response, "Access-Control-Allow-Methods"));
    assertEquals("Content-Type", header(response, "Access-Control-Allow-Headers"));
    assertEquals("5", header(response, "Access-Control-Max-Age"));
    Request plain = from("OPTIONS", "https://a.example");
    assertEquals(
        401, through(CORS, plain, Response.unauthorized(List.of("Basic"))).status().code());
  }

  @Test
  void cors_ofAnyOrigin_isForNoCredentials() {
    Cors any = Cors.anyOrigin().build();
    Response response = through(any, from("GET", "https://c.example"), Response.ok());
    assertEquals("*", header(response, "Access-Control-Allow-Origin"));
    assertEquals("none", header(response, "Access-Control-Allow-Credentials"));
    Cors.Builder careless = Cors.anyOrigin().credentials();
    assertThrows(IllegalArgumentException.class, careless::build);
    assertThrows(IllegalArgumentException.class, () -> Cors.origins("a.example"));
    assertThrows(IllegalArgumentException.class, () -> Cors.origins("https://a.example/path"));
    assertThrows(IllegalArgumentException.class, Cors::origins);
  }

  /* ------ Logs ------ */

  private static String logged(AccessLog log, Request request, Response response) throws Exception {
    try (LogCapture capture = new LogCapture()) {
      through(log, request, response);
      return capture.await("/path").getMessage();
    }
  }

  @Test
  void accessLog_writesTheCommonFormats() throws Exception {
    Request request =
        Request.get("/path?secret=1")
            .withHeader("User-Agent", "a\"b\\\u0085c")
            .withPrincipal(Principal.of("ann"));
    String line = logged(AccessLog.common(), request, Response.ok("12345"));
    assertTrue(
        line.matches(
            "- - ann \\[\\d\\d/[A-Z][a-z]{2}/\\d{4}:\\d\\d:\\d\\d:\\d\\d \\+0000]"
                + " \"GET /path HTTP/1\\.1\" 200 5"),
        line);
    String combined = logged(AccessLog.combined().withQueries(), request, Response.notFound());
    assertTrue(combined.contains("\"GET /path?secret=1 HTTP/1.1\" 404 14 \"-\" "), combined);
    assertTrue(combined.endsWith(" \"a\\\"b\\\\\\x85c\""), combined);
  }

  @Test
  void accessLog_writesJson() throws Exception {
    HttpFilter both =
        (request, next) -> AccessLog.json().apply(request, RequestId.kept().andThen(next));
    try (LogCapture capture = new LogCapture()) {
      through(both, Request.get("/path").withHeader("X-Request-Id", "id-1"), Response.ok("12345"));
      Map<?, ?> line = (Map<?, ?>) Json.parse(capture.await("/path").getMessage());
      assertEquals("200", line.get("status").toString());
      assertEquals("5", line.get("bytes").toString());
      assertEquals("id-1", line.get("requestId"));
      assertFalse(line.containsKey("user"));
    }
  }

  @Test
  void accessLog_tellsOfFailures() throws Exception {
    try (LogCapture capture = new LogCapture()) {
      Service<Request, Response> broken = request -> Future.failed("broken");
      Expect.failure(
          AccessLog.common().to("io.libprocess.mine").andThen(broken).call(Request.get("/path")));
      assertEquals("io.libprocess.mine", capture.await("\" 500 -").getLoggerName());
    }
  }

  @Test
  void requestId_isKeptOrMade() {
    Request request = Request.get("/").withHeader("X-Request-Id", "given-1");
    assertEquals(
        "given-1", header(through(RequestId.kept(), request, Response.ok()), "X-Request-Id"));
    RequestId fresh = RequestId.fresh();
    String one = header(through(fresh, request, Response.ok()), "X-Request-Id");
    String two = header(through(fresh, request, Response.ok()), "X-Request-Id");
    assertTrue(one.matches("[0-9a-f]{16}"), one);
    assertNotEquals(one, two);
    for (String bad : List.of("a b", "x".repeat(129), "a\"", "")) {
      Request brought = Request.get("/").withHeader("X-Request-Id", bad);
      assertNotEquals(
          bad, header(through(RequestId.kept(), brought, Response.ok()), "X-Request-Id"));
    }
  }

  /* ------ What browsers and caches are told ------ */

  @Test
  void securityHeaders_doNotReplaceTheHandlers() {
    SecurityHeaders headers =
        SecurityHeaders.standard()
            .strictTransport(Duration.ofDays(1))
            .contentSecurityPolicy("default-src 'self'")
            .without("Referrer-Policy");
    Response own = Response.ok().withHeader("x-frame-options", "SAMEORIGIN");
    Response response = through(headers, Request.get("/"), own);
    assertEquals("SAMEORIGIN", header(response, "X-Frame-Options"));
    assertEquals("nosniff", header(response, "X-Content-Type-Options"));
    assertEquals("max-age=86400; includeSubDomains", header(response, "Strict-Transport-Security"));
    assertEquals("default-src 'self'", header(response, "Content-Security-Policy"));
    assertEquals("none", header(response, "Referrer-Policy"));
  }

  @Test
  void cacheValidators_answerWhatTheClientHas() {
    CacheValidators filter = CacheValidators.standard().cacheControl("no-cache");
    Response first = through(filter, Request.get("/"), Response.ok(TEXT));
    String tag = header(first, "ETag");
    assertEquals("no-cache", header(first, "Cache-Control"));
    Response second =
        through(
            filter, Request.get("/").withHeader("If-None-Match", "W/" + tag), Response.ok(TEXT));
    assertEquals(304, second.status().code());
    assertEquals(tag, header(second, "ETag"));
    assertTrue(second.body() instanceof Body.Empty);
    Response changed =
        through(filter, Request.get("/").withHeader("If-None-Match", tag), Response.ok("other"));
    assertEquals(200, changed.status().code());
    Request post = Request.post("/", Body.empty()).withHeader("If-None-Match", tag);
    assertEquals("none", header(through(filter, post, Response.ok(TEXT)), "ETag"));
    assertEquals("none", header(through(filter, Request.get("/"), Response.notFound()), "ETag"));
  }

  @Test
  void cacheValidators_goByTheDateIfThereIsNoTag() {
    String date = "Thu, 02 Mar 1989 00:00:00 GMT";
    Response dated = Response.ok("text").withHeader("Last-Modified", date);
    CacheValidators filter = CacheValidators.standard();
    Request since = Request.get("/").withHeader("If-Modified-Since", date);
    assertEquals(304, through(filter, since, dated).status().code());
    assertEquals(
        200,
        through(filter, since.withHeader("If-None-Match", "\"other\""), dated).status().code());
  }

  @Test
  void compression_isForListedTypes() {
    Request accepting = Request.get("/").withHeader("Accept-Encoding", "gzip");
    Response image =
        Response.ok(Chunk.utf8(TEXT), "image/png").withHeader("Cache-Control", "private");
    Compression texts = Compression.ofTexts().withStreams();
    assertEquals(
        "private, no-transform", header(through(texts, accepting, image), "Cache-Control"));
    assertEquals("none", header(through(texts, accepting, Response.ok(TEXT)), "Cache-Control"));
    assertEquals(
        "no-transform",
        header(through(Compression.none(), accepting, Response.ok(TEXT)), "Cache-Control"));
    Response stream = Response.stream(Stream.of(Chunk.utf8(TEXT)), "Text/Html; charset=utf-8");
    Response packed = through(texts, accepting, stream);
    assertEquals("gzip", header(packed, "Content-Encoding"));
    assertEquals("Accept-Encoding", header(packed, "Vary"));
    Response events = Response.events(Stream.empty());
    assertEquals("none", header(through(texts, accepting, events), "Content-Encoding"));
    assertEquals("none", header(through(texts, Request.get("/"), stream), "Content-Encoding"));
  }

  /* ------ Limits ------ */

  @Test
  void concurrentRequests_areLimited_untilTheyEndInAnyWay() {
    Promise<Response> first = new Promise<>();
    Service<Request, Response> handler =
        ConcurrentRequests.atMost(1)
            .andThen(
                request ->
                    request.path().equals("/wait") ? first.future() : Future.of(Response.ok()));
    Future<Response> waiting = handler.call(Request.get("/wait"));
    Response refused = Expect.ready(handler.call(Request.get("/")));
    assertEquals(503, refused.status().code());
    assertEquals("1", header(refused, "Retry-After"));
    first.abandon();
    assertTrue(waiting.isPending());
    assertEquals(200, Expect.ready(handler.call(Request.get("/"))).status().code());
    assertEquals(200, Expect.ready(handler.call(Request.get("/"))).status().code());
  }

  @Test
  void rateLimit_isOfItsOwnForEachPrincipal() {
    RateLimit limit = RateLimit.perPrincipal(2, Duration.ofHours(1));
    Request ann = Request.get("/").withPrincipal(Principal.of("ann"));
    Request bob =
        Request.get("/").withPrincipal(new Principal(Optional.of("bob"), Map.of("a", "b")));
    assertEquals(200, through(limit, ann, Response.ok()).status().code());
    assertEquals(200, through(limit, ann, Response.ok()).status().code());
    Response refused = through(limit, ann, Response.ok());
    assertEquals(429, refused.status().code());
    assertTrue(Integer.parseInt(header(refused, "Retry-After")) > 1000);
    assertEquals(200, through(limit, bob, Response.ok()).status().code());
    assertEquals(200, through(limit, Request.get("/"), Response.ok()).status().code());
    assertThrows(IllegalArgumentException.class, () -> limit.burst(0));
  }

  @Test
  void headers_thatAreIllegal_areRefusedWhenTheFilterIsMade() {
    assertThrows(IllegalArgumentException.class, () -> SecurityHeaders.standard().with("a b", ""));
    assertThrows(
        IllegalArgumentException.class, () -> CacheValidators.standard().cacheControl("a\nb"));
    Cors.Builder broken = Cors.origins("https://a.example").headers("a\nb");
    assertThrows(IllegalArgumentException.class, broken::build);
    assertEquals(Headers.empty(), Response.ok().headers());
  }
}

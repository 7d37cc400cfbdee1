package io.libprocess.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ResponseTest {

  private static void assertText(int code, String text, Response response) {
    assertEquals(code, response.status().code());
    assertEquals(text, text(response));
    assertEquals(
        Optional.of("text/plain; charset=utf-8"), response.headers().first("content-type"));
  }

  private static String text(Response response) {
    return ((Body.Bytes) response.body()).content().utf8();
  }

  @Test
  void refusals_defaultBodies() {
    assertText(400, "400 Bad Request.", Response.badRequest());
    assertText(401, "401 Unauthorized.", Response.unauthorized(List.of("Basic realm=\"r\"")));
    assertText(403, "403 Forbidden.", Response.forbidden());
    assertText(404, "404 Not Found.", Response.notFound());
    assertText(406, "406 Not Acceptable.", Response.notAcceptable());
    assertText(409, "409 Conflict.", Response.conflict());
    assertText(412, "412 Precondition Failed.", Response.preconditionFailed());
    assertText(415, "415 Unsupported Media Type.", Response.unsupportedMediaType());
    assertText(500, "500 Internal Server Error.", Response.internalServerError());
    assertText(501, "501 Not Implemented.", Response.notImplemented());
    assertText(503, "503 Service Unavailable.", Response.serviceUnavailable());
  }

  @Test
  void refusals_bodiesOfTheirOwn() {
    assertText(400, "b", Response.badRequest("b"));
    assertText(401, "b", Response.unauthorized(List.of("Basic"), "b"));
    assertText(403, "b", Response.forbidden("b"));
    assertText(404, "b", Response.notFound("b"));
    assertText(406, "b", Response.notAcceptable("b"));
    assertText(409, "b", Response.conflict("b"));
    assertText(412, "b", Response.preconditionFailed("b"));
    assertText(415, "b", Response.unsupportedMediaType("b"));
    assertText(500, "b", Response.internalServerError("b"));
    assertText(501, "b", Response.notImplemented("b"));
    assertText(503, "b", Response.serviceUnavailable("b"));
  }

  @Test
  void unauthorized_joinsChallenges() {
    assertEquals(
        List.of("Basic realm=\"a\", Bearer realm=\"b\""),
        Response.unauthorized(List.of("Basic realm=\"a\"", "Bearer realm=\"b\""))
            .headers()
            .all("WWW-Authenticate"));
  }

  @Test
  void methodNotAllowed_namesTheMethods() {
    Response response = Response.methodNotAllowed("GET", "POST");

    assertText(405, "405 Method Not Allowed. Expecting one of { 'GET', 'POST' }.", response);
    assertEquals(Optional.of("GET, POST"), response.headers().first("Allow"));
    assertText(
        405,
        "405 Method Not Allowed. Expecting one of { 'GET', 'POST' }, but received 'PUT'.",
        Response.methodNotAllowed(List.of("GET", "POST"), Request.of("PUT", "/")));
  }

  @Test
  void ok_withAndWithoutBody() {
    assertInstanceOf(Body.Empty.class, Response.ok().body());
    assertEquals(Headers.empty(), Response.ok().headers());
    assertText(200, "hi", Response.ok("hi"));
    assertEquals(Optional.of("a/b"), Response.ok("hi", "a/b").headers().first("Content-Type"));
    assertInstanceOf(Body.Empty.class, Response.accepted().body());
    assertEquals(202, Response.accepted().status().code());
  }

  @Test
  void json_plainAndPadded() {
    assertEquals("{}", text(Response.json("{}")));
    assertEquals(Headers.of("Content-Type", "application/json"), Response.json("{}").headers());
    assertEquals("f({})", text(Response.jsonp("{}", "f")));
    assertEquals(
        Headers.of("Content-Type", "text/javascript"), Response.jsonp("{}", "f").headers());
  }

  @Test
  void temporaryRedirect_location() {
    Response response = Response.temporaryRedirect("/there");

    assertEquals(307, response.status().code());
    assertEquals(Headers.of("Location", "/there"), response.headers());
    assertInstanceOf(Body.Empty.class, response.body());
  }

  @Test
  void of_anyStatus() {
    assertEquals("299", Response.of(299).toString());
    assertInstanceOf(Body.Empty.class, Response.of(299).body());
    assertText(418, "teapot", Response.of(418, "teapot"));
    assertThrows(IllegalArgumentException.class, () -> Response.of(99));
  }

  private record Point(int x, int y) {}

  @Test
  void json_ofARecord() {
    Response response = Response.json(new Point(1, 2));

    assertEquals(Headers.of("Content-Type", "application/json"), response.headers());
    assertEquals(Response.json("{\"x\":1,\"y\":2}"), response);
  }
}

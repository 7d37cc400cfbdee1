package io.libprocess.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.http.Limits;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.http.coding.GzipEncoder;
import io.libprocess.stream.Chunk;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServerGzipTest {

  private static final String TEXT = "All work and no play. ".repeat(100);

  private Response response = Response.ok(TEXT);
  private final ServerFixture fixture =
      new ServerFixture(
          Limits.builder().body(10_000).build(),
          request ->
              request.method().equals("POST")
                  ? request.buffered(10_000).map(whole -> Response.ok(whole.text()))
                  : Future.of(response));

  @AfterEach
  void close() {
    fixture.close();
  }

  private String get(String field) {
    fixture.receive("GET / HTTP/1.1\r\nHost: a\r\n" + field + "\r\n\r\n");
    return fixture.sent();
  }

  private String post(byte[] body, String coding) {
    String bytes = new String(body, StandardCharsets.ISO_8859_1);
    String head =
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Encoding: %s\r\nContent-Length: %d\r\n\r\n";
    fixture.receive(head.formatted(coding, body.length) + bytes);
    return fixture.sent();
  }

  private static String body(String sent) {
    return sent.substring(sent.indexOf("\r\n\r\n") + 4);
  }

  private static boolean isGzip(String sent) {
    return sent.contains("\r\nContent-Encoding: gzip\r\n");
  }

  private static byte[] compressed(String text) {
    return GzipEncoder.encode(Chunk.utf8(text)).toArray();
  }

  /* ------ Responses ------ */

  @Test
  void response_isCompressedForWhoLikesIt() throws IOException {
    String sent = get("Accept-Encoding: deflate, gzip;q=0.5");
    byte[] bytes = body(sent).getBytes(StandardCharsets.ISO_8859_1);
    assertTrue(isGzip(sent), sent);
    assertTrue(sent.contains("\r\nVary: Accept-Encoding\r\n"), sent);
    assertTrue(sent.contains("\r\nContent-Length: " + bytes.length + "\r\n"), sent);
    assertEquals(
        TEXT, new String(new GZIPInputStream(new ByteArrayInputStream(bytes)).readAllBytes()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"X: y", "Accept-Encoding: br", "Accept-Encoding: gzip;q=0"})
  void response_isNotCompressedForOthers(String field) {
    String sent = get(field);
    assertFalse(isGzip(sent));
    assertEquals(TEXT, body(sent));
  }

  @Test
  void response_thatIsNotWorthItIsNotCompressed() {
    response = Response.ok("x".repeat(1023));
    assertFalse(isGzip(get("Accept-Encoding: gzip")));
    response = Response.ok("x".repeat(1024));
    assertTrue(isGzip(get("Accept-Encoding: gzip")));
    byte[] noise = new byte[5000];
    new Random(1).nextBytes(noise);
    response = Response.ok(Chunk.of(noise), "image/x-noise");
    assertFalse(isGzip(get("Accept-Encoding: gzip")));
  }

  @Test
  void response_thatMustNotBeCompressed() {
    response = Response.ok(TEXT).withHeader("Content-Encoding", "br");
    assertEquals(TEXT, body(get("Accept-Encoding: gzip")));
    response = Response.ok(TEXT).withHeader("Cache-Control", "max-age=1, No-Transform");
    assertEquals(TEXT, body(get("Accept-Encoding: gzip")));
    response = Response.ok(TEXT).withHeader("Content-Range", "bytes 0-1/9999");
    assertEquals(TEXT, body(get("Accept-Encoding: gzip")));
  }

  @Test
  void response_thatIsCompressedHasAWeakTag() {
    response = Response.ok(TEXT).withHeader("ETag", "\"a\"");
    assertTrue(get("Accept-Encoding: gzip").contains("\r\nETag: W/\"a\"\r\n"));
    assertTrue(get("X: y").contains("\r\nETag: \"a\"\r\n"));
  }

  @Test
  void head_hasTheLengthOfTheCompressedBody() {
    String sent = get("Accept-Encoding: gzip");
    fixture.receive("HEAD / HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\n\r\n");
    assertEquals(sent.substring(0, sent.indexOf("\r\n\r\n") + 4), fixture.sent());
  }

  @Test
  void response_thatIsLargeIsCompressedElsewhere() {
    response = Response.ok(TEXT.repeat(100));
    assertTrue(isGzip(get("Accept-Encoding: gzip")));
  }

  /* ------ Requests ------ */

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "GZIP", "x-gzip"})
  void HTTPConnectionTest_GzipRequestBody(String coding) {
    assertEquals("hello", body(post(compressed("hello"), coding)));
  }

  @Test
  void request_mayComeInPieces() {
    byte[] bytes = compressed(TEXT);
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    fixture.receive(
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Encoding: gzip\r\n"
            + "Transfer-Encoding: chunked\r\n\r\n");
    for (int i = 0; i < text.length(); i++) {
      fixture.receive("1\r\n" + text.charAt(i) + "\r\n");
    }
    fixture.receive("0\r\n\r\n");
    assertEquals(TEXT, body(fixture.sent()));
  }

  @Test
  void request_ofAnotherCodingPassesThrough() {
    assertEquals("bytes", body(post("bytes".getBytes(StandardCharsets.UTF_8), "br")));
  }

  @Test
  void request_withoutABodyHasNone() {
    assertEquals("", body(post(new byte[0], "gzip")));
  }

  @Test
  void request_thatIsNoGzipIs400AndTheConnectionGoesOn() {
    assertTrue(post("no gzip".getBytes(StandardCharsets.UTF_8), "gzip").startsWith("HTTP/1.1 400"));
    byte[] whole = compressed("hello");
    byte[] cut = Arrays.copyOf(whole, whole.length - 1);
    assertTrue(post(cut, "gzip").startsWith("HTTP/1.1 400 "));
    assertEquals("hello", body(post(whole, "gzip")));
  }

  @Test
  void request_thatBecomesTooLargeIs413() {
    byte[] bomb = compressed("0".repeat(1 << 20));
    assertTrue(bomb.length < 5000);
    assertTrue(post(bomb, "gzip").startsWith("HTTP/1.1 413 "));
  }

  /* ------ Beside ------ */

  @Test
  void received_isWhenTheFirstBytesCame() {
    try (ServerFixture calls = new ServerFixture(Limits.defaults())) {
      Instant start = calls.clock.now();
      calls.receive("GET /1 HTTP/1.1\r\n");
      calls.clock.advance(Duration.ofMillis(70));
      calls.receive("Host: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\nGET /3");
      calls.clock.advance(Duration.ofMillis(30));
      calls.receive(" HTTP/1.1\r\nHost: a\r\n\r\n");

      assertEquals(Optional.of(start), calls.call(0).request().received());
      assertEquals(Optional.of(start.plusMillis(70)), calls.call(1).request().received());
      assertEquals(Optional.of(start.plusMillis(70)), calls.call(2).request().received());
      assertEquals(Optional.empty(), Request.get("/").received());
      assertEquals(Optional.of(start), calls.call(0).request().withHeader("X", "y").received());
    }
  }
}

package io.libprocess.http.http1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.http.Headers;
import io.libprocess.http.Limits;
import io.libprocess.http.Request;
import io.libprocess.http.Version;
import io.libprocess.http.http1.Parsed.Message;
import io.libprocess.stream.Chunk;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Requests that are accepted, and their interpretation. Everything is parsed whole and in small
 * pieces.
 */
class RequestParserTest {

  private static Message parse(String wire) {
    return Parsed.parse(wire).only();
  }

  private static Request head(String... lines) {
    return parse(String.join("\r\n", lines) + "\r\n\r\n").head();
  }

  /* ------ Heads ------ */

  @Test
  void request_methodPathFragmentQueryAndHeaders() {
    Request request =
        head(
            "GET /path/file.json?key1=value1&key2=value2#fragment HTTP/1.1",
            "Host: localhost",
            "Connection: close",
            "Accept-Encoding: compress, gzip");

    assertEquals("GET", request.method());
    assertEquals("/path/file.json", request.path());
    assertEquals(Optional.of("fragment"), request.fragment());
    assertEquals(Map.of("key1", "value1", "key2", "value2"), request.query());
    assertEquals(
        Headers.of("Host", "localhost", "Connection", "close", "Accept-Encoding", "compress, gzip"),
        request.headers());
    assertFalse(request.keepAlive());
    assertEquals("", request.text());
  }

  @Test
  void header_longRunsOfBlanksInsideAValue() {
    String value = "with" + " ".repeat(500) + "blanks\tand tabs";

    assertEquals(
        Optional.of(value),
        head("GET / HTTP/1.1", "Host: a", "Name: " + value).headers().first("Name"));
  }

  @Test
  void header_anyCase() {
    Request request = head("GET / HTTP/1.1", "hOsT: localhost", "cOnnECtioN: close");

    assertFalse(request.keepAlive());
    assertEquals(Optional.of("localhost"), request.headers().first("Host"));
    assertEquals("cOnnECtioN", request.headers().name(1));
  }

  @Test
  void header_spellingOfKnownNamesIsKept() {
    Headers headers = head("GET / HTTP/1.1", "host: a", "User-Agent: b", "USER-AGENT: c").headers();

    assertEquals("host", headers.name(0));
    assertEquals("User-Agent", headers.name(1));
    assertEquals("USER-AGENT", headers.name(2));
  }

  @Test
  void header_blanksAroundTheValue() {
    Headers headers = head("GET / HTTP/1.1", "Host:a", "A: \t b \t", "B:", "C: ").headers();

    assertEquals(Headers.of("Host", "a", "A", "b", "B", "", "C", ""), headers);
  }

  @Test
  void header_repeatedFieldsStayInOrder() {
    Headers headers = head("GET / HTTP/1.1", "X: 1", "Host: a", "x: 2", "X: 1").headers();

    assertEquals(List.of("1", "2", "1"), headers.all("X"));
  }

  @Test
  void header_valueInLatin1() {
    Request request = head("GET / HTTP/1.1", "Host: a", "X: caf\u00e9\u00ff");

    assertEquals(Optional.of("caf\u00e9\u00ff"), request.headers().first("X"));
  }

  @Test
  void header_nameOfAllTokenCharacters() {
    String name = "!#$%&'*+-.^_`|~09azAZ";

    assertEquals(
        Optional.of("1"), head("GET / HTTP/1.1", "Host: a", name + ": 1").headers().first(name));
  }

  @Test
  void header_textThatRecursIsMadeOnce() {
    String wire = "GET /recurring HTTP/1.1\r\nHost: recurring.example\r\n\r\n";
    Parsed.parse(wire);
    Request first = parse(wire).head();
    Request second = parse(wire).head();

    assertSame(first.target(), second.target());
    assertSame(first.headers().value(0), second.headers().value(0));
  }

  @Test
  void header_secretsAreNotKept() {
    String wire = "GET / HTTP/1.1\r\nHost: a\r\nAuthorization: Basic abc\r\nCookie: d\r\n\r\n";
    Parsed.parse(wire);
    Headers first = parse(wire).head().headers();
    Headers second = parse(wire).head().headers();

    assertFalse(first.value(1) == second.value(1));
    assertFalse(first.value(2) == second.value(2));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET",
        "HEAD",
        "POST",
        "PUT",
        "DELETE",
        "PATCH",
        "TRACE",
        "M-SEARCH",
        "UNSUBSCRIBE"
      })
  void method_known(String method) {
    assertEquals(method, head(method + " / HTTP/1.1", "Host: a").method());
  }

  @ParameterizedTest
  @CsvSource({
    "http://example.com/a/b?c=d,/a/b?c=d,example.com",
    "HTTP://example.com:81/,/,example.com:81",
    "https://example.com,/,example.com",
    "http://example.com?x=y,/?x=y,example.com",
    "http://[::1]:80/z,/z,[::1]:80"
  })
  void target_absolute(String target, String reduced, String host) {
    Request request = head("GET " + target + " HTTP/1.1", "Host: other");

    assertEquals(reduced, request.target());
    assertEquals(List.of(host), request.headers().all("Host"));
  }

  @Test
  void target_asterisk() {
    assertEquals("*", head("OPTIONS * HTTP/1.1", "Host: a").path());
  }

  @Test
  void target_staysEncoded() {
    assertEquals("/a%2Fb/%zz", head("GET /a%2Fb/%zz HTTP/1.1", "Host: a").path());
  }

  @ParameterizedTest
  @CsvSource({
    "HTTP/1.1, '', true",
    "HTTP/1.1, close, false",
    "HTTP/1.1, CLOSE, false",
    "HTTP/1.1, 'upgrade, Close', false",
    "HTTP/1.1, 'upgrade,close ,x', false",
    "HTTP/1.1, keep-alive, true",
    "HTTP/1.1, closed, true",
    "HTTP/1.1, 'keep-alive, close', false",
    "HTTP/1.0, '', false",
    "HTTP/1.0, keep-alive, true",
    "HTTP/1.0, 'foo, Keep-Alive', true",
    "HTTP/1.0, 'keep-alive, close', false",
    "HTTP/1.2, '', true"
  })
  void keepAlive_byVersionAndConnection(String version, String connection, boolean keepAlive) {
    assertEquals(
        keepAlive, head("GET / " + version, "Host: a", "Connection: " + connection).keepAlive());
  }

  @Test
  void keepAlive_severalConnectionFields() {
    assertFalse(
        head("GET / HTTP/1.1", "Host: a", "Connection: close", "Connection: keep-alive")
            .keepAlive());
  }

  @Test
  void keepAlive_isOfEachRequestAlone() {
    String wire =
        "GET /1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
            + "GET /2 HTTP/1.1\r\nHost: a\r\n\r\n"
            + "GET /3 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"
            + "GET /4 HTTP/1.0\r\n\r\n";
    assertEquals(
        List.of(false, true, true, false),
        Parsed.parse(wire).messages().stream().map(one -> one.head().keepAlive()).toList());
  }

  @Test
  void version_ofTheRequest() {
    assertEquals(Version.HTTP_1_0, head("GET / HTTP/1.0").version());
    assertEquals(Version.HTTP_1_1, head("GET / HTTP/1.1", "Host:").version());
    assertEquals(Version.HTTP_1_1, head("GET / HTTP/1.9", "Host: a").version());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a",
        "a.b:80",
        "a:",
        "127.0.0.1:5050",
        "[::1]",
        "[fe80::1%25en0]:8080",
        "a_b-c~%20"
      })
  void host_legal(String host) {
    assertEquals(List.of(host), head("GET / HTTP/1.1", "Host: " + host).headers().all("Host"));
  }

  @Test
  void emptyLine_oneBeforeARequest() {
    assertEquals("/", parse("\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n").head().path());
  }

  /* ------ Bodies ------ */

  @Test
  void body_ofALength() {
    Message message = parse("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello");

    assertEquals("hello", message.body());
    assertEquals(Headers.empty(), message.trailers());
  }

  @Test
  void body_lengthWithLeadingZeros() {
    assertEquals(
        "hello", parse("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0005\r\n\r\nhello").body());
  }

  @Test
  void body_ofNoLength() {
    assertEquals("", parse("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n").body());
    assertEquals("", parse("POST / HTTP/1.1\r\nHost: a\r\n\r\n").body());
  }

  private static String chunked(String body) {
    return "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + body;
  }

  @Test
  void body_chunked() {
    assertEquals("helloworld!", parse(chunked("5\r\nhello\r\n6\r\nworld!\r\n0\r\n\r\n")).body());
  }

  @Test
  void body_chunkedWithoutChunks() {
    assertEquals("", parse(chunked("0\r\n\r\n")).body());
    assertEquals("", parse(chunked("0000\r\n\r\n")).body());
  }

  @Test
  void body_chunkSizesInAnySpelling() {
    String ten = "0123456789";

    assertEquals(
        ten + ten + ten,
        parse(
                chunked(
                    "a\r\n"
                        + ten
                        + "\r\nA\r\n"
                        + ten
                        + "\r\n00000000000000000000a\r\n"
                        + ten
                        + "\r\n0\r\n\r\n"))
            .body());
  }

  @Test
  void body_chunkExtensionsAreSkipped() {
    assertEquals(
        "abc",
        parse(chunked("1;x\r\na\r\n1 ; name=value\r\nb\r\n1\t;a=\"b;c\"\r\nc\r\n0;last\r\n\r\n"))
            .body());
  }

  @Test
  void body_chunkThatLooksLikeLineEnds() {
    assertEquals("\r\n\r\n", parse(chunked("4\r\n\r\n\r\n\r\n0\r\n\r\n")).body());
  }

  @Test
  void body_trailers() {
    Message message = parse(chunked("1\r\na\r\n0\r\nDigest: x\r\nB:y\r\n\r\n"));

    assertEquals("a", message.body());
    assertEquals(Headers.of("Digest", "x", "B", "y"), message.trailers());
    assertFalse(message.head().headers().contains("Digest"));
  }

  @Test
  void body_transferEncodingInAnyCase() {
    assertEquals(
        "a",
        parse("POST / HTTP/1.1\r\nHost: a\r\ntransfer-encoding: CHunked\r\n\r\n1\r\na\r\n0\r\n\r\n")
            .body());
  }

  @Test
  void body_ofAGet() {
    assertEquals("x", parse("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx").body());
  }

  @Test
  void body_larger() {
    String body = "0123456789abcdef".repeat(20_000);

    assertEquals(
        body, parse("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 320000\r\n\r\n" + body).body());
    assertEquals(body, parse(chunked("4E200\r\n" + body + "\r\n0\r\n\r\n")).body());
  }

  @Test
  void body_smallPieceKeepsNoLargeArray() {
    RequestParser parser = new RequestParser(Limits.defaults());
    byte[] wire =
        ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx" + " ".repeat(1000))
            .getBytes(StandardCharsets.ISO_8859_1);
    parser.feed(wire);
    parser.next();
    parser.next();
    Chunk piece = parser.piece();
    Arrays.fill(wire, (byte) 0);

    assertEquals("x", piece.utf8());
  }

  @ParameterizedTest
  @CsvSource({
    "HTTP/1.1, 100-continue, 1, true",
    "HTTP/1.1, 100-Continue, 1, true",
    "HTTP/1.1, 100-continue, 0, false",
    "HTTP/1.0, 100-continue, 1, false"
  })
  void expect_continue(String version, String value, int length, boolean expects) {
    Message message =
        parse(
            "POST / "
                + version
                + "\r\nHost: a\r\nExpect: "
                + value
                + "\r\nContent-Length: "
                + length
                + "\r\n\r\n"
                + "x".repeat(length));

    assertEquals(expects, message.expectsContinue());
  }

  @Test
  void expect_continueForChunks() {
    assertTrue(
        parse(
                "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n"
                    + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n")
            .expectsContinue());
  }

  @Test
  void expect_isOfOneRequestOnly() {
    String head = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n";
    Parsed two = Parsed.parse(head + "Expect: 100-continue\r\n\r\nx" + head + "\r\nx");

    assertTrue(two.messages().get(0).expectsContinue());
    assertFalse(two.messages().get(1).expectsContinue());
  }

  /* ------ One after another ------ */

  @Test
  void pipelined_requestsWithAllKindsOfBodies() {
    Parsed parsed =
        Parsed.parse(
            "GET /1 HTTP/1.1\r\nHost: a\r\nX: 1\r\n\r\n"
                + "POST /2 HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\ntwo"
                + "POST /3 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "5\r\nthree\r\n0\r\nT: 3\r\n\r\n"
                + "\r\n"
                + "GET /4 HTTP/1.0\r\n\r\n");

    assertEquals(Optional.empty(), parsed.rejection());
    assertEquals(
        List.of("", "two", "three", ""), parsed.messages().stream().map(Message::body).toList());
    assertEquals(
        List.of("/1", "/2", "/3", "/4"),
        parsed.messages().stream().map(message -> message.head().path()).toList());
    assertEquals(Headers.of("T", "3"), parsed.messages().get(2).trailers());
    assertEquals(Headers.empty(), parsed.messages().get(3).trailers());
    assertFalse(parsed.messages().get(1).head().headers().contains("X"));
  }

  @Test
  void pipelined_badRequestBehindGoodOnes() {
    Parsed parsed =
        Parsed.parse(
            "GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\n\r\nGET /3 HTTP/1.1\r\n");

    assertEquals(1, parsed.messages().size());
    assertEquals(400, parsed.code());
  }

  @Test
  void incomplete_isNeitherFoundNorRejected() {
    String wire =
        "POST / HTTP/1.1\r\n"
            + "Host: a\r\n"
            + "Transfer-Encoding: chunked\r\n\r\n"
            + "3\r\n"
            + "abc\r\n"
            + "0\r\n"
            + "T: x\r\n\r\n";
    int headEnd = wire.indexOf("\r\n\r\n") + 4;
    for (int end = 0; end < wire.length(); end++) {
      Parsed parsed = Parsed.parse(wire.substring(0, end));
      assertEquals(Optional.empty(), parsed.rejection());
      assertEquals(end > 0 && end < headEnd, parsed.inHead());
      assertEquals(end >= headEnd, parsed.inBody());
      assertEquals(end < headEnd ? 0 : 1, parsed.messages().size());
      parsed.messages().forEach(message -> assertNull(message.trailers()));
    }
  }

  @Test
  void libprocessMessage_asCppSendsIt() {
    Message message =
        parse(
            "POST /echo/ping HTTP/1.1\r\n"
                + "User-Agent: libprocess/py@127.0.0.1:25060\r\n"
                + "Libprocess-From: py@127.0.0.1:25060\r\n"
                + "Connection: Keep-Alive\r\n"
                + "Host: 127.0.0.1:25053\r\n"
                + "Transfer-Encoding: chunked\r\n"
                + "\r\n"
                + "5\r\nhello\r\n0\r\n\r\n");

    assertEquals("/echo/ping", message.head().path());
    assertEquals(
        Optional.of("py@127.0.0.1:25060"), message.head().headers().first("libprocess-from"));
    assertEquals("hello", message.body());
    assertTrue(message.head().keepAlive());
  }
}

package io.libprocess.http.http1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.http.Limits;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that are refused, and the statuses. Everything is parsed whole and in small pieces. */
class RequestParserRejectionTest {

  private static final Limits SMALL =
      Limits.builder().requestLine(32).head(64).fields(3).chunkLine(18).trailers(20).build();

  private static void assertRejected(int code, String wire) {
    Parsed parsed = Parsed.parse(wire);
    assertEquals(code, parsed.code(), () -> parsed + " for " + wire);
    assertEquals(0, parsed.messages().stream().filter(m -> m.trailers() != null).count());
  }

  private static void assertHeadRejected(int code, String... lines) {
    assertRejected(code, String.join("\r\n", lines) + "\r\n\r\n");
  }

  /* ------ Request lines ------ */

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HELLO",
        "GET",
        "GET /",
        "GET / ",
        "GET  / HTTP/1.1",
        "GET /  HTTP/1.1",
        "GET / HTTP/1.1 ",
        "GET\t/ HTTP/1.1",
        "GET /\tHTTP/1.1",
        "GET / HTTP /1.1",
        "GET / http/1.1",
        "GET / HTTP/1",
        "GET / HTTP/1.",
        "GET / HTTP/1.10",
        "GET / HTTP/x.1",
        "GET / HTTP/1,1",
        "GET / FTPS/1.1",
        "GET HTTP/1.1",
        "GE(T / HTTP/1.1",
        "GET /a b HTTP/1.1",
        "GET /\u00e9 HTTP/1.1",
        "GET a HTTP/1.1",
        "GET * HTTP/1.1",
        "OPTIONS *x HTTP/1.1",
        "GET ? HTTP/1.1",
        "GET example.com:80 HTTP/1.1",
        "GET ftp://example.com/ HTTP/1.1",
        "GET http:/a HTTP/1.1",
        "GET http:// HTTP/1.1",
        "GET http:///a HTTP/1.1",
        "GET http://:80/ HTTP/1.1",
        "GET https://:443 HTTP/1.1",
        "GET http://user@host/ HTTP/1.1",
        "GET http://ho\\st/ HTTP/1.1",
        "GET /?%x=%y HTTP/1.1",
        "GET /?a=% HTTP/1.1",
        "GET /?a=%1 HTTP/1.1",
        "GET /?a=%1#23 HTTP/1.1",
        "GET http://a?b=%zz HTTP/1.1"
      })
  void requestLine_malformed(String line) {
    assertHeadRejected(400, line, "Host: a");
  }

  @ParameterizedTest
  @ValueSource(strings = {"get", "Get", "FOO", "GETT", "CONNECT"})
  void method_unknown(String method) {
    assertHeadRejected(501, method + " / HTTP/1.1", "Host: a");
  }

  @Test
  void method_tunnel() {
    assertHeadRejected(501, "CONNECT example.com:443 HTTP/1.1", "Host: a");
  }

  @ParameterizedTest
  @ValueSource(strings = {"HTTP/0.9", "HTTP/2.0", "HTTP/3.0", "HTTP/9.9"})
  void version_other(String version) {
    assertHeadRejected(505, "GET / " + version, "Host: a");
  }

  @Test
  void version_prefaceOfHttp2() {
    assertRejected(505, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"\u0016\u0003\u0001\u0002", "\0", " GET / HTTP/1.1", "(", "\u00ff", "{\"a\":1}"})
  void firstByte_ofAnotherProtocol(String wire) {
    assertRejected(400, wire);
  }

  @Test
  void emptyLines_beforeARequest() {
    assertRejected(400, "\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n");
    assertRejected(400, "\nGET / HTTP/1.1\r\nHost: a\r\n\r\n");
  }

  /* ------ Lines ------ */

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1\nHost: a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\n\n",
        "GET / HTTP/1.1\r\nHost: a\n\n",
        "GET / HTTP/1.1\rHost: a\r\n\r\n",
        "GET / HTTP/1.1\r\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\rX: y\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\n\rx",
        "GET / HTTP/1.1\r\nX: \rGET / HTTP/1.1\r\n"
      })
  void lineEnds_bare(String wire) {
    assertRejected(400, wire);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 8, 0x0B, 0x0C, 0x1F, 0x7F})
  void controlCharacters_anywhere(int control) {
    char c = (char) control;
    assertHeadRejected(400, "GET /" + c + " HTTP/1.1", "Host: a");
    assertHeadRejected(400, "GET / HTTP/1.1", "Host: a", "X" + c + ": y");
    assertHeadRejected(400, "GET / HTTP/1.1", "Host: a", "X: y" + c);
    assertHeadRejected(400, "GET / HTTP/1.1", "Host: a", "X: y" + c + "zzzzzzzzzzzzzzzzz");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X",
        "X ",
        ": y",
        ":",
        "X : y",
        "X\t: y",
        "X y: z",
        "X(: y",
        "\u00e9: y",
        "X\"y\": z",
        "X@y: z"
      })
  void header_malformedName(String line) {
    assertHeadRejected(400, "GET / HTTP/1.1", "Host: a", line);
    assertHeadRejected(400, "GET / HTTP/1.1", line, "Host: a");
  }

  @Test
  void header_folded() {
    assertHeadRejected(400, "GET / HTTP/1.1", "Host: a", "X: y", " z");
    assertHeadRejected(400, "GET / HTTP/1.1", "Host: a", "X: y", "\tz");
    assertHeadRejected(400, "GET / HTTP/1.1", " Host: a");
    assertHeadRejected(400, "GET / HTTP/1.1", "Host: a", " ");
    assertHeadRejected(400, "GET / HTTP/1.1", "Host: a", "Content-Length:", " 5");
  }

  @Test
  void header_thatIsMalformed_isToldApart() {
    assertEquals(Optional.of("400 Bad Request: A folded header line"), reason(" X: y"));
    assertEquals(Optional.of("400 Bad Request: A header line without a name"), reason(": y"));
    assertEquals(Optional.of("400 Bad Request: Illegal name of a header"), reason("X y: z"));
  }

  private static Optional<String> reason(String line) {
    return Parsed.parse("GET / HTTP/1.1\r\nHost: a\r\n" + line + "\r\n\r\n").rejection();
  }

  /* ------ Host and Expect ------ */

  @Test
  void host_missingOrRepeated() {
    assertHeadRejected(400, "GET / HTTP/1.1");
    assertHeadRejected(400, "GET / HTTP/1.1", "X-Host: a");
    assertHeadRejected(400, "GET / HTTP/1.1", "Host: a", "Host: a");
    assertHeadRejected(400, "GET / HTTP/1.0", "Host: a", "host: b");
    assertHeadRejected(400, "GET http://a/ HTTP/1.1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a b", "a/b", "a:b", "a:80:80", "a@b", "[::1", "[]", "[::1]x", "::1", "a?b", "a#b", "\u00e9"
      })
  void host_illegal(String host) {
    assertHeadRejected(400, "GET / HTTP/1.1", "Host: " + host);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "200-ok", "100-continue, x", "100"})
  void expect_unknown(String value) {
    assertHeadRejected(417, "POST / HTTP/1.1", "Host: a", "Expect: " + value);
  }

  /* ------ Smuggling ------ */

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-1",
        "+5",
        "5 5",
        "5,5",
        "5, 5",
        "0x5",
        "5a",
        "a",
        "1.0",
        "5;",
        "\"5\"",
        "9223372036854775808",
        "99999999999999999999999999",
        "5\u00b2"
      })
  void contentLength_illegal(String length) {
    assertHeadRejected(400, "POST / HTTP/1.1", "Host: a", "Content-Length: " + length);
  }

  @Test
  void contentLength_repeated() {
    assertHeadRejected(400, "POST / HTTP/1.1", "Host: a", "Content-Length: 5", "Content-Length: 6");
    assertHeadRejected(400, "POST / HTTP/1.1", "Host: a", "Content-Length: 5", "content-length: 5");
    assertHeadRejected(400, "POST / HTTP/1.1", "Host: a", "Content-Length: 0", "Content-Length: 0");
  }

  @Test
  void contentLength_withTransferEncoding() {
    assertHeadRejected(
        400, "POST / HTTP/1.1", "Host: a", "Content-Length: 5", "Transfer-Encoding: chunked");
    assertHeadRejected(
        400, "POST / HTTP/1.1", "Host: a", "Transfer-Encoding: chunked", "Content-Length: 0");
  }

  @Test
  void transferEncoding_inHttp10() {
    assertHeadRejected(400, "POST / HTTP/1.0", "Host: a", "Transfer-Encoding: chunked");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "identity",
        "gzip",
        "chunked, identity",
        "chunked, gzip",
        "chunked,",
        "xchunked",
        "chunked x",
        "\"chunked\"",
        "chunkedchunked",
        "x, ychunked",
        "chunked;q=1"
      })
  void transferEncoding_notChunkedLast(String coding) {
    assertHeadRejected(400, "POST / HTTP/1.1", "Host: a", "Transfer-Encoding: " + coding);
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip, chunked", "chunked, chunked", ",chunked", "identity,chunked"})
  void transferEncoding_unknownBeforeChunked(String coding) {
    assertHeadRejected(501, "POST / HTTP/1.1", "Host: a", "Transfer-Encoding: " + coding);
  }

  @Test
  void transferEncoding_repeated() {
    assertHeadRejected(
        501,
        "POST / HTTP/1.1",
        "Host: a",
        "Transfer-Encoding: chunked",
        "Transfer-Encoding: chunked");
    assertHeadRejected(
        400,
        "POST / HTTP/1.1",
        "Host: a",
        "Transfer-Encoding: chunked",
        "Transfer-Encoding: identity");
    assertHeadRejected(
        501, "POST / HTTP/1.1", "Host: a", "Transfer-Encoding: gzip", "Transfer-Encoding: chunked");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Transfer-Encoding : chunked",
        "Transfer-Encoding\t: chunked",
        " Transfer-Encoding: chunked",
        "Transfer-Encoding: \u000bchunked",
        "Transfer-Encoding: chunked\u0000",
        "Transfer-Encoding\u0000: chunked",
        "X: y\rTransfer-Encoding: chunked",
        "X: y\nTransfer-Encoding: chunked",
        "Content-Length : 5",
        "Content\u00adLength: 5\r\n : x"
      })
  void hiddenFraming_isRefused(String line) {
    assertHeadRejected(400, "POST / HTTP/1.1", "Host: a", line);
  }

  private static void assertChunksRejected(String body) {
    assertRejected(400, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + body);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\r\n",
        "x\r\n",
        "-1\r\n",
        "+1\r\na",
        "0x1\r\na",
        " 1\r\na",
        "1 \r\na",
        "1\t\r\na",
        "1 x\r\na",
        ";x\r\n",
        "1\na\r\n0\r\n\r\n",
        "1\r\na\n0\r\n\r\n",
        "1\r\nab",
        "1\r\na\r0\r\n\r\n",
        "1\r\na0\r\n\r\n",
        "1\r\na \r\n",
        "1;x\ny\r\na\r\n0\r\n\r\n",
        "1;x\ry\r\na\r\n0\r\n\r\n",
        "1;\u0000\r\na",
        "8000000000000000\r\na",
        "10000000000000000\r\na",
        "ffffffffffffffff\r\na",
        "0\r\n X: y\r\n\r\n",
        "0\r\nX : y\r\n\r\n",
        "0\r\nX: y\n\r\n",
        "0\r\nX\r\n\r\n"
      })
  void chunks_malformed(String body) {
    assertChunksRejected(body);
  }

  /* ------ Limits ------ */

  private static int code(String wire) {
    return Parsed.parse(wire, SMALL).code();
  }

  @Test
  void requestLine_tooLong() {
    String path = "/" + "x".repeat(16); // The line has 32 bytes with its end.

    assertEquals(0, code("GET " + path + " HTTP/1.1\r\n"));
    assertEquals(414, code("GET " + path + "x HTTP/1.1\r\n"));
    assertEquals(414, code("GET " + path + "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"));
    assertEquals(414, code("A".repeat(31)));
    assertEquals(0, code("A".repeat(30)));
    assertEquals(414, code("A".repeat(31) + "\n"));
    assertEquals(400, code("A".repeat(30) + "\n"));
  }

  @Test
  void head_tooLong() {
    String start = "GET / HTTP/1.1\r\nHost: a\r\n"; // 25 bytes, and 2 for the end.
    String rest = "X: " + "x".repeat(32) + "\r\n"; // The other 37.

    assertEquals(0, code(start + rest + "\r\n"));
    assertEquals(431, code(start + "y" + rest + "\r\n"));
    assertEquals(431, code(start + "X: " + "x".repeat(100)));
    assertEquals(431, code(start + rest + "Y"));
  }

  @Test
  void fields_tooMany() {
    assertEquals(0, code("GET / HTTP/1.1\r\nHost: a\r\nB:\r\nC:\r\n\r\n"));
    assertEquals(431, code("GET / HTTP/1.1\r\nHost: a\r\nB:\r\nC:\r\nD:\r\n\r\n"));
  }

  @Test
  void chunkLine_tooLong() {
    String head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";

    assertEquals(0, code(head + "1;" + "x".repeat(14) + "\r\na\r\n0\r\n\r\n"));
    assertEquals(400, code(head + "1;" + "x".repeat(15) + "\r\na\r\n0\r\n\r\n"));
    assertEquals(400, code(head + "0".repeat(17)));
  }

  @Test
  void trailers_tooLong() {
    String head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n";

    assertEquals(0, code(head + "A: 345678\r\nB: 4\r\n\r\n"));
    assertEquals(0, code(head + "A: 345678\r\nB: 45\r\n\r\n".replace("45", "4")));
    assertEquals(431, code(head + "A: 345678\r\nB: 456\r\n\r\n"));
    assertEquals(431, code(head + "A: 345678\r\nB: 456789123"));
    assertEquals(431, code(head + "A:\r\nB:\r\nC:\r\nD:\r\n"));
  }

  /* ------ Afterwards ------ */

  @Test
  void rejected_takesNothingMore() {
    RequestParser parser = new RequestParser(Limits.defaults());
    parser.feed("BAD\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    assertEquals(MessageParser.Event.REJECTED, parser.next());
    parser.feed("GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));

    assertEquals(MessageParser.Event.REJECTED, parser.next());
    assertFalse(parser.isInsideHead());
  }

  @Test
  void rejection_tellsAReason() {
    Optional<String> rejection = Parsed.parse("GET / HTTP/1.1\r\n\r\n").rejection();

    assertTrue(List.of("400 Bad Request: No Host header").contains(rejection.orElse("")));
  }
}

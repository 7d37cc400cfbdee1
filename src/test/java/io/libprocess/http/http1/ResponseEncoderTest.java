package io.libprocess.http.http1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.http.Body;
import io.libprocess.http.Headers;
import io.libprocess.http.Response;
import io.libprocess.http.Status;
import io.libprocess.http.Version;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.Pipe;
import io.libprocess.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResponseEncoderTest {

  private static final String DATE = "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n";
  private static final Response STREAM =
      new Response(Status.OK, Headers.empty(), Body.of(Pipe.<Chunk>unbounded().reader()));

  private final Clock clock = Clock.paused(Instant.parse("1994-11-06T08:49:37.5Z"));
  private final DateHeader date = new DateHeader(clock);
  private final ResponseEncoder encoder = new ResponseEncoder(date);

  @AfterEach
  void closeClock() {
    clock.close();
  }

  private String encode(Response response, boolean head, Version version, boolean close) {
    FakeChannel channel = new FakeChannel();
    Output out = new Output(channel);
    long length = ResponseFraming.length(response, head);
    ResponseFraming framing = ResponseFraming.of(response, length, version);
    encoder.putHead(out, response, encoder.date(), framing, length, version, close);
    out.flush();
    return channel.takeSent();
  }

  private String encode(Response response) {
    return encode(response, false, Version.HTTP_1_1, false);
  }

  private String encodeForHead(Response response) {
    return encode(response, true, Version.HTTP_1_1, false);
  }

  /* ------ Fields ------ */

  @Test
  void text_dateAndLengthAreAdded() {
    assertEquals(
        "HTTP/1.1 200 OK\r\n"
            + DATE
            + "Content-Length: 4\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n",
        encode(Response.ok("body")));
  }

  @Test
  void status_withoutAReason() {
    assertTrue(encode(Response.of(299)).startsWith("HTTP/1.1 299 \r\n"));
  }

  @Test
  void close_isSaid() {
    assertEquals(
        "HTTP/1.1 202 Accepted\r\n" + DATE + "Content-Length: 0\r\nConnection: close\r\n\r\n",
        encode(Response.accepted(), false, Version.HTTP_1_1, true));
  }

  @Test
  void keepAlive_isSaidToHttp10() {
    assertEquals(
        "HTTP/1.1 202 Accepted\r\n" + DATE + "Content-Length: 0\r\nConnection: keep-alive\r\n\r\n",
        encode(Response.accepted(), false, Version.HTTP_1_0, false));
    assertFalse(encode(Response.ok()).contains("Connection"));
  }

  @Test
  void fields_thatTheServerDecidesOn() {
    Headers headers =
        Headers.of(
            "A",
            "1",
            "date",
            "never",
            "CONTENT-LENGTH",
            "99",
            "Transfer-Encoding",
            "gzip",
            "connection",
            "Close",
            "Connection",
            "keep-alive",
            "A",
            "2");
    Response response = new Response(Status.OK, headers, Body.of("abc"));

    assertEquals(
        "HTTP/1.1 200 OK\r\n" + DATE + "Content-Length: 3\r\nA: 1\r\nA: 2\r\n\r\n",
        encode(response));
  }

  @Test
  void fields_ofTheSameLengthAsThose() {
    String fields = "Dato: 1\r\nConnectiox: close\r\nContent-Langth: 5\r\nTransfer-Encodinx: 6\r\n";
    Headers headers =
        Headers.of(
            "Dato", "1", "Connectiox", "close", "Content-Langth", "5", "Transfer-Encodinx", "6");

    assertTrue(encode(Response.ok().withHeaders(headers)).contains(fields));
  }

  @Test
  void connection_otherTokensStay() {
    Response response = Response.of(426).withHeader("Connection", "upgrade");

    assertTrue(encode(response).contains("\r\nConnection: upgrade\r\n"));
    assertFalse(OutgoingFields.askToClose(response.headers()));
  }

  @Test
  void askToClose_anyCaseAndPlace() {
    assertTrue(
        OutgoingFields.askToClose(Response.ok().withHeader("connection", "x, CLOSE").headers()));
    assertFalse(
        OutgoingFields.askToClose(Response.ok().withHeader("Connection", "closed").headers()));
    assertFalse(OutgoingFields.askToClose(Response.ok().withHeader("X", "close").headers()));
  }

  @Test
  void date_changesWithTheSecond() {
    byte[] line = date.line();
    clock.advance(Duration.ofMillis(499));
    assertSame(line, date.line());
    clock.advance(Duration.ofMillis(1));

    assertTrue(encode(Response.ok()).contains("Date: Sun, 06 Nov 1994 08:49:38 GMT\r\n"));
  }

  /* ------ Framing ------ */

  @Test
  void length_ofLargeNumbers() {
    assertTrue(
        encode(STREAM.withHeader("Content-Length", "12345678901"))
            .contains("\r\nContent-Length: 12345678901\r\n"));
  }

  @Test
  void stream_chunked() {
    assertEquals(
        "HTTP/1.1 200 OK\r\n" + DATE + "Transfer-Encoding: chunked\r\n\r\n", encode(STREAM));
  }

  @Test
  void stream_toHttp10() {
    assertEquals(ResponseFraming.UNTIL_CLOSE, ResponseFraming.of(STREAM, -1, Version.HTTP_1_0));
    assertEquals(
        "HTTP/1.1 200 OK\r\n" + DATE + "Connection: close\r\n\r\n",
        encode(STREAM, false, Version.HTTP_1_0, true));
  }

  @Test
  void stream_ofKnownLength() {
    Response response = STREAM.withHeader("Content-Length", "10");

    assertEquals("HTTP/1.1 200 OK\r\n" + DATE + "Content-Length: 10\r\n\r\n", encode(response));
    assertEquals(ResponseFraming.LENGTH, ResponseFraming.of(response, 10, Version.HTTP_1_0));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "-1", "1,1", "9999999999999999999"})
  void stream_ofALengthThatIsNone(String length) {
    assertTrue(
        encode(STREAM.withHeader("Content-Length", length)).contains("Transfer-Encoding: chunked"));
  }

  @Test
  void head_hasTheFramingOfAGet() {
    assertEquals(encode(Response.ok("body")), encodeForHead(Response.ok("body")));
    assertEquals(encode(STREAM), encodeForHead(STREAM));
    assertEquals(encode(Response.ok()), encodeForHead(Response.ok()));
  }

  @Test
  void head_lengthOfABodyThatWasLeftOut() {
    Response response = Response.ok().withHeader("Content-Length", "10");

    assertTrue(encodeForHead(response).contains("\r\nContent-Length: 10\r\n"));
    assertTrue(encode(response).contains("\r\nContent-Length: 0\r\n"));
  }

  @ParameterizedTest
  @ValueSource(ints = {204, 304})
  void bodiless_saysNothingAboutABody(int code) {
    assertEquals(
        "HTTP/1.1 " + Status.of(code) + "\r\n" + DATE + "\r\n",
        encode(new Response(Status.of(code), Headers.empty(), Body.of("body"))));
  }

  @Test
  void notModified_mayTellTheLength() {
    Headers headers = Headers.of("Content-Length", "10");

    assertTrue(
        encode(Response.of(304).withHeaders(headers)).contains("\r\nContent-Length: 10\r\n"));
    assertFalse(encode(Response.of(204).withHeaders(headers)).contains("Content-Length"));
  }

  /* ------ Output ------ */

  @Test
  void output_chunks() {
    FakeChannel channel = new FakeChannel();
    Output out = new Output(channel);
    out.putChunked(Chunk.utf8("x".repeat(0x1a)))
        .putChunked(Chunk.utf8("y"))
        .putLastChunk(Headers.empty())
        .flush();

    assertEquals("1a\r\n" + "x".repeat(26) + "\r\n1\r\ny\r\n0\r\n\r\n", channel.takeSent());
    assertEquals(1, channel.writes());
  }

  @Test
  void output_largePiecesStayInOrder() {
    FakeChannel channel = new FakeChannel();
    Output out = new Output(channel);
    String large = "z".repeat(100_000);
    out.put("a").put(Chunk.utf8(large)).put("b").putDecimal(0).putDecimal(10203).flush();
    out.flush();

    assertEquals("a" + large + "b010203", channel.takeSent());
    assertEquals(3, channel.writes());
    assertTrue(out.isEmpty());
  }

  @Test
  void output_manySmallPieces() {
    FakeChannel channel = new FakeChannel();
    Output out = new Output(channel);
    StringBuilder expected = new StringBuilder();
    for (int i = 0; i < 10_000; i++) {
      out.put(Chunk.utf8("piece " + i));
      expected.append("piece ").append(i);
    }
    out.flush();

    assertEquals(expected.toString(), channel.takeSent());
  }
}

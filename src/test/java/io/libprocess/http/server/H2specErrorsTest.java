package io.libprocess.http.server;

import static io.libprocess.http.server.H2specCase.answers;
import static io.libprocess.http.server.H2specCase.coded;
import static io.libprocess.http.server.H2specCase.ends;
import static io.libprocess.http.server.H2specCase.ignores;
import static io.libprocess.http.server.H2specCase.leaves;
import static io.libprocess.http.server.H2specCase.of;
import static io.libprocess.http.server.H2specCase.resets;
import static io.libprocess.http.server.H2specCase.sends;
import static io.libprocess.http.server.H2specTest.part;
import static io.libprocess.http.server.H2specTest.priority;
import static io.libprocess.http.server.Http2Wire.ACK;
import static io.libprocess.http.server.Http2Wire.CONTINUATION;
import static io.libprocess.http.server.Http2Wire.DATA;
import static io.libprocess.http.server.Http2Wire.END_HEADERS;
import static io.libprocess.http.server.Http2Wire.END_STREAM;
import static io.libprocess.http.server.Http2Wire.GOAWAY;
import static io.libprocess.http.server.Http2Wire.HEADERS;
import static io.libprocess.http.server.Http2Wire.PADDED;
import static io.libprocess.http.server.Http2Wire.PING;
import static io.libprocess.http.server.Http2Wire.PRIORITY;
import static io.libprocess.http.server.Http2Wire.PRIORITY_FLAG;
import static io.libprocess.http.server.Http2Wire.PUSH_PROMISE;
import static io.libprocess.http.server.Http2Wire.RST_STREAM;
import static io.libprocess.http.server.Http2Wire.SETTINGS;
import static io.libprocess.http.server.Http2Wire.WINDOW_UPDATE;
import static io.libprocess.http.server.Http2Wire.ascii;
import static io.libprocess.http.server.Http2Wire.block;
import static io.libprocess.http.server.Http2Wire.data;
import static io.libprocess.http.server.Http2Wire.fields;
import static io.libprocess.http.server.Http2Wire.frame;
import static io.libprocess.http.server.Http2Wire.get;
import static io.libprocess.http.server.Http2Wire.goAway;
import static io.libprocess.http.server.Http2Wire.headers;
import static io.libprocess.http.server.Http2Wire.integers;
import static io.libprocess.http.server.Http2Wire.join;
import static io.libprocess.http.server.Http2Wire.ping;
import static io.libprocess.http.server.Http2Wire.post;
import static io.libprocess.http.server.Http2Wire.reset;
import static io.libprocess.http.server.Http2Wire.settings;
import static io.libprocess.http.server.Http2Wire.windowUpdate;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The cases of h2spec 2.6 that break the rules of RFC 9113, each with the octets in one piece and
 * one by one. Where h2spec accepts several answers, this is the one that the server gives.
 */
class H2specErrorsTest {

  private static final byte[] BLOCK = block(fields("GET", "/", "x-test", "1"));
  private static final byte[] OPEN_HEAD = part(HEADERS, END_STREAM, 1, BLOCK, 0, 20);
  private static final byte[] REST = part(CONTINUATION, END_HEADERS, 1, BLOCK, 20, BLOCK.length);
  private static final byte[] WAITS = get(1, H2specCase.WAITS);
  private static final int LARGEST = 16_384;
  private static final int TOP = Integer.MAX_VALUE;

  /* ------ 3 to 5 ------ */

  private static void noPreface(Http2Fixture client) {
    client.receive(ascii("INVALID CONNECTION PREFACE\r\n\r\n"));
    String sent = client.channel.takeSent(); // The port speaks HTTP/1.1, too.
    assertTrue(sent.startsWith("HTTP/1.1 400 "), sent);
    assertTrue(client.channel.closesAfterWrites());
  }

  private static void tooManyStreams(Http2Fixture client) {
    client.open();
    for (int i = 0; i < 128; i++) {
      client.receive(get(2 * i + 1, H2specCase.WAITS));
    }
    client.assertSent();
    client.receive(get(257, "/"));
    client.assertReset(257, "REFUSED_STREAM");
  }

  /** An error on a stream whose request was answered. */
  private static H2specCase.Play afterAnswer(String error, byte[] frame) {
    return client -> {
      client.open();
      client.receive(get(1, "/"));
      assertEquals(2, client.sent().size());
      client.receive(frame);
      client.assertEnded(1, error);
    };
  }

  private static byte[] dependent(int stream) {
    return frame(
        HEADERS,
        END_STREAM | END_HEADERS | PRIORITY_FLAG,
        stream,
        join(integers(stream), new byte[] {(byte) 255}, BLOCK));
  }

  static Stream<H2specCase> frames() {
    return Stream.of(
        of("3.5/1 preface", Http2Fixture::open),
        of("3.5/2 invalid preface", H2specErrorsTest::noPreface),
        of("4.1/1 unknown type", ignores(frame(22, 0, 0, new byte[8]))),
        of(
            "4.1/2 undefined flag",
            sends(List.of("PING ACK 12345678"), frame(PING, 0x16, 0, ascii("12345678")))),
        of(
            "4.1/3 reserved bit",
            sends(List.of("PING ACK 12345678"), frame(PING, 0, 1 << 31, ascii("12345678")))),
        of(
            "4.2/1 DATA of 2^14",
            answers(
                1, "POST / - 16384", post(1, "/"), frame(DATA, END_STREAM, 1, new byte[LARGEST]))),
        of(
            "4.2/2 DATA too large",
            ends(
                1,
                "FRAME_SIZE_ERROR",
                post(1, "/"),
                frame(DATA, END_STREAM, 1, new byte[LARGEST + 1]))),
        of(
            "4.2/3 HEADERS too large",
            ends(
                0,
                "FRAME_SIZE_ERROR",
                frame(HEADERS, END_STREAM | END_HEADERS, 1, new byte[LARGEST + 1]))),
        of("4.3/1 invalid block", ends(0, "COMPRESSION_ERROR", coded(1, "000565"))),
        of(
            "4.3/2 PRIORITY inside a block",
            ends(0, "PROTOCOL_ERROR", OPEN_HEAD, priority(1, 0, 256), REST)),
        of(
            "4.3/3 HEADERS of another stream inside a block",
            ends(0, "PROTOCOL_ERROR", OPEN_HEAD, get(3, "/"))),
        of("5.1/1 idle: DATA", ends(0, "PROTOCOL_ERROR", data(1, END_STREAM, "test"))),
        of("5.1/2 idle: RST_STREAM", ends(0, "PROTOCOL_ERROR", reset(1, 8))),
        of("5.1/3 idle: WINDOW_UPDATE", ends(0, "PROTOCOL_ERROR", windowUpdate(1, 100))),
        of(
            "5.1/4 idle: CONTINUATION",
            ends(0, "PROTOCOL_ERROR", frame(CONTINUATION, END_HEADERS, 1, BLOCK))),
        of(
            "5.1/5 half-closed: DATA",
            resets(1, "STREAM_CLOSED", WAITS, data(1, END_STREAM, "test"))),
        of("5.1/6 half-closed: HEADERS", resets(1, "STREAM_CLOSED", WAITS, get(1, "/"))),
        of(
            "5.1/7 half-closed: CONTINUATION",
            ends(1, "PROTOCOL_ERROR", WAITS, frame(CONTINUATION, END_HEADERS, 1, BLOCK))),
        of(
            "5.1/8 reset: DATA",
            resets(1, "STREAM_CLOSED", post(1, "/"), reset(1, 8), data(1, 0, "test"))),
        of(
            "5.1/9 reset: HEADERS",
            resets(1, "STREAM_CLOSED", post(1, "/"), reset(1, 8), get(1, "/"))),
        of(
            "5.1/10 reset: CONTINUATION",
            ends(
                1,
                "PROTOCOL_ERROR",
                post(1, "/"),
                reset(1, 8),
                frame(CONTINUATION, END_HEADERS, 1, BLOCK))),
        of("5.1/11 closed: DATA", afterAnswer("STREAM_CLOSED", data(1, END_STREAM, "test"))),
        of("5.1/12 closed: HEADERS", afterAnswer("STREAM_CLOSED", get(1, "/"))),
        of(
            "5.1/13 closed: CONTINUATION",
            afterAnswer("PROTOCOL_ERROR", frame(CONTINUATION, END_HEADERS, 1, BLOCK))),
        of("5.1.1/1 even stream", ends(0, "PROTOCOL_ERROR", get(2, "/"))),
        of("5.1.1/2 lower stream", ends(5, "PROTOCOL_ERROR", get(5, "/"), get(3, "/"))),
        of("5.1.2/1 too many streams", H2specErrorsTest::tooManyStreams),
        of("5.3.1/1 HEADERS that depend on themselves", resets(1, "PROTOCOL_ERROR", dependent(1))),
        of(
            "5.3.1/2 PRIORITY that depends on itself",
            ends(0, "PROTOCOL_ERROR", priority(1, 1, 256))),
        of("5.4.1/1 invalid PING", ends(0, "PROTOCOL_ERROR", frame(PING, 0, 3, new byte[8]))),
        of("5.5/1 unknown frame", ignores(frame(22, 0, 0, new byte[8]))),
        of(
            "5.5/2 unknown frame inside a block",
            ends(0, "PROTOCOL_ERROR", OPEN_HEAD, frame(22, 0, 0, new byte[8]), REST)),
        of("6.1/1 DATA on 0", ends(1, "PROTOCOL_ERROR", WAITS, data(0, END_STREAM, "test"))),
        of(
            "6.1/2 DATA half-closed",
            resets(1, "STREAM_CLOSED", WAITS, data(1, END_STREAM, "test"))),
        of(
            "6.1/3 DATA with too much padding",
            ends(
                1,
                "PROTOCOL_ERROR",
                post(1, "/"),
                frame(DATA, PADDED | END_STREAM, 1, ascii("\6test")))),
        of(
            "6.2/1 PRIORITY inside a block",
            ends(0, "PROTOCOL_ERROR", OPEN_HEAD, priority(1, 0, 256))),
        of(
            "6.2/2 HEADERS of another stream inside a block",
            ends(0, "PROTOCOL_ERROR", OPEN_HEAD, get(3, "/"))),
        of("6.2/3 HEADERS on 0", ends(0, "PROTOCOL_ERROR", get(0, "/"))),
        of(
            "6.2/4 HEADERS with too much padding",
            ends(
                0,
                "PROTOCOL_ERROR",
                frame(
                    HEADERS,
                    PADDED | END_STREAM | END_HEADERS,
                    1,
                    join(new byte[] {(byte) (BLOCK.length + 1)}, BLOCK)))),
        of("6.3/1 PRIORITY on 0", ends(0, "PROTOCOL_ERROR", priority(0, 0, 256))),
        of(
            "6.3/2 PRIORITY of another length",
            resets(1, "FRAME_SIZE_ERROR", WAITS, frame(PRIORITY, 0, 1, new byte[4]))),
        of("6.4/1 RST_STREAM on 0", ends(0, "PROTOCOL_ERROR", reset(0, 8))),
        of("6.4/2 RST_STREAM idle", ends(0, "PROTOCOL_ERROR", reset(1, 8))),
        of(
            "6.4/3 RST_STREAM of another length",
            ends(1, "FRAME_SIZE_ERROR", WAITS, frame(RST_STREAM, 0, 1, new byte[3]))),
        of(
            "6.5/1 SETTINGS ACK with a payload",
            ends(0, "FRAME_SIZE_ERROR", frame(SETTINGS, ACK, 0, new byte[6]))),
        of(
            "6.5/2 SETTINGS on a stream",
            ends(0, "PROTOCOL_ERROR", frame(SETTINGS, 0, 1, new byte[] {0, 3, 0, 0, 0, 100}))),
        of(
            "6.5/3 SETTINGS of another length",
            ends(0, "FRAME_SIZE_ERROR", frame(SETTINGS, 0, 0, new byte[] {0, 3, 0}))),
        of("6.5.2/1 ENABLE_PUSH", ends(0, "PROTOCOL_ERROR", settings(2, 2))),
        of("6.5.2/2 INITIAL_WINDOW_SIZE", ends(0, "FLOW_CONTROL_ERROR", settings(4, 1L << 31))),
        of("6.5.2/3 MAX_FRAME_SIZE below", ends(0, "PROTOCOL_ERROR", settings(5, LARGEST - 1))),
        of("6.5.2/4 MAX_FRAME_SIZE above", ends(0, "PROTOCOL_ERROR", settings(5, 1 << 24))),
        of("6.5.2/5 unknown setting", sends(List.of("SETTINGS ACK"), settings(255, 1))),
        of("6.5.3/1 INITIAL_WINDOW_SIZE twice", H2specErrorsTest::lastSettingRules),
        of("6.5.3/2 SETTINGS", sends(List.of("SETTINGS ACK"), settings(3, 100))),
        of("6.7/1 PING", sends(List.of("PING ACK h2spec78"), ping(0, "h2spec78"))),
        of(
            "6.7/2 PING ACK",
            sends(List.of("PING ACK h2spec78"), ping(ACK, "invalid1"), ping(0, "h2spec78"))),
        of("6.7/3 PING on a stream", ends(0, "PROTOCOL_ERROR", frame(PING, 0, 1, new byte[8]))),
        of(
            "6.7/4 PING of another length",
            ends(0, "FRAME_SIZE_ERROR", frame(PING, 0, 0, new byte[6]))),
        of(
            "6.8/1 GOAWAY on a stream",
            ends(0, "PROTOCOL_ERROR", frame(GOAWAY, 0, 1, integers(0, 0)))),
        of("6.9/1 WINDOW_UPDATE of 0", ends(0, "PROTOCOL_ERROR", windowUpdate(0, 0))),
        of(
            "6.9/2 WINDOW_UPDATE of 0 of a stream",
            resets(1, "PROTOCOL_ERROR", WAITS, windowUpdate(1, 0))),
        of(
            "6.9/3 WINDOW_UPDATE of another length",
            ends(0, "FRAME_SIZE_ERROR", frame(WINDOW_UPDATE, 0, 0, new byte[3]))),
        of("6.9.1/1 INITIAL_WINDOW_SIZE 1", H2specErrorsTest::windowOfOne),
        of(
            "6.9.1/2 window of the connection above 2^31-1",
            ends(0, "FLOW_CONTROL_ERROR", windowUpdate(0, TOP), windowUpdate(0, TOP))),
        of(
            "6.9.1/3 window of a stream above 2^31-1",
            resets(1, "FLOW_CONTROL_ERROR", WAITS, windowUpdate(1, TOP), windowUpdate(1, TOP))),
        of("6.9.2/1 INITIAL_WINDOW_SIZE changed later", H2specErrorsTest::windowOpenedLater),
        of("6.9.2/2 negative window", H2specErrorsTest::negativeWindow),
        of("6.9.2/3 INITIAL_WINDOW_SIZE", ends(0, "FLOW_CONTROL_ERROR", settings(4, 1L << 31))),
        of(
            "6.10/1 CONTINUATION twice",
            answers(
                1,
                "GET / 1 0",
                OPEN_HEAD,
                part(CONTINUATION, 0, 1, BLOCK, 20, 30),
                part(CONTINUATION, END_HEADERS, 1, BLOCK, 30, BLOCK.length))),
        of(
            "6.10/2 CONTINUATION, then another frame",
            ends(
                0,
                "PROTOCOL_ERROR",
                OPEN_HEAD,
                part(CONTINUATION, 0, 1, BLOCK, 20, 30),
                data(1, END_STREAM, "test"))),
        of(
            "6.10/3 CONTINUATION on 0",
            ends(
                0,
                "PROTOCOL_ERROR",
                OPEN_HEAD,
                part(CONTINUATION, END_HEADERS, 0, BLOCK, 20, BLOCK.length))),
        of(
            "6.10/4 CONTINUATION after HEADERS with END_HEADERS",
            ends(1, "PROTOCOL_ERROR", post(1, H2specCase.WAITS), REST)),
        of(
            "6.10/5 CONTINUATION after one with END_HEADERS",
            ends(1, "PROTOCOL_ERROR", part(HEADERS, 0, 1, BLOCK, 0, 20), REST, REST)),
        of(
            "6.10/6 CONTINUATION after DATA",
            ends(1, "PROTOCOL_ERROR", post(1, "/"), data(1, 0, "test"), REST)),
        of("7/1 GOAWAY of an unknown error", leaves(goAway(0, 255))),
        of("7/2 RST_STREAM of an unknown error", ignores(WAITS, reset(1, 255))));
  }

  /* ------ Windows and codes ------ */

  private static void lastSettingRules(Http2Fixture client) {
    client.open();
    client.receive(settings(4, 100, 4, 1), get(1, "/"));
    assertWindowOfOne(client);
  }

  private static void windowOfOne(Http2Fixture client) {
    client.open();
    client.receive(settings(4, 1), get(1, "/"));
    assertWindowOfOne(client);
  }

  private static void assertWindowOfOne(Http2Fixture client) {
    List<String> sent = client.sent();
    assertEquals("SETTINGS ACK", sent.get(0));
    assertTrue(sent.get(1).startsWith("HEADERS 1 :status=200"), sent::toString);
    assertEquals(2, sent.size(), sent::toString);
    client.assertSentSmall("DATA 1 G");
  }

  private static void windowOpenedLater(Http2Fixture client) {
    client.open();
    client.receive(settings(4, 0), get(1, "/"));
    assertEquals(2, client.sent().size()); // The answer to the settings, and a head.
    client.receive(settings(4, 1));
    client.assertSent("SETTINGS ACK");
    client.assertSentSmall("DATA 1 G");
  }

  private static void negativeWindow(Http2Fixture client) {
    client.open();
    client.receive(settings(4, 3), get(1, "/"));
    client.sent();
    client.assertSentSmall("DATA 1 GET");
    client.receive(settings(4, 2), windowUpdate(1, 2)); // -1, then 1.
    client.assertSent("SETTINGS ACK");
    client.assertSentSmall("DATA 1  ");
  }

  /* ------ 8 ------ */

  private static H2specCase malformed(String name, String... fields) {
    return of(name, resets(1, "PROTOCOL_ERROR", headers(1, END_STREAM, fields)));
  }

  /** The fields of a request without one of its pseudo-fields. */
  private static String[] without(String name) {
    String[] all = fields("GET", "/");
    int at = Arrays.asList(all).indexOf(name);
    return Stream.concat(Arrays.stream(all, 0, at), Arrays.stream(all, at + 2, all.length))
        .toArray(String[]::new);
  }

  /** The fields of a request with one more in front. */
  private static String[] twice(String name, String value) {
    return Stream.concat(Stream.of(name, value), Arrays.stream(fields("GET", "/")))
        .toArray(String[]::new);
  }

  static Stream<H2specCase> messages() {
    return Stream.of(
        of(
            "8.1/1 second HEADERS without END_STREAM",
            resets(
                1,
                "PROTOCOL_ERROR",
                post(1, "/"),
                data(1, 0, "test"),
                headers(1, 0, "x-test", "ok"))),
        malformed("8.1.2/1 upper case", fields("GET", "/", "X-TEST", "ok")),
        malformed("8.1.2.1/1 unknown pseudo-field", twice(":test", "ok")),
        malformed("8.1.2.1/2 pseudo-field of responses", twice(":status", "200")),
        of(
            "8.1.2.1/3 pseudo-field in trailers",
            resets(
                1,
                "PROTOCOL_ERROR",
                post(1, "/"),
                data(1, 0, "test"),
                headers(1, END_STREAM, ":method", "200"))),
        malformed(
            "8.1.2.1/4 pseudo-field after a field",
            ":method",
            "GET",
            ":scheme",
            "http",
            ":authority",
            "a",
            "x-test",
            "ok",
            ":path",
            "/"),
        malformed("8.1.2.2/1 connection", fields("GET", "/", "connection", "keep-alive")),
        malformed("8.1.2.2/2 te", fields("GET", "/", "te", "trailers, deflate")),
        malformed("8.1.2.3/1 empty :path", fields("GET", "")),
        malformed("8.1.2.3/2 no :method", without(":method")),
        malformed("8.1.2.3/3 no :scheme", without(":scheme")),
        malformed("8.1.2.3/4 no :path", without(":path")),
        malformed("8.1.2.3/5 :method twice", twice(":method", "GET")),
        malformed("8.1.2.3/6 :scheme twice", twice(":scheme", "http")),
        malformed("8.1.2.3/7 :path twice", twice(":path", "/")),
        of(
            "8.1.2.6/1 content-length of another length",
            resets(
                1,
                "PROTOCOL_ERROR",
                post(1, "/", "content-length", "1"),
                data(1, END_STREAM, "test"))),
        of(
            "8.1.2.6/2 content-length of another sum",
            resets(
                1,
                "PROTOCOL_ERROR",
                post(1, "/", "content-length", "1"),
                data(1, 0, "test"),
                data(1, END_STREAM, "test"))),
        of(
            "8.2/1 PUSH_PROMISE",
            ends(1, "PROTOCOL_ERROR", WAITS, frame(PUSH_PROMISE, END_HEADERS, 1, integers(2)))));
  }

  private static void run(H2specCase one) {
    one.run(false);
    one.run(true);
  }

  @ParameterizedTest
  @MethodSource("frames")
  void frames(H2specCase one) {
    run(one);
  }

  @ParameterizedTest
  @MethodSource("messages")
  void messages(H2specCase one) {
    run(one);
  }
}

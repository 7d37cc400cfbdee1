package io.libprocess.http.client;

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
import static io.libprocess.http.server.Http2Wire.frame;
import static io.libprocess.http.server.Http2Wire.goAway;
import static io.libprocess.http.server.Http2Wire.headers;
import static io.libprocess.http.server.Http2Wire.integers;
import static io.libprocess.http.server.Http2Wire.join;
import static io.libprocess.http.server.Http2Wire.ping;
import static io.libprocess.http.server.Http2Wire.reset;
import static io.libprocess.http.server.Http2Wire.settings;
import static io.libprocess.http.server.Http2Wire.windowUpdate;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.http.Body;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.stream.Chunk;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client of HTTP/2 answers to frames that a server must not send. */
@ParameterizedClass
@ValueSource(booleans = {false, true})
class Http2HostileServerTest {

  private static final int PRIORITY_UPDATE = 16;
  private static final byte[] OK = block(":status", "200");

  private final boolean bytewise;
  private final List<Http2ClientFixture> opened = new ArrayList<>();

  Http2HostileServerTest(boolean bytewise) {
    this.bytewise = bytewise;
  }

  @AfterEach
  void close() {
    opened.forEach(Http2ClientFixture::close);
  }

  private Http2ClientFixture server() {
    Http2ClientFixture server = new Http2ClientFixture(bytewise);
    opened.add(server);
    return server.open();
  }

  /** Checks that each of some frames ends the connection. */
  private void assertEnd(String error, byte[]... hostile) {
    for (byte[] frames : hostile) {
      Http2ClientFixture server = server();
      Future<Response> response = server.get();
      server.receive(frames);
      server.assertEnded(error, response);
    }
  }

  /** Checks that each of some frames resets the stream 1. */
  private void assertReset(String error, byte[]... hostile) {
    for (byte[] frames : hostile) {
      Http2ClientFixture server = server();
      Future<Response> response = server.get();
      server.receive(frames);
      server.assertReset(1, error);
      assertTrue(response.isFailed(), response::toString);
      String why = response.failure().getMessage();
      assertTrue(why.endsWith("(" + error + ")"), why);
    }
  }

  private static byte[] head(int stream, int flags) {
    return frame(HEADERS, flags | END_HEADERS, stream, OK);
  }

  /* ------ The connection ------ */

  @Test
  void firstFrameThatIsNotSettings() {
    for (byte[] first :
        List.of(ping(0, "12345678"), head(1, 0), frame(SETTINGS, 1, 0, ascii("")))) {
      Http2ClientFixture server = new Http2ClientFixture(bytewise);
      opened.add(server);
      Future<Response> response = server.get();
      server.receive(first);
      server.assertEnded("PROTOCOL_ERROR", response);
    }
  }

  @Test
  void framesOnTheWrongStream() {
    assertEnd(
        "PROTOCOL_ERROR",
        data(0, 0, "x"),
        head(0, 0),
        frame(PRIORITY, 0, 0, new byte[5]),
        reset(0, 8),
        frame(CONTINUATION, END_HEADERS, 0, OK),
        frame(SETTINGS, 0, 1, ascii("")),
        frame(PING, 0, 1, ascii("12345678")),
        frame(GOAWAY, 0, 1, integers(0, 0)));
  }

  @Test
  void headerBlocksThatAreInterrupted() {
    byte[] begin = frame(HEADERS, 0, 1, OK);
    assertEnd(
        "PROTOCOL_ERROR",
        join(begin, ping(0, "12345678")),
        join(begin, frame(77, 0, 1, ascii(""))),
        join(begin, frame(CONTINUATION, END_HEADERS, 3, OK)),
        frame(CONTINUATION, END_HEADERS, 1, OK));
  }

  @Test
  void padding() {
    assertEnd(
        "PROTOCOL_ERROR",
        frame(DATA, PADDED, 1, new byte[] {3, 0, 0}),
        frame(HEADERS, PADDED | END_HEADERS, 1, new byte[] {1}));
  }

  @Test
  void streamsThatWereNotOpened() {
    assertEnd(
        "PROTOCOL_ERROR",
        head(3, 0),
        head(2, 0),
        data(3, 0, "x"),
        data(2, 0, "x"),
        reset(3, 8),
        reset(2, 8),
        windowUpdate(3, 1),
        frame(PRIORITY, 0, 3, new byte[] {0, 0, 0, 3, 0})); // Which depends on itself.
  }

  @Test
  void pushing() {
    assertEnd(
        "PROTOCOL_ERROR",
        frame(PUSH_PROMISE, END_HEADERS, 1, join(integers(2), OK)),
        settings(2, 1),
        settings(2, 2));
  }

  @Test
  void settingsOutOfRange() {
    assertEnd(
        "PROTOCOL_ERROR",
        settings(5, 16_383),
        settings(5, 1 << 24),
        settings(9, 2),
        settings(9, 1));
    assertEnd("FLOW_CONTROL_ERROR", settings(4, 1L << 31));
  }

  @Test
  void controlFramesThatAreWrong() {
    assertEnd(
        "PROTOCOL_ERROR",
        windowUpdate(0, 0),
        frame(PRIORITY_UPDATE, 0, 0, join(integers(1), ascii("u=1"))),
        frame(PRIORITY_UPDATE, 0, 0, integers(0)));
  }

  @Test
  void goAwayThatRises() {
    Http2ClientFixture server = server();
    server.get();
    Future<Response> second = server.get();
    server.receive(goAway(3, 0), goAway(5, 0));
    assertTrue(server.sent().contains("GOAWAY 0 PROTOCOL_ERROR"));
    assertTrue(second.isFailed());
  }

  @Test
  void sizes() {
    assertEnd(
        "FRAME_SIZE_ERROR",
        frame(DATA, 0, 1, new byte[16_385]),
        frame(SETTINGS, 0, 0, new byte[5]),
        frame(SETTINGS, 1, 0, new byte[6]),
        frame(PING, 0, 0, new byte[7]),
        frame(RST_STREAM, 0, 1, new byte[3]),
        frame(WINDOW_UPDATE, 0, 1, new byte[5]),
        frame(GOAWAY, 0, 0, new byte[7]),
        frame(DATA, PADDED, 1, new byte[0]),
        frame(HEADERS, PRIORITY_FLAG | END_HEADERS, 1, new byte[4]));
  }

  @Test
  void blocksThatCannotBeDecoded() {
    assertEnd(
        "COMPRESSION_ERROR",
        frame(HEADERS, END_HEADERS, 1, new byte[] {(byte) 0x80}),
        frame(HEADERS, END_HEADERS, 1, new byte[] {(byte) 0xFF, 1}),
        frame(HEADERS, END_HEADERS, 1, new byte[] {0, 5, 'a'}));
  }

  @Test
  void windowsThatOverflow() {
    assertEnd(
        "FLOW_CONTROL_ERROR",
        join(windowUpdate(0, Integer.MAX_VALUE), windowUpdate(0, 1)),
        join(settings(4, Integer.MAX_VALUE), windowUpdate(0, Integer.MAX_VALUE)));
    assertReset("FLOW_CONTROL_ERROR", windowUpdate(1, Integer.MAX_VALUE));
    Http2ClientFixture server = server();
    Future<Response> response = server.get();
    server.receive(windowUpdate(1, 1 << 30), settings(4, Integer.MAX_VALUE));
    server.assertEnded("FLOW_CONTROL_ERROR", response);
  }

  @Test
  void settingsThatAreNotAcknowledged() {
    try (Http2ClientFixture server = new Http2ClientFixture(bytewise)) {
      Future<Response> response = server.get();
      server.receive(settings());
      server.passTime(Duration.ofSeconds(10));
      assertTrue(server.sent().contains("GOAWAY 0 SETTINGS_TIMEOUT"));
      assertTrue(response.isFailed());
    }
  }

  /* ------ Streams ------ */

  @Test
  void messagesThatAreMalformed() {
    assertReset(
        "PROTOCOL_ERROR",
        headers(1, END_STREAM, "a", "b"),
        headers(1, END_STREAM, ":status", "200", ":status", "200"),
        headers(1, END_STREAM, ":status", "2000"),
        headers(1, END_STREAM, ":status", "2x0"),
        headers(1, END_STREAM, ":status", "101"),
        headers(1, END_STREAM, ":status", "200", ":path", "/"),
        headers(1, END_STREAM, "a", "b", ":status", "200"),
        headers(1, END_STREAM, ":status", "200", "A", "b"),
        headers(1, END_STREAM, ":status", "200", "a", "b\n"),
        headers(1, END_STREAM, ":status", "200", "a", " b"),
        headers(1, END_STREAM, ":status", "200", "", "b"),
        headers(1, END_STREAM, ":status", "200", "transfer-encoding", "chunked"),
        headers(1, END_STREAM, ":status", "200", "content-length", "1"),
        headers(1, END_STREAM, ":status", "200", "content-length", "0", "content-length", "1"),
        headers(1, END_STREAM, ":status", "100"),
        data(1, END_STREAM, "x"),
        windowUpdate(1, 0),
        frame(PRIORITY, 0, 1, new byte[] {0, 0, 0, 1, 0}),
        frame(HEADERS, PRIORITY_FLAG | END_HEADERS, 1, join(new byte[] {0, 0, 0, 1, 0}, OK)));
    assertReset("FRAME_SIZE_ERROR", frame(PRIORITY, 0, 1, new byte[4]));
  }

  @Test
  void bodiesThatBreakTheirStatedLength() {
    for (byte[] rest : List.of(data(1, 0, "xxx"), data(1, END_STREAM, "x"), head(1, 0))) {
      Http2ClientFixture server = server();
      Future<Response> response = server.get();
      server.receive(headers(1, 0, ":status", "200", "content-length", "2"));
      server.receive(rest);
      server.assertReset(1, "PROTOCOL_ERROR");
      assertTrue(response.isReady(), "its head was good");
    }
  }

  @Test
  void dataBeyondTheWindowOfAStream() {
    Http2ClientFixture server = server();
    server.get();
    server.receive(head(1, 0));
    byte[] large = data(1, 0, "x".repeat(16_384));
    for (int i = 0; i < 16; i++) {
      server.channel.receiveAlthoughPaused(large);
    }
    assertEquals(List.of(Http2ClientFixture.MEASURE), server.sent());
    server.receive(data(1, 0, "x"));
    server.assertReset(1, "FLOW_CONTROL_ERROR");
  }

  @Test
  void streamsThatAreOver() {
    Http2ClientFixture server = server();
    assertTrue(server.get().isPending());
    server.receive(head(1, END_STREAM));
    Future<Response> other = server.get();
    server.receive(data(1, 0, "x"));
    server.assertEnded("STREAM_CLOSED", other);

    Http2ClientFixture second = server();
    second.get();
    second.receive(head(1, END_STREAM));
    Future<Response> next = second.get();
    second.receive(head(1, END_STREAM));
    second.assertEnded("STREAM_CLOSED", next);
  }

  @Test
  void streamsThatTheServerHasReset() {
    for (byte[] frame : List.of(head(1, END_STREAM), data(1, 0, "x"))) {
      Http2ClientFixture server = server();
      server.get();
      server.receive(reset(1, 8));
      server.passTime(Duration.ofSeconds(9)); // It is remembered for ten.
      server.receive(frame, windowUpdate(1, 5), reset(1, 8));
      server.assertReset(1, "STREAM_CLOSED");
      server.receive(frame); // Once is enough.
      assertEquals(List.of(), server.sent());
    }
  }

  @Test
  void streamsThatTheClientHasReset_areIgnored() {
    Http2ClientFixture server = server();
    server.get().discard();
    assertEquals(List.of("RST_STREAM 1 CANCEL"), server.sent());
    server.receive(head(1, 0), data(1, END_STREAM, "x"), windowUpdate(1, 5), reset(1, 8));
    assertEquals(List.of(), server.sent());
    assertEquals(0, server.gone);
  }

  /* ------ What it may cost ------ */

  @Test
  void headerBlocksOfTooManyFrames() {
    byte[] begin = frame(HEADERS, 0, 1, OK);
    byte[] more = frame(CONTINUATION, 0, 1, block("a", "b"));
    byte[][] nine = new byte[10][];
    Arrays.fill(nine, more);
    nine[0] = begin;
    assertEnd("ENHANCE_YOUR_CALM", join(nine));
  }

  @Test
  void framesThatCarryNothing() {
    if (bytewise) {
      return; // There are too many octets.
    }
    for (byte[] odd :
        List.of(
            ping(0, "12345678"),
            settings(),
            frame(77, 0, 0, ascii("")),
            frame(PRIORITY, 0, 1, new byte[5]),
            windowUpdate(0, 1))) {
      Http2ClientFixture server = server();
      Future<Response> response = server.get();
      for (int i = 0; i < 9_990; i++) {
        server.receive(odd);
      }
      assertEquals(0, server.gone);
      for (int i = 0; i < 20 && server.gone == 0; i++) {
        server.receive(odd);
      }
      server.assertEnded("ENHANCE_YOUR_CALM", response);
    }
  }

  @Test
  void dataWithoutContent() {
    Http2ClientFixture server = server();
    Future<Response> response = server.get();
    Future<Response> other = server.get();
    server.receive(head(1, 0));
    for (int i = 0; i < 10; i++) {
      server.receive(data(1, 0, ""));
    }
    assertTrue(response.isReady());
    assertEquals(0, server.gone);
    server.receive(data(1, 0, ""));
    server.assertEnded("ENHANCE_YOUR_CALM", other);
  }

  @Test
  void pingsWhoseAnswersAreNotTaken() {
    if (bytewise) {
      return; // There are too many octets.
    }
    Http2ClientFixture server = server();
    Future<Response> response = server.get();
    server.channel.becomeSlow();
    for (int i = 0; i < 1001; i++) {
      server.receive(ping(0, "12345678"));
    }
    assertEquals(0, server.gone);
    server.receive(ping(0, "12345678"));
    assertEquals(1, server.gone);
    assertEquals("the server takes no control frames", response.failure().getMessage());
  }

  @Test
  void pingThatAnswersNothing_isIgnored() {
    Http2ClientFixture server = server();
    server.get();
    server.passTime(Duration.ofSeconds(31));
    assertEquals(List.of("PING \0\0\0\0\0\0\0\3"), server.sent());
    server.receive(ping(1, "\0\0\0\0grow"), ping(1, "12345678"));
    assertEquals(List.of(), server.sent());
    assertEquals(0, server.gone);
  }

  @Test
  void requestsInProgress_areToldWhatTheServerSays() {
    Http2ClientFixture server = server();
    Future<Response> upload =
        server.send(
            Request.post("/", Body.of(Chunk.utf8("x"))).withHeader("Expect", "100-continue"));
    server.receive(frame(GOAWAY, 0, 0, join(integers(1, 11), ascii("too much"))));
    server.channel.receiveEnd();
    assertEquals(
        "The server ends the connection: ENHANCE_YOUR_CALM: too much",
        upload.failure().getMessage());
  }
}

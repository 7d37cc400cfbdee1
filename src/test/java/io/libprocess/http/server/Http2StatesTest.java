package io.libprocess.http.server;

import static io.libprocess.http.server.Http2Wire.CONTINUATION;
import static io.libprocess.http.server.Http2Wire.DATA;
import static io.libprocess.http.server.Http2Wire.END_HEADERS;
import static io.libprocess.http.server.Http2Wire.END_STREAM;
import static io.libprocess.http.server.Http2Wire.HEADERS;
import static io.libprocess.http.server.Http2Wire.PADDED;
import static io.libprocess.http.server.Http2Wire.PING;
import static io.libprocess.http.server.Http2Wire.PRIORITY;
import static io.libprocess.http.server.Http2Wire.PRIORITY_FLAG;
import static io.libprocess.http.server.Http2Wire.PUSH_PROMISE;
import static io.libprocess.http.server.Http2Wire.ascii;
import static io.libprocess.http.server.Http2Wire.block;
import static io.libprocess.http.server.Http2Wire.data;
import static io.libprocess.http.server.Http2Wire.fields;
import static io.libprocess.http.server.Http2Wire.frame;
import static io.libprocess.http.server.Http2Wire.get;
import static io.libprocess.http.server.Http2Wire.headers;
import static io.libprocess.http.server.Http2Wire.integers;
import static io.libprocess.http.server.Http2Wire.join;
import static io.libprocess.http.server.Http2Wire.post;
import static io.libprocess.http.server.Http2Wire.reset;
import static io.libprocess.http.server.Http2Wire.windowUpdate;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.http.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The states of streams, and the shape of frames, each case with the octets in one piece and one by
 * one: among them those of the conformance tests of h2spec.
 */
@ParameterizedClass
@ValueSource(booleans = {false, true})
class Http2StatesTest {

  private static final String OK = ":status=200 content-length=0";

  private final Http2Fixture client;

  Http2StatesTest(boolean bytewise) {
    client = new Http2Fixture(bytewise);
  }

  @AfterEach
  void close() {
    client.close();
  }

  private void answer(int call) {
    client.server.call(call).answer(Response.ok());
  }

  private static byte[] priority(int stream, int dependency) {
    return frame(PRIORITY, 0, stream, join(integers(dependency), new byte[] {16}));
  }

  /* ------ The states of streams ------ */

  @ParameterizedTest
  @ValueSource(ints = {DATA, Http2Wire.RST_STREAM, Http2Wire.WINDOW_UPDATE, CONTINUATION})
  void idleStream_acceptsOnlyHeadersAndPriority(int type) {
    client.open();
    client.receive(frame(type, 0, 1, integers(1)));

    client.assertEnded(0, "PROTOCOL_ERROR");
  }

  @Test
  void halfClosedStream_refusesData() {
    client.open();
    client.receive(get(1, "/"), data(1, END_STREAM, "x"));

    client.assertReset(1, "STREAM_CLOSED");
  }

  @Test
  void halfClosedStream_refusesHeaders() {
    client.open();
    client.receive(get(1, "/"), headers(1, END_STREAM, "x", "y"));

    client.assertReset(1, "STREAM_CLOSED");
  }

  @Test
  void halfClosedStream_acceptsWindowUpdatePriorityAndReset() {
    client.open();
    client.receive(get(1, "/"));
    client.receive(windowUpdate(1, 100), priority(1, 0), reset(1, 8));

    client.assertSent();
    client.assertAlive();
    assertTrue(client.server.call(0).promise().future().hasDiscard());
  }

  @Test
  void streamThatBothSidesHaveEnded_refusesDataAndHeaders() {
    client.open();
    client.receive(get(1, "/"));
    answer(0);
    client.assertSent("HEADERS 1 " + OK + " END");
    client.receive(windowUpdate(1, 100), priority(1, 0), reset(1, 8));
    client.assertSent();
    client.receive(data(1, END_STREAM, "x"));

    client.assertEnded(1, "STREAM_CLOSED");
  }

  @Test
  void streamThatBothSidesHaveEnded_isNotOpenedAgain() {
    client.open();
    client.receive(get(1, "/"));
    answer(0);
    client.assertSent("HEADERS 1 " + OK + " END");
    client.receive(get(1, "/"));

    client.assertEnded(1, "STREAM_CLOSED");
  }

  @Test
  void streamThatTheClientHasReset_refusesDataAndHeadersOnce() {
    client.open();
    client.receive(post(1, "/"), reset(1, 8), data(1, 0, "x"));
    client.assertReset(1, "STREAM_CLOSED");
    client.receive(data(1, 0, "x"), headers(1, END_STREAM, "x", "y"));

    client.assertSent();
  }

  @Test
  void streamThatTheServerHasReset_dropsWhatStillArrives() {
    client.open();
    client.receive(headers(1, 0, "x", "y"));
    client.assertReset(1, "PROTOCOL_ERROR");
    client.receive(data(1, 0, "x"), headers(1, END_STREAM, "x", "y"), reset(1, 8));

    client.assertSent();
    client.assertAlive();
  }

  @Test
  void responseBeforeTheEndOfTheRequest_resetsTheStreamWithoutAnError() {
    client.open();
    client.receive(post(1, "/"), data(1, 0, "some"));
    client.server.call(0).answer(Response.of(413));
    client.assertSent("HEADERS 1 :status=413 content-length=0 END", "RST_STREAM 1 NO_ERROR");
    client.receive(data(1, END_STREAM, "more"));

    client.assertSent();
    client.assertAlive();
  }

  @Test
  void evenStream_isAConnectionError() {
    client.open();
    client.receive(get(2, "/"));

    client.assertEnded(0, "PROTOCOL_ERROR");
  }

  @Test
  void lowerStreamThanBefore_isAConnectionError() {
    client.open();
    client.receive(get(5, "/"), get(3, "/"));

    client.assertEnded(5, "PROTOCOL_ERROR");
  }

  @Test
  void moreStreamsThanAllowed_areRefused() {
    client.open();
    for (int i = 0; i < 128; i++) {
      client.receive(post(2 * i + 1, "/"));
    }
    client.receive(get(257, "/late"));
    client.assertReset(257, "REFUSED_STREAM");
    client.receive(reset(1, 8));
    assertEquals(128, client.server.calls.size());
    client.receive(get(259, "/next")); // Its place is still taken by the first handler.
    assertEquals(128, client.server.calls.size());
    client.server.call(0).promise().discard();

    assertEquals("/next", client.server.call(128).request().target());
  }

  @Test
  void requestThatWaitsForAPlace_vanishesIfItIsReset() {
    client.open();
    for (int i = 0; i < 128; i++) {
      client.receive(post(2 * i + 1, "/"));
    }
    client.receive(reset(1, 8), get(257, "/late"), reset(257, 8), get(259, "/next"));
    client.server.call(0).promise().discard();

    assertEquals(129, client.server.calls.size());
    assertEquals("/next", client.server.call(128).request().target());
  }

  @Test
  void streamThatWasReset_isNotResetAgain() {
    client.open();
    client.receive(headers(1, 0, "x", "y"));
    client.assertReset(1, "PROTOCOL_ERROR");
    client.receive(frame(PRIORITY, 0, 1, new byte[3]));
    client.assertSent();
    client.receive(frame(PRIORITY, 0, 3, new byte[3])); // Idle: it cannot be reset.

    client.assertEnded(0, "FRAME_SIZE_ERROR");
  }

  /* ------ Frames ------ */

  @Test
  void unknownFramesFlagsAndReservedBits_areIgnored() {
    client.open();
    client.receive(
        frame(99, 0xFF, 0, new byte[8]),
        frame(PING, 0x16, 1 << 31, ascii("abcdefgh")),
        frame(99, 0, 7, new byte[8]));

    client.assertSent("PING ACK abcdefgh");
  }

  @Test
  void frameInsideAHeaderBlock_isAConnectionError() {
    client.open();
    client.receive(frame(HEADERS, 0, 1, block(fields("GET", "/"))), priority(1, 0));

    client.assertEnded(0, "PROTOCOL_ERROR");
  }

  @Test
  void frameThatIsTooLarge_isAConnectionError() {
    client.open();
    client.receive(post(1, "/"), frame(DATA, 0, 1, new byte[16385]));

    client.assertEnded(1, "FRAME_SIZE_ERROR");
  }

  @Test
  void largestFrame_isAccepted() {
    client.open();
    client.receive(post(1, "/"), frame(DATA, END_STREAM, 1, new byte[16384]));

    assertEquals(16384, client.server.call(0).request().buffered(1 << 20).get().bytes().size());
  }

  @Test
  void brokenHeaderBlock_isAConnectionError() {
    client.open();
    client.receive(frame(HEADERS, END_HEADERS, 1, new byte[] {(byte) 0xFF, 1}));

    client.assertEnded(0, "COMPRESSION_ERROR");
  }

  @Test
  void paddingAsLongAsTheFrame_isAConnectionError() {
    client.open();
    client.receive(post(1, "/"), frame(DATA, PADDED, 1, new byte[] {5, 0, 0, 0, 0}));

    client.assertEnded(1, "PROTOCOL_ERROR");
  }

  @Test
  void pushPromise_isAConnectionError() {
    client.open();
    client.receive(frame(PUSH_PROMISE, END_HEADERS, 1, integers(2)));

    client.assertEnded(0, "PROTOCOL_ERROR");
  }

  @Test
  void streamThatDependsOnItself_isAnError() {
    client.open();
    byte[] fields = block(fields("GET", "/"));
    client.receive(
        frame(HEADERS, END_HEADERS | PRIORITY_FLAG, 1, join(integers(1), new byte[] {1}, fields)));
    client.assertReset(1, "PROTOCOL_ERROR");
    client.receive(priority(1, 1)); // It was reset once.
    client.assertSent();
    client.receive(get(5, "/"), priority(5, 5));
    client.assertReset(5, "PROTOCOL_ERROR");
    client.receive(priority(7, 7));

    client.assertEnded(5, "PROTOCOL_ERROR");
  }
}

package io.libprocess.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.http.Limits;
import io.libprocess.http.RequestHandler;
import io.libprocess.http.http1.FakeChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A server with a connection of HTTP/2 on which the test is the client. */
final class Http2Fixture implements AutoCloseable {

  static final String SETTINGS = "SETTINGS 3=128 6=81920 9=1";
  static final String WINDOW = "WINDOW_UPDATE 0 25100289"; // 24 MiB less what RFC 9113 begins with.

  /** The pings by which the server measures how much a client sends. */
  private static final String MEASURE = "PING \0\0\0\0grow";

  private static final int MOST_SINGLE = 2000;
  private static final int LATER_PIECE = 997;

  final ServerFixture server;
  final FakeChannel channel;
  private final Http2Wire wire = new Http2Wire();
  private final boolean bytewise;
  int measures; // How many pings that measure have been sent.

  Http2Fixture(boolean bytewise) {
    this(bytewise, Limits.defaults(), null);
  }

  /**
   * Makes a connection on which nothing has been sent.
   *
   * @param bytewise whether the client's octets arrive one by one
   * @param handler null if the test answers
   */
  Http2Fixture(boolean bytewise, Limits limits, RequestHandler handler) {
    this.bytewise = bytewise;
    this.server = new ServerFixture(limits, handler);
    this.channel = server.channel;
  }

  /** Exchanges the prefaces and settings. */
  Http2Fixture open(long... settings) {
    receive(Http2Wire.PREFACE, Http2Wire.settings(settings));
    assertSent(SETTINGS, WINDOW, "SETTINGS ACK");
    receive(Http2Wire.settingsAck());
    assertSent();
    return this;
  }

  /** Sends frames. */
  void receive(byte[]... frames) {
    byte[] all = Http2Wire.join(frames);
    if (!bytewise) {
      channel.receiveAlthoughPaused(all);
      return;
    }
    for (int from = 0; from < all.length; ) { // Of much input only the beginning, to save time.
      int to = Math.min(all.length, from + (from < MOST_SINGLE ? 1 : LATER_PIECE));
      channel.receiveAlthoughPaused(Arrays.copyOfRange(all, from, to));
      from = to;
    }
  }

  /** The frames that the server has sent since the last call. */
  List<String> sent() {
    List<String> frames = wire.read(Http2Wire.ascii(channel.takeSent()));
    List<String> others = new ArrayList<>(frames);
    others.removeIf(MEASURE::equals);
    measures += frames.size() - others.size();
    return others;
  }

  void assertSent(String... expected) {
    assertEquals(String.join("\n", expected), String.join("\n", sent()));
  }

  /** Checks what is sent when the server no longer waits for larger windows. */
  void assertSentSmall(String... expected) {
    assertSent();
    server.clock.advance(Duration.ofMillis(100));
    server.clock.settle();
    assertSent(expected);
  }

  /** Checks that the server has ended the connection with an error. */
  void assertEnded(int last, String error) {
    List<String> frames = sent();
    assertTrue(!frames.isEmpty(), "nothing was sent");
    assertEquals("GOAWAY " + last + " " + error, frames.get(frames.size() - 1));
    assertTrue(channel.closesAfterWrites(), "the connection is open");
  }

  /** Checks that the server has reset a stream, and that the connection still works. */
  void assertReset(int stream, String error) {
    assertSent("RST_STREAM " + stream + " " + error);
    assertAlive();
  }

  void assertAlive() {
    receive(Http2Wire.ping(0, "abcdefgh"));
    assertSent("PING ACK abcdefgh");
  }

  /** Checks the paths of the requests that have reached the handler. */
  void assertCalled(String... paths) {
    assertEquals(
        Arrays.asList(paths), server.calls.stream().map(call -> call.request().target()).toList());
  }

  @Override
  public void close() {
    server.close();
  }
}

package io.libprocess.http.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.http.ClientSettings;
import io.libprocess.http.Limits;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.http.http1.FakeChannel;
import io.libprocess.http.http2.Http2Counts;
import io.libprocess.http.http2.frame.ErrorCode;
import io.libprocess.http.server.Http2Wire;
import io.libprocess.internal.MemoryBudget;
import io.libprocess.net.TlsSession;
import io.libprocess.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** A client's connection of HTTP/2 on which the test is the server. */
final class Http2ClientFixture implements AutoCloseable {

  /** The ping by which the client measures how much a server sends. */
  static final String MEASURE = "PING \0\0\0\0grow";

  private static final int PREFACE = 24;

  final Clock clock = Clock.paused(Instant.parse("1994-11-06T08:49:37Z"));
  final MemoryBudget memory = MemoryBudget.ofHeap();
  final Http2Counts counts = Http2Counts.ofClient();
  final FakeChannel channel;
  final Http2ClientConnection connection;
  private final Http2Wire wire = new Http2Wire();
  private final boolean bytewise;
  final List<String> atStart; // The frames after the preface.
  final List<String> told = new ArrayList<>();
  int idle;
  int changed;
  int gone;

  Http2ClientFixture(boolean bytewise) {
    this(bytewise, ClientSettings.defaults().limits());
  }

  Http2ClientFixture(boolean bytewise, Limits limits) {
    this(bytewise, limits, KeepAlive.DEFAULT);
  }

  Http2ClientFixture(boolean bytewise, Limits limits, KeepAlive keepAlive) {
    this(bytewise, limits, keepAlive, null);
  }

  /** On a connection with TLS. */
  Http2ClientFixture(TlsSession session) {
    this(false, Limits.defaults(), KeepAlive.DEFAULT, session);
  }

  private Http2ClientFixture(
      boolean bytewise, Limits limits, KeepAlive keepAlive, TlsSession session) {
    this.bytewise = bytewise;
    this.channel = new FakeChannel(memory).withTls(session);
    connection =
        new Http2ClientConnection(
            channel,
            "a",
            limits,
            clock,
            new ClientConnection.Owner() {
              @Override
              public void idle(ClientConnection connection) {
                idle++;
              }

              @Override
              public void changed(ClientConnection connection) {
                changed++;
              }

              @Override
              public void told(ErrorCode code, String text) {
                told.add(code + " " + text);
              }

              @Override
              public KeepAlive keepAlive() {
                return keepAlive;
              }

              @Override
              public void gone(ClientConnection connection) {
                gone++;
              }
            },
            counts);
    channel.handler = connection;
    connection.ask();
    atStart = wire.read(Http2Wire.ascii(channel.takeSent().substring(PREFACE)));
  }

  /** Sends the server's settings. */
  Http2ClientFixture open(long... settings) {
    receive(Http2Wire.settings(settings), Http2Wire.settingsAck());
    assertEquals(List.of("SETTINGS ACK"), sent());
    return this;
  }

  void receive(byte[]... frames) {
    byte[] all = Http2Wire.join(frames);
    for (int i = 0; bytewise && i < all.length; i++) {
      channel.receiveAlthoughPaused(new byte[] {all[i]});
    }
    if (!bytewise) {
      channel.receiveAlthoughPaused(all);
    }
  }

  List<String> sent() {
    return new ArrayList<>(wire.read(Http2Wire.ascii(channel.takeSent())));
  }

  Future<Response> send(Request request) {
    ClientExchange exchange = new ClientExchange(request.withKeepAlive(true));
    connection.submit(exchange);
    return exchange.response();
  }

  /** A request of which what was sent is left out. */
  Future<Response> get() {
    Future<Response> response = send(Request.get("/"));
    sent();
    return response;
  }

  /** Checks that the client has ended the connection with an error, and told the request. */
  void assertEnded(String error, Future<Response> response) {
    List<String> frames = sent();
    assertTrue(!frames.isEmpty(), "nothing was sent");
    assertEquals("GOAWAY 0 " + error, frames.get(frames.size() - 1));
    assertEquals(1, gone);
    String why = response.failure().getMessage();
    assertTrue(why.startsWith("Failed to decode response: "), why);
    assertTrue(why.endsWith("(" + error + ")"), why);
  }

  /** Checks that the client has reset a stream, and that the connection still works. */
  void assertReset(int stream, String error) {
    assertEquals(List.of("RST_STREAM " + stream + " " + error), sent());
    receive(Http2Wire.ping(0, "abcdefgh"));
    assertEquals(List.of("PING ACK abcdefgh"), sent());
    assertEquals(0, gone);
  }

  void passTime(Duration time) {
    clock.advance(time);
    clock.settle();
  }

  @Override
  public void close() {
    if (gone > 0) {
      assertEquals(0, clock.timers());
    }
    clock.close();
  }
}

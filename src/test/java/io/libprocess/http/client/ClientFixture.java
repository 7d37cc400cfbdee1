package io.libprocess.http.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.http.Body;
import io.libprocess.http.Connection;
import io.libprocess.http.Limits;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.http.http1.FakeChannel;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.Pipe;
import io.libprocess.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** A client's connection whose clock and server are in the test's hands. */
public final class ClientFixture implements AutoCloseable {

  final Clock clock = Clock.paused(Instant.EPOCH);
  final FakeChannel channel = new FakeChannel();
  final ClientConnection engine;
  final Connection connection;
  int idle;
  int gone;

  ClientFixture() {
    this(Limits.defaults());
  }

  ClientFixture(Limits limits) {
    engine =
        new ClientConnection(
            channel,
            "host:81",
            limits,
            clock,
            new ClientConnection.Owner() {
              @Override
              public void idle(ClientConnection connection) {
                idle++;
              }

              @Override
              public void gone(ClientConnection connection) {
                gone++;
              }
            });
    channel.handler = engine;
    connection = new Connection(engine, limits.body());
  }

  static Request get(String target) {
    return Request.get(target).withKeepAlive(true);
  }

  static Request post(Pipe<Chunk> pipe) {
    return Request.post("/", Body.of(pipe.reader())).withKeepAlive(true);
  }

  Future<Response> send(String target) {
    return connection.send(get(target));
  }

  Future<Response> stream(String target) {
    return connection.stream(get(target));
  }

  /** What the server sends. */
  void receive(String... lines) {
    channel.receive(String.join("\r\n", lines));
  }

  String sent() {
    return channel.takeSent();
  }

  void passTime(Duration duration) {
    clock.advance(duration);
    clock.settle();
  }

  static String ok(String body) {
    return "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
  }

  static Pipe.Reader<Chunk> reader(Response response) {
    return ((Body.Streamed) response.body()).reader();
  }

  /** The next piece of a stream, which is there. */
  static String piece(Pipe.Reader<Chunk> reader) {
    Future<Optional<Chunk>> read = reader.read();
    assertTrue(read.isReady(), read::toString);
    return read.get().map(Chunk::utf8).orElse("<end>");
  }

  static void assertFailed(String message, Future<?> future) {
    assertTrue(future.isFailed(), future::toString);
    assertEquals(message, future.failure().getMessage());
  }

  void assertOpen() {
    assertTrue(!channel.isClosed() && connection.disconnected().isPending(), "not open");
    assertEquals(0, gone);
  }

  void assertGone() {
    assertTrue(channel.isClosed() && connection.disconnected().isReady(), "not gone");
    assertEquals(1, gone);
  }

  @Override
  public void close() {
    clock.close();
  }
}

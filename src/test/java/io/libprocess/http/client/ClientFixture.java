package io.libprocess.http.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.http.Body;
import io.libprocess.http.Connection;
import io.libprocess.http.HttpClients;
import io.libprocess.http.Limits;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.http.http1.FakeChannel;
import io.libprocess.internal.MemoryBudget;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.Pipe;
import io.libprocess.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** A client's connection whose clock and server are controlled by the test. */
public final class ClientFixture implements AutoCloseable {

  final Clock clock = Clock.paused(Instant.EPOCH);
  final MemoryBudget memory = new MemoryBudget(100_000);
  public final FakeChannel channel = new FakeChannel(memory);
  final Http1ClientConnection engine;
  public final Connection connection;
  int idle;
  int behind;
  int gone;

  public ClientFixture() {
    this(Limits.defaults());
  }

  public ClientFixture(Limits limits) {
    engine =
        new Http1ClientConnection(
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
              public void behind(ClientConnection connection) {
                behind++;
              }

              @Override
              public void gone(ClientConnection connection) {
                gone++;
              }
            });
    channel.handler = engine;
    connection = HttpClients.connection(engine, limits.body());
  }

  public static Request get(String target) {
    return Request.get(target).withKeepAlive(true);
  }

  public static Request post(Pipe<Chunk> pipe) {
    return Request.post("/", Body.of(pipe.reader())).withKeepAlive(true);
  }

  public Future<Response> send(String target) {
    return connection.send(get(target));
  }

  public Future<Response> stream(String target) {
    return connection.stream(get(target));
  }

  /** Sends from the server. */
  public void receive(String... lines) {
    channel.receive(String.join("\r\n", lines));
  }

  public String sent() {
    return channel.takeSent();
  }

  public void passTime(Duration duration) {
    clock.advance(duration);
    clock.settle();
  }

  public static String ok(String body) {
    return "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
  }

  public static Pipe.Reader<Chunk> reader(Response response) {
    return ((Body.Streamed) response.body()).reader();
  }

  /** The next piece of a stream, which must be available. */
  public static String piece(Pipe.Reader<Chunk> reader) {
    Future<Optional<Chunk>> read = reader.read();
    assertTrue(read.isReady(), read::toString);
    return read.get().map(Chunk::utf8).orElse("<end>");
  }

  public static void assertFailed(String message, Future<?> future) {
    assertTrue(future.isFailed(), future::toString);
    assertEquals(message, future.failure().getMessage());
  }

  public void assertOpen() {
    assertTrue(!channel.isClosed() && connection.disconnected().isPending(), "not open");
    assertEquals(0, gone);
  }

  public void assertGone() {
    assertTrue(channel.isClosed() && connection.disconnected().isReady(), "not gone");
    assertEquals(1, gone);
    assertEquals(0, clock.timers());
  }

  @Override
  public void close() {
    clock.close();
  }
}

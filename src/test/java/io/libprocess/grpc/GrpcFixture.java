package io.libprocess.grpc;

import io.libprocess.Config;
import io.libprocess.Node;
import io.libprocess.http.Limits;
import io.libprocess.http.Url;
import io.libprocess.support.Expect;
import io.libprocess.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** A node with the service, and one with a channel to it, whose clocks stand still. */
final class GrpcFixture implements AutoCloseable {

  final Clock clock = Clock.paused(Instant.parse("2030-01-01T00:00:00Z"));
  final EchoService service = new EchoService();
  final Node server;
  final Node client;
  final GrpcChannel channel;

  GrpcFixture() {
    this(UnaryOperator.identity(), GrpcSettings.defaults());
  }

  GrpcFixture(UnaryOperator<Limits.Builder> limits, GrpcSettings settings) {
    Config.Builder config = Config.builder().http2(true).clock(clock);
    server = Node.start(config.httpLimits(limits.apply(Limits.builder()).build()).build());
    client = Node.start(Config.builder().clock(clock).build());
    server.spawn(service);
    channel = GrpcChannel.to(client, url(), settings);
  }

  Url url() {
    return Url.of(server.address());
  }

  /**
   * Connects, and waits until the server knows that the client has its settings, for which it waits
   * ten seconds: the second call comes after that acknowledgement.
   */
  static void connect(GrpcChannel channel) {
    Expect.ready(channel.call(EchoService.ECHO, "first"));
    Expect.ready(channel.call(EchoService.ECHO, "second"));
  }

  /** Lets time pass. */
  void pass(Duration time) {
    clock.advance(time);
  }

  /** The next call that the service holds. */
  EchoService.Held held() throws InterruptedException {
    return next(service.held);
  }

  static <T> T next(LinkedBlockingQueue<T> queue) throws InterruptedException {
    T next = queue.poll(Expect.SECONDS, TimeUnit.SECONDS);
    if (next == null) {
      throw new AssertionError("nothing came");
    }
    return next;
  }

  @Override
  public void close() {
    channel.close();
    client.close();
    server.close();
    clock.close();
  }
}

package io.libprocess.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.Config;
import io.libprocess.Node;
import io.libprocess.future.Future;
import io.libprocess.http.Url;
import io.libprocess.net.Address;
import io.libprocess.support.Expect;
import io.libprocess.time.Clock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What the tests of the original's client pin: calls with 100 ms that wait until the server can be
 * reached. Time stands still until a test lets it pass.
 */
@Timeout(60)
class GrpcClientTest {

  private static final Duration TIME = Duration.ofMillis(100);
  private static final GrpcSettings SETTINGS =
      GrpcSettings.defaults().withOptions(GrpcOptions.defaults().withTimeout(TIME));

  private static GrpcFixture fixture() {
    return new GrpcFixture(limits -> limits, SETTINGS);
  }

  @Test
  void success() {
    try (GrpcFixture fixture = fixture()) {
      Future<GrpcOutcome<String>> outcome = fixture.channel.outcome(EchoService.ECHO, "hello");

      assertEquals("hello", Expect.ready(outcome).get());
      assertEquals(GrpcStatus.OK, outcome.get().status());
    }
  }

  @Test
  void concurrentCalls_allSucceed() throws Exception {
    try (GrpcFixture fixture = fixture()) {
      List<Future<String>> calls = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        calls.add(fixture.channel.call(EchoService.HELD, "call " + i));
      }
      List<EchoService.Held> held =
          List.of(fixture.held(), fixture.held(), fixture.held()); // All at once.
      held.forEach(call -> call.reply().set("re " + call.request()));

      for (int i = 0; i < 3; i++) {
        assertEquals("re call " + i, Expect.ready(calls.get(i)));
      }
    }
  }

  @Test
  void statusOfTheServer_isTheOutcome() {
    try (GrpcFixture fixture = fixture()) {
      GrpcOutcome<String> outcome =
          Expect.ready(fixture.channel.outcome(EchoService.FAIL, "CANCELLED"));

      assertEquals(GrpcStatus.CANCELLED, outcome.status());
      assertEquals("CANCELLED", outcome.toString());
    }
  }

  @Test
  void discardBeforeTheServerListens_isNeverSeenByIt() throws Exception {
    int port = freePort();
    try (Clock clock = Clock.paused(Instant.EPOCH);
        Node client = Node.start(Config.builder().clock(clock).build())) {
      Url url = Url.of(new Address(InetAddress.getLoopbackAddress(), port));
      GrpcChannel channel = GrpcChannel.to(client, url, SETTINGS);
      Future<GrpcOutcome<String>> outcome = channel.outcome(EchoService.HELD, "never");
      outcome.discard();
      Expect.completed(outcome);
      assertTrue(outcome.isDiscarded());

      EchoService service = new EchoService();
      try (Node server =
          Node.start(
              Config.builder()
                  .http2(true)
                  .ip(InetAddress.getLoopbackAddress())
                  .port(port)
                  .build())) {
        server.spawn(service);
        Future<String> other =
            channel
                .with(GrpcOptions.defaults().withTimeout(Duration.ofHours(1)))
                .call(EchoService.ECHO, "other");
        clock.advance(Duration.ofSeconds(10)); // The channel connects again.

        assertEquals("other", Expect.ready(other));
        assertTrue(service.held.isEmpty());
      }
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  @Test
  void discardWhileTheServerWorks_isDiscardedAlthoughItSucceeds() throws Exception {
    try (GrpcFixture fixture = fixture()) {
      Future<GrpcOutcome<String>> outcome = fixture.channel.outcome(EchoService.HELD, "slow");
      EchoService.Held held = fixture.held();
      outcome.discard();
      held.reply().set("too late");

      Expect.completed(outcome);
      assertTrue(outcome.isDiscarded());
    }
  }

  @Test
  void closeWhileTheServerHangs_endsWithTheDeadline() throws Exception {
    try (GrpcFixture fixture = fixture()) {
      Future<GrpcOutcome<String>> outcome = fixture.channel.outcome(EchoService.HELD, "hangs");
      fixture.held();
      fixture.channel.close();
      assertFalse(fixture.channel.closed().isReady());
      assertTrue(outcome.isPending());
      assertEquals(
          "the channel has been terminated",
          Expect.failureText(fixture.channel.outcome(EchoService.ECHO, "late")));
      fixture.pass(TIME);

      assertEquals(GrpcStatus.DEADLINE_EXCEEDED, Expect.ready(outcome).status());
      Expect.ready(fixture.channel.closed());
    }
  }

  @Test
  void unknownHost_endsWithTheDeadline() {
    try (Clock clock = Clock.paused(Instant.EPOCH);
        Node client = Node.start(Config.builder().clock(clock).build())) {
      GrpcChannel channel =
          GrpcChannel.to(client, Url.of("http", "nosuchhost.invalid", 1), SETTINGS);
      Future<GrpcOutcome<String>> outcome = channel.outcome(EchoService.ECHO, "nobody");
      channel.close();
      clock.advance(TIME.minusMillis(1));
      assertTrue(outcome.isPending());
      clock.advance(Duration.ofMillis(1));

      assertEquals(GrpcStatus.DEADLINE_EXCEEDED, Expect.ready(outcome).status());
      Expect.ready(channel.closed());
    }
  }

  @Test
  void callThatWaitsForTheServer_doesNotOutliveTheNodeForLong() throws Exception {
    int port = freePort();
    try (Clock clock = Clock.paused(Instant.EPOCH)) {
      Future<GrpcOutcome<String>> outcome;
      try (Node client = Node.start(Config.builder().clock(clock).build())) {
        Url url = Url.of(new Address(InetAddress.getLoopbackAddress(), port));
        GrpcChannel channel = GrpcChannel.to(client, url);
        GrpcChannel impatient = channel.with(channel.options().withWaitForReady(false));
        Expect.ready(impatient.outcome(EchoService.ECHO, "x")); // The attempt failed.
        outcome =
            channel.with(channel.options().withoutTimeout()).outcome(EchoService.ECHO, "nobody");
      }
      assertTrue(outcome.isPending());
      clock.advance(Duration.ofSeconds(2)); // The time of the next attempt.

      assertEquals(GrpcStatus.UNAVAILABLE, Expect.ready(outcome).status());
    }
  }

  @Test
  void deadlineWithoutAConnection_saysWhy() throws Exception {
    int port = freePort();
    try (Clock clock = Clock.paused(Instant.EPOCH);
        Node client = Node.start(Config.builder().clock(clock).build())) {
      Url url = Url.of(new Address(InetAddress.getLoopbackAddress(), port));
      GrpcChannel channel = GrpcChannel.to(client, url, SETTINGS);
      GrpcChannel impatient = channel.with(channel.options().withWaitForReady(false));
      assertEquals(
          GrpcStatus.UNAVAILABLE,
          Expect.ready(impatient.outcome(EchoService.ECHO, "x")).status()); // The attempt failed.
      Future<GrpcOutcome<String>> outcome = channel.outcome(EchoService.ECHO, "nobody");
      clock.advance(TIME);

      String text = Expect.ready(outcome).toString();
      assertTrue(text.startsWith("DEADLINE_EXCEEDED: not connected: "), text);
      assertTrue(text.endsWith("Connection refused"), text);
      channel.close();
    }
  }

  @Test
  void hangingServer_endsWithTheDeadline() throws Exception {
    try (GrpcFixture fixture = fixture()) {
      Future<GrpcOutcome<String>> outcome = fixture.channel.outcome(EchoService.HELD, "hangs");
      EchoService.Held held = fixture.held();
      fixture.pass(TIME);

      assertEquals(GrpcStatus.DEADLINE_EXCEEDED, Expect.ready(outcome).status());
      assertEquals(fixture.clock.now(), held.deadline().orElseThrow());
    }
  }
}

package io.libprocess.grpc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.libprocess.future.Future;
import io.libprocess.grpc.HealthService.State;
import io.libprocess.support.Expect;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The health service of a node. */
@Timeout(60)
class GrpcHealthTest {

  private static final GrpcMethod<String, State> CHECK =
      GrpcMethod.unary(HealthService.NAME, "Check", HealthService.NAMES, HealthService.STATES);
  private static final GrpcMethod<String, State> WATCH =
      GrpcMethod.serverStreaming(
          HealthService.NAME, "Watch", HealthService.NAMES, HealthService.STATES);

  private GrpcFixture fixture;

  @BeforeEach
  void start() {
    fixture = new GrpcFixture();
    Grpc.health(fixture.server);
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  private State check(String service) {
    return Expect.ready(fixture.channel.call(CHECK, service));
  }

  /**
   * The next state that a watcher is told; lets time pass until the server has looked, which counts
   * from when it has sent the state before.
   */
  private State next(GrpcReplies<State> watch) {
    Future<Optional<State>> next = watch.reader().read();
    Expect.until(
        () -> {
          if (next.isPending()) {
            fixture.pass(Duration.ofSeconds(1));
            Expect.pause(5);
          }
          return !next.isPending();
        });
    return Expect.ready(next).orElseThrow();
  }

  @Test
  void nodeAndServices_serveUntilTheyDrain() {
    assertEquals(State.SERVING, check(""));
    assertEquals(State.SERVING, check(EchoService.NAME));
    assertEquals(
        "NOT_FOUND: no service 'test.None'",
        Expect.failureText(fixture.channel.call(CHECK, "test.None")));
    fixture.server.config().health().drain();
    assertEquals(State.NOT_SERVING, check(""));
    assertEquals(State.NOT_SERVING, check(EchoService.NAME));
    fixture.server.config().health().resume();
    assertEquals(State.SERVING, check(""));
  }

  @Test
  void watchers_areToldOfChanges() {
    GrpcFixture.connect(fixture.channel);
    GrpcChannel patient = fixture.channel.with(GrpcOptions.defaults().withoutTimeout());
    GrpcReplies<State> node = patient.serverStreaming(WATCH, "");
    GrpcReplies<State> none = patient.serverStreaming(WATCH, "test.None");
    GrpcReplies<State> echo = patient.serverStreaming(WATCH, EchoService.NAME);
    assertEquals(Optional.of(State.SERVING), Expect.ready(node.reader().read()));
    assertEquals(Optional.of(State.SERVICE_UNKNOWN), Expect.ready(none.reader().read()));
    assertEquals(Optional.of(State.SERVING), Expect.ready(echo.reader().read()));
    fixture.server.config().health().drain();
    assertEquals(State.NOT_SERVING, next(node));
    assertEquals(State.NOT_SERVING, next(echo));
    fixture.server.config().health().resume();
    assertEquals(State.SERVING, next(node));
    assertEquals(State.SERVING, next(echo));
    fixture.server.terminate(fixture.server.pid(fixture.service));
    fixture.server.await(fixture.server.pid(fixture.service));
    assertEquals(State.SERVICE_UNKNOWN, next(echo));
    for (GrpcReplies<State> watch : List.of(node, none, echo)) {
      watch.reader().close();
      Expect.completed(watch.outcome()); // The server is told before the client closes.
    }
  }

  @Test
  void messages_areThoseOfProtobuf() throws Exception {
    assertArrayEquals(new byte[] {10, 1, 'a'}, HealthService.NAMES.encode("a"));
    assertArrayEquals(new byte[] {8, 1}, HealthService.STATES.encode(State.SERVING));
    assertEquals("", HealthService.NAMES.decode(new byte[0]));
    byte[] odd = {16, (byte) 0x80, 1, 26, 2, 'x', 'y', 10, 1, 'a', 37, 1, 2, 3, 4};
    assertEquals("a", HealthService.NAMES.decode(odd), "unknown fields are skipped");
    for (byte[] broken : new byte[][] {{10}, {10, 2, 'a'}, {11}, {8}, {(byte) 0x80}}) {
      assertThrows(IllegalArgumentException.class, () -> HealthService.NAMES.decode(broken));
    }
  }
}

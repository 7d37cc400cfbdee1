package io.libprocess.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.Process;
import io.libprocess.cli.ServedNode;
import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.time.Clock;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many connections and requests at once, on a few threads. */
@Timeout(60)
class ManyConnectionsTest {

  private static final int IDLE = 1000;
  private static final int BUSY = 100;
  private static final int PIPELINED = 100;

  /** Answers after {@code ms} milliseconds with {@code n}. */
  private static final class Waiting extends Process<Waiting> {
    final CountDownLatch asked = new CountDownLatch(BUSY * PIPELINED);

    Waiting() {
      super("waiting");
    }

    @Override
    protected void initialize() {
      route("/", "Answers later.", this::answer);
    }

    private Future<Response> answer(Request request) {
      long ms = Long.parseLong(request.query("ms").orElseThrow());
      Promise<Response> promise = new Promise<>();
      delay(
          Duration.ofMillis(ms),
          self -> promise.set(Response.ok(request.query("n").orElseThrow())));
      asked.countDown();
      return promise.future();
    }
  }

  private static long threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("libprocess"))
        .count();
  }

  private static void closeAll(List<RawClient> clients) throws IOException {
    for (RawClient client : clients) {
      client.close();
    }
  }

  @Test
  void thousandIdleConnections_needNoThreadsAndAreServed() throws IOException {
    List<RawClient> clients = new ArrayList<>();
    try (ServedNode node = ServedNode.start()) {
      for (int i = 0; i < 10; i++) {
        clients.add(new RawClient(node.port()));
        assertEquals(200, clients.get(i).fetch("/echo/status").status());
      }
      long before = threads();
      for (int i = 10; i < IDLE; i++) {
        clients.add(new RawClient(node.port()));
      }
      for (RawClient client : clients) {
        assertEquals("Hello, World!", client.fetch("/plaintext").text());
      }
      int workers = node.node().config().workers();
      assertTrue(threads() <= before + workers, threads() + " threads, " + before + " before");
      closeAll(clients);
    }
  }

  @Test
  void tenThousandRequests_inFlight_areAnsweredInOrder() throws Exception {
    Waiting waiting = new Waiting();
    List<RawClient> clients = new ArrayList<>();
    try (Clock clock = Clock.paused(Instant.EPOCH);
        ServedNode node = ServedNode.start(config -> config.clock(clock)).with(waiting)) {
      long before = threads();
      for (int i = 0; i < BUSY; i++) {
        StringBuilder requests = new StringBuilder();
        for (int n = 0; n < PIPELINED; n++) {
          requests.append(RawClient.get("/waiting?n=" + n + "&ms=" + (PIPELINED - n)));
        }
        clients.add(new RawClient(node.port()).send(requests.toString()));
      }
      assertTrue(waiting.asked.await(30, TimeUnit.SECONDS));
      clock.settle();
      int workers = node.node().config().workers();
      assertTrue(threads() <= before + workers, threads() + " threads, " + before + " before");
      try (RawClient other = new RawClient(node.port())) {
        assertEquals(200, other.fetch("/echo/status").status());
      }
      clock.advance(Duration.ofMillis(PIPELINED - 1)); // All but the first of each connection.
      clock.settle();
      for (RawClient client : clients) {
        assertTrue(client.isQuiet());
      }
      clock.advance(Duration.ofMillis(1));

      for (RawClient client : clients) {
        for (int n = 0; n < PIPELINED; n++) {
          assertEquals("" + n, client.reply().text());
        }
      }
      closeAll(clients);
    }
  }
}

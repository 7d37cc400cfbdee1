package io.libprocess.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.Process;
import io.libprocess.cli.ServedNode;
import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.http.ClientSettings;
import io.libprocess.http.HttpClient;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.http.Url;
import io.libprocess.net.Tls;
import io.libprocess.net.tls.Certificates;
import io.libprocess.support.Expect;
import io.libprocess.time.Clock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

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
      // A busy machine has a worker or two replaced; that is not one for each request.
      assertTrue(threads() <= before + 50, threads() + " threads, " + before + " before");
      closeAll(clients);
    }
  }

  /** An engine for each, or a pooled buffer, would be more than there is. */
  @Test
  void thousandConnectionsWithOneByteOfTls_leaveMemoryToServeOthers(@TempDir Path directory)
      throws Exception {
    int budget = 8 << 20;
    Certificates certificates = new Certificates(directory);
    Certificates.Identity authority = certificates.authority("many");
    Certificates.Identity identity = certificates.forLocalhost(authority);
    Tls tls =
        Tls.builder()
            .identity(identity.certificate(), identity.key())
            .authorities(authority.certificate())
            .build();
    List<RawClient> clients = new ArrayList<>();
    try (ServedNode node = ServedNode.start(config -> config.tls(tls).memoryBudget(budget))) {
      for (int i = 0; i < IDLE; i++) {
        clients.add(new RawClient(node.port()).send("\u0016"));
      }
      Url url = Url.parse("https://localhost:" + node.port() + "/plaintext");
      try (HttpClient other = HttpClient.start(ClientSettings.builder().tls(tls).build())) {
        assertEquals("Hello, World!", Expect.ready(other.get(url)).text());
      }
      long held =
          Expect.ready(node.node().metrics().snapshot()).get("libprocess/memory_held").longValue();
      assertTrue(held >= IDLE * 1000, held + " bytes are held");
      assertTrue(held <= budget / 2, held + " bytes are held");
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
      // A busy machine has a worker or two replaced; that is not one for each request.
      assertTrue(threads() <= before + 50, threads() + " threads, " + before + " before");
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

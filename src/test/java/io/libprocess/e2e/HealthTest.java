package io.libprocess.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.Config;
import io.libprocess.Node;
import io.libprocess.config.Health;
import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.support.Expect;
import io.libprocess.time.Clock;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What {@code /health} tells load balancers, and how a node goes. */
@Timeout(60)
class HealthTest {

  private final Health health = new Health();

  private static Reply fetch(Node node, String target) throws IOException {
    try (RawClient client = new RawClient(node.address().port())) {
      return client.fetch(target);
    }
  }

  private static String text(Node node) throws IOException {
    Reply reply = fetch(node, "/health");
    return reply.status() + " " + reply.text();
  }

  @Test
  void health_isThatOfAllChecks() throws Exception {
    try (Node node = Node.start(Config.builder().health(health).build())) {
      assertEquals("200 {\"status\":\"up\",\"checks\":{}}", text(node));
      health.check("good", () -> Future.of(true)).check("bad", () -> Future.of(false));
      String down = "503 {\"status\":\"down\",\"checks\":{\"good\":\"up\",\"bad\":\"down\"}}";
      assertEquals(down, text(node));
      health.check("bad", () -> Future.failed("secret"));
      assertEquals(down, text(node));
      health.check(
          "bad",
          () -> {
            throw new IllegalStateException("secret");
          });
      assertEquals(down, text(node));
      assertEquals(200, fetch(node, "/health/live").status());
      health.remove("bad");
      assertEquals("200 {\"status\":\"up\",\"checks\":{\"good\":\"up\"}}", text(node));
      health.drain();
      assertEquals("503 {\"status\":\"draining\",\"checks\":{\"good\":\"up\"}}", text(node));
      health.resume();
      assertEquals(200, fetch(node, "/health").status());
    }
  }

  @Test
  void check_thatNeverAnswers_isDownAfterFiveSeconds() throws Exception {
    Clock clock = Clock.paused(Instant.EPOCH);
    Promise<Boolean> never = new Promise<>();
    health.check("slow", never::future);
    try (Node node = Node.start(Config.builder().health(health).clock(clock).build())) {
      CompletableFuture<String> answer =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return text(node);
                } catch (IOException e) {
                  throw new AssertionError(e);
                }
              });
      while (!answer.isDone()) {
        clock.advance(Duration.ofSeconds(1));
        Thread.sleep(5);
      }
      assertEquals("503 {\"status\":\"down\",\"checks\":{\"slow\":\"down\"}}", answer.get());
      assertTrue(never.future().hasDiscard());
    }
    clock.close();
  }

  @Test
  void closing_servesOnForTheDelay_andSaysThatItGoes() throws Exception {
    Node node =
        Node.start(Config.builder().health(health).drainDelay(Duration.ofSeconds(3)).build());
    CompletableFuture<Void> closed = CompletableFuture.runAsync(node::close);
    Expect.until(() -> fetch(node, "/health").status() == 503);
    assertEquals(200, fetch(node, "/health/live").status());
    closed.get();
    node.close();
    assertThrows(ConnectException.class, () -> fetch(node, "/health"));
  }
}

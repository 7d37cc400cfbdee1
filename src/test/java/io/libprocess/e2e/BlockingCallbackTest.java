package io.libprocess.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.Config;
import io.libprocess.Node;
import io.libprocess.Process;
import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.http.HttpClient;
import io.libprocess.http.HttpListener;
import io.libprocess.http.Response;
import io.libprocess.http.Url;
import io.libprocess.net.Address;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** User code that blocks where a response, a request or a part of a body has arrived. */
@Timeout(120)
class BlockingCallbackTest {

  private static final Duration LIMIT = Duration.ofSeconds(60);

  private static final class Pages extends Process<Pages> {

    private final Promise<Response> later = new Promise<>();

    Pages() {
      super("pages");
    }

    @Override
    protected void initialize() {
      route("/page", "A page.", request -> Future.of(Response.ok("page")));
      route("/later", "A page that comes later.", request -> later.future());
    }
  }

  private static Node startNode() {
    return startNode(new Pages());
  }

  private static Node startNode(Pages pages) {
    Config config = Config.builder().ioThreads(1).stallThreshold(Duration.ofMillis(20)).build();
    Node node = Node.start(config);
    node.spawn(pages);
    return node;
  }

  private static Url page(Node node) {
    return Url.parse("http://" + node.address() + "/pages/page");
  }

  private static void await(CountDownLatch latch) {
    try {
      assertTrue(latch.await(LIMIT.toSeconds(), TimeUnit.SECONDS), "still waiting");
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static String text(Future<Response> response) {
    assertTrue(response.await(LIMIT), "no answer");
    return response.get().text();
  }

  @Test
  void callbackOfTheClient_stopsNobodyAndIsReported() {
    Pages pages = new Pages();
    try (Node node = startNode(pages)) {
      CountDownLatch blocked = new CountDownLatch(1);
      CountDownLatch goOn = new CountDownLatch(1);
      AtomicReference<String> thread = new AtomicReference<>();
      node.http()
          .get(page(node).withTarget("/pages/later"))
          .onReady(
              response -> {
                thread.set(Thread.currentThread().getName());
                blocked.countDown();
                await(goOn);
              });
      // Only now, because the callback of a response that is there runs on this thread.
      pages.later.set(Response.ok("later"));
      await(blocked);
      try {
        for (int i = 0; i < 10; i++) {
          assertEquals("page", text(node.http().get(page(node))));
        }
        assertTrue(thread.get().startsWith("libprocess-worker-"), thread::get);
        while (node.metrics().snapshot().get().get("libprocess/stalls") < 1) {
          Thread.onSpinWait(); // The watchdog has seen other events meanwhile.
        }
      } finally {
        goOn.countDown();
      }
    }
  }

  @Test
  void callbackOfTheClientThatAsksAgainAndWaits_isAnswered() {
    try (Node node = startNode()) {
      Future<String> nested =
          node.http().get(page(node)).map(first -> text(node.http().get(page(node))));

      assertTrue(nested.await(LIMIT));
      assertEquals("page", nested.get());
    }
  }

  @Test
  void handlerOfAListener_stopsNoOther() throws Exception {
    CountDownLatch blocked = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    try (HttpListener listener =
            HttpListener.start(
                Address.loopback(0),
                request -> {
                  if (request.path().equals("/slow")) {
                    blocked.countDown();
                    await(goOn);
                  }
                  return Future.of(Response.ok("done"));
                });
        Node node = startNode()) {
      HttpClient client = node.http();
      Future<Response> slow = client.get(Url.parse("http://" + listener.address() + "/slow"));
      await(blocked);

      assertEquals("done", text(client.get(Url.parse("http://" + listener.address() + "/quick"))));

      goOn.countDown();
      assertEquals("done", text(slow));
    }
  }
}

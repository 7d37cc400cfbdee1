package io.libprocess.http.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.Config;
import io.libprocess.Node;
import io.libprocess.Process;
import io.libprocess.future.Future;
import io.libprocess.http.ClientSettings;
import io.libprocess.http.HttpClient;
import io.libprocess.http.HttpClients;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.http.Url;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.Pipe;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Requests of several threads through a small pool, with answers of all kinds and discards at any
 * moment: every future ends, every answer is that to its own request, and no connection is lost.
 */
class HttpClientStressTest {

  private static final int ROUNDS = 15 * Math.max(1, Integer.getInteger("libprocess.stress", 1));
  private static final int THREADS = 3;
  private static final int AT_ONCE = 25;

  private static final class Server extends Process<Server> {
    Server() {
      super("server");
    }

    @Override
    protected void initialize() {
      route("/", "Answers with the query.", request -> Future.of(answer(request)));
    }

    private static Response answer(Request request) {
      String id = request.query("id").orElseThrow();
      return switch (Integer.parseInt(id) % 5) {
        case 0 -> Response.ok(id).withHeader("Connection", "close");
        case 1 -> Response.ok(id + "x".repeat(200_000));
        case 2 -> {
          Pipe<Chunk> pipe = Pipe.unbounded();
          pipe.writer().offer(Chunk.utf8(id));
          pipe.writer().close();
          yield Response.stream(pipe.reader(), "text/plain");
        }
        default -> Response.ok(id);
      };
    }
  }

  @Test
  @Timeout(value = 30, unit = TimeUnit.MINUTES)
  void everyRequestEndsAndNoConnectionIsLost() throws Exception {
    ClientSettings settings =
        ClientSettings.builder().perHost(4).connections(4).queued(1000).build();
    try (Node node = Node.start(Config.builder().httpClient(settings).build())) {
      Url url = node.spawn(new Server()).url("");
      List<Thread> threads = new ArrayList<>();
      List<Throwable> failures = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        int seed = i;
        Thread thread = new Thread(() -> run(node.http(), url, new Random(seed)));
        thread.setUncaughtExceptionHandler(
            (t, failure) -> {
              synchronized (failures) {
                failures.add(failure);
              }
            });
        threads.add(thread);
        thread.start();
      }
      for (Thread thread : threads) {
        thread.join();
      }
      assertEquals(List.of(), failures);
      assertEveryConnectionIsIdleOrGone(HttpClients.pool(node.http()));
    }
  }

  /** Responses that were discarded may still be arriving. */
  private static void assertEveryConnectionIsIdleOrGone(ClientPool pool) throws Exception {
    for (int i = 0; i < 3000 && pool.open() != pool.idle(); i++) {
      Thread.sleep(10);
    }
    assertEquals(pool.open(), pool.idle());
    assertTrue(pool.open() <= 4, "open: " + pool.open());
  }

  private static void run(HttpClient client, Url url, Random random) {
    for (int round = 0; round < ROUNDS; round++) {
      List<Integer> ids = new ArrayList<>();
      List<Future<Response>> responses = new ArrayList<>();
      for (int i = 0; i < AT_ONCE; i++) {
        int id = random.nextInt(1_000_000);
        ids.add(id);
        responses.add(client.get(url.withTarget(url.path() + "?id=" + id)));
        if (random.nextInt(4) == 0) {
          responses.get(random.nextInt(responses.size())).discard();
        }
      }
      for (int i = 0; i < AT_ONCE; i++) {
        Future<Response> response = responses.get(i);
        assertTrue(response.await(Duration.ofSeconds(60)), "no answer to " + ids.get(i));
        if (response.isReady()) {
          String text = response.get().text();
          assertEquals(ids.get(i).toString(), text.replaceAll("x+$", ""));
        } else {
          assertTrue(response.isDiscarded() || response.hasDiscard(), response::toString);
        }
      }
    }
  }
}

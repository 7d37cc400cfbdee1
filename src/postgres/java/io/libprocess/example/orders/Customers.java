package io.libprocess.example.orders;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.http.Body;
import io.libprocess.http.HttpClient;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.http.Url;
import io.libprocess.json.JsonType;
import io.libprocess.support.Expect;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Threads that order all the time, and note what they are answered. */
final class Customers {

  /** Longer than the deadline of the service, for a machine that does much else. */
  private static final long MOST_MILLIS = 6_000;

  private final HttpClient client;
  private final Url server;
  private final String token;
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean over;

  /** The orders that were acknowledged, by their keys. */
  final Map<UUID, Order> acknowledged = new ConcurrentHashMap<>();

  final Map<Integer, AtomicInteger> statuses = new ConcurrentHashMap<>();
  final Set<String> wrong = ConcurrentHashMap.newKeySet();

  Customers(HttpClient client, Url server, String token) {
    this.client = client;
    this.server = server;
    this.token = token;
  }

  void begin(int count) {
    for (int i = 0; i < count; i++) {
      Thread thread = new Thread(() -> orderOn(), "customer-" + i);
      threads.add(thread);
      thread.start();
    }
  }

  private void orderOn() {
    while (!over) {
      UUID key = UUID.randomUUID();
      // A second try asks whether the order was placed; most customers go on after a few.
      for (int tries = 0; tries < 3 && !over && !acknowledged.containsKey(key); tries++) {
        try {
          order(key);
        } catch (AssertionError e) {
          wrong.add(e.toString());
        }
      }
    }
  }

  /** Orders once. */
  int order(UUID key) {
    long began = System.nanoTime();
    Response response = Expect.ready(client.send(server.withTarget("/orders"), request(key)));
    long millis = (System.nanoTime() - began) / 1_000_000;
    int status = response.status().code();
    statuses.computeIfAbsent(status, none -> new AtomicInteger()).incrementAndGet();
    if (status == 201 || status == 200) {
      acknowledged.put(key, JsonType.of(Order.class).parse(response.text()));
    } else if (status != 503 && status != 504) {
      wrong.add(status + " " + response.text());
    }
    if (millis > MOST_MILLIS) {
      wrong.add(status + " after " + millis + " ms");
    }
    return status;
  }

  Request request(UUID key) {
    return Request.post("/orders", Body.of("{\"item\":\"item " + key + "\",\"quantity\":3}"))
        .withHeader("Content-Type", "application/json")
        .withHeader("Authorization", "Bearer " + token)
        .withHeader(OrderService.KEY, key.toString());
  }

  /** How often there was a status so far. */
  int answered(int status) {
    AtomicInteger count = statuses.get(status);
    return count == null ? 0 : count.get();
  }

  /** Waits for so many more acknowledgements. */
  void awaitMore(int count) {
    int before = acknowledged.size();
    Expect.until(
        () -> {
          Thread.sleep(5);
          return acknowledged.size() >= before + count;
        });
  }

  /** Ends the threads. */
  void stop() throws InterruptedException {
    over = true;
    for (Thread thread : threads) {
      thread.join(Expect.SECONDS * 1000);
      assertTrue(!thread.isAlive(), thread + " hangs");
    }
  }
}

package io.libprocess.context;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.libprocess.Async;
import io.libprocess.Node;
import io.libprocess.PID;
import io.libprocess.Process;
import io.libprocess.future.ControlFlow;
import io.libprocess.future.Future;
import io.libprocess.future.Futures;
import io.libprocess.future.Promise;
import io.libprocess.stream.Sink;
import io.libprocess.stream.Stream;
import io.libprocess.support.Expect;
import io.libprocess.sync.Mutex;
import io.libprocess.sync.Sequence;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Many requests at once, each a random graph of callbacks, calls, dispatches, delays and waits for
 * futures that they share, always see their own context; and afterwards there is none anywhere.
 */
@Timeout(100)
class ContextGraphTest {

  private static final int ROUNDS = Integer.getInteger("libprocess.stress", 1) * 20;
  private static final int REQUESTS = 20;
  private static final int DEPTH = 12;

  private static final ContextKey<Integer> REQUEST = ContextKey.local("request");

  private final Node node = Node.start();
  private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
  private final List<PID<Worker>> workers = new ArrayList<>();
  private final Mutex mutex = new Mutex();
  private final Sequence sequence = new Sequence();

  @AfterEach
  void close() {
    node.close();
  }

  private static final class Worker extends Process<Worker> {

    Future<Integer> later(Duration time) {
      Promise<Integer> promise = new Promise<>();
      delay(time, self -> promise.set(1));
      return promise.future();
    }
  }

  /** One request: a chain of random steps, each of which looks at the context. */
  private final class Graph {

    private final int number;
    private final Random random;
    private final List<Promise<Integer>> shared;

    Graph(int number, long seed, List<Promise<Integer>> shared) {
      this.number = number;
      this.random = new Random(seed);
      this.shared = shared;
    }

    private void check(String where) {
      int seen = REQUEST.current().orElse(-1);
      if (seen != number) {
        wrong.add(where + " of " + number + " saw " + seen);
      }
    }

    private Future<Integer> walk(int depth) {
      check("step");
      if (depth == 0) {
        return Future.of(number);
      }
      Promise<Integer> common = shared.get(random.nextInt(shared.size()));
      PID<Worker> worker = workers.get(random.nextInt(workers.size()));
      if (random.nextInt(4) == 0) {
        common.set(depth); // Runs what other requests have registered.
        check("after completing");
      }
      return switch (random.nextInt(12)) {
        case 0 -> common.future().then(v -> walk(depth - 1));
        case 1 -> worker.callAsync(w -> walk(depth - 1));
        case 2 -> {
          Promise<Integer> done = new Promise<>();
          worker.dispatch(w -> done.associate(walk(depth - 1)));
          yield done.future();
        }
        case 3 -> worker.callAsync(w -> w.later(Duration.ofMillis(1))).then(v -> walk(depth - 1));
        case 4 -> Futures.after(Duration.ofMillis(1)).then(v -> walk(depth - 1));
        case 5 -> Async.async(() -> walk(depth - 1)).then(inner -> inner);
        case 6 -> mutex.hold(() -> Future.of(seen("mutex"))).then(v -> walk(depth - 1));
        case 7 ->
            sequence
                .add(() -> common.future().discardable().map(v -> seen("sequence")))
                .then(v -> walk(depth - 1));
        case 8 ->
            Stream.of(1, 2).map(v -> seen("stream")).to(Sink.ignore()).then(v -> walk(depth - 1));
        case 9 ->
            common.future().then(v -> Future.<Integer>failed("no")).recover(f -> walk(depth - 1));
        case 10 ->
            Futures.loop(common::future, v -> Future.of(ControlFlow.breakWith(seen("loop"))))
                .then(v -> walk(depth - 1));
        default ->
            Futures.collect(common.future(), worker.call(w -> seen("call")))
                .then(v -> walk(depth - 1));
      };
    }

    private Integer seen(String where) {
      check(where);
      return number;
    }
  }

  @Test
  void requests_seeTheirOwnContextsEverywhere() {
    for (int i = 0; i < 3; i++) {
      workers.add(node.spawn(new Worker()));
    }
    for (int round = 0; round < ROUNDS; round++) {
      run(round);
      assertEquals(List.of(), List.copyOf(wrong), "seed " + round);
    }
    for (PID<Worker> worker : workers) {
      assertEquals(true, Expect.ready(worker.call(w -> Context.current().isEmpty())));
    }
    assertEquals(true, Expect.ready(node.async(() -> Context.current().isEmpty())));
    Promise<Boolean> ofClock = new Promise<>();
    node.clock().timer(Duration.ZERO, () -> ofClock.set(Context.current().isEmpty()));
    assertEquals(true, Expect.ready(ofClock.future()));
    assertEquals(true, Context.current().isEmpty());
  }

  private void run(int seed) {
    List<Promise<Integer>> shared = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      shared.add(Promise.undiscardable());
    }
    List<Future<Integer>> results = new ArrayList<>();
    for (int i = 0; i < REQUESTS; i++) {
      int number = i;
      Graph graph = new Graph(number, seed * 1000L + number, shared);
      results.add(Context.with(REQUEST, number, () -> graph.walk(DEPTH)));
    }
    Context.empty()
        .with(REQUEST, -2)
        .run(() -> shared.forEach(promise -> promise.set(0))); // What nobody has completed yet.
    for (int i = 0; i < REQUESTS; i++) {
      assertEquals(i, Expect.ready(results.get(i)));
    }
  }
}

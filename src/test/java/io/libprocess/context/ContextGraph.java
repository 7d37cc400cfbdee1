package io.libprocess.context;

import io.libprocess.Async;
import io.libprocess.PID;
import io.libprocess.Process;
import io.libprocess.future.ControlFlow;
import io.libprocess.future.Future;
import io.libprocess.future.Futures;
import io.libprocess.future.Promise;
import io.libprocess.stream.Sink;
import io.libprocess.stream.Stream;
import io.libprocess.sync.Mutex;
import io.libprocess.sync.Sequence;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;

/**
 * Requests each of which is a random graph of callbacks, calls, dispatches, delays and waits for
 * futures that all of them share, and which looks at the context in each step.
 */
public final class ContextGraph {

  private static final ContextKey<Integer> REQUEST = ContextKey.local("request");
  private static final int DEPTH = 12;
  private static final int SHARED = 8;

  /** A process in which steps run. */
  public static final class Worker extends Process<Worker> {

    Future<Integer> later(Duration time) {
      Promise<Integer> promise = new Promise<>();
      delay(time, self -> promise.set(1));
      return promise.future();
    }
  }

  private final List<PID<Worker>> workers;
  private final List<Promise<Integer>> shared = new ArrayList<>();
  private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
  private final LongAdder looks = new LongAdder();
  private final Mutex mutex = new Mutex();
  private final Sequence sequence = new Sequence();

  /** Makes a graph without requests, whose steps run in some processes, too. */
  public ContextGraph(List<PID<Worker>> workers) {
    this.workers = List.copyOf(workers);
    for (int i = 0; i < SHARED; i++) {
      shared.add(Promise.undiscardable());
    }
  }

  /** Begins a request, in a process and with its number in the context; the result is that. */
  public Future<Integer> begin(int number, long seed) {
    Request request = new Request(number, seed);
    PID<Worker> worker = workers.get(number % workers.size());
    return Context.with(REQUEST, number, () -> worker.callAsync(w -> request.walk(DEPTH)));
  }

  /** Begins a request on the calling thread, outside of any process. */
  public Future<Integer> beginHere(int number, long seed) {
    return Context.with(REQUEST, number, () -> new Request(number, seed).walk(DEPTH));
  }

  /** Completes what no request has completed, in a process and in yet another context. */
  public void completeShared() {
    Context.empty()
        .with(REQUEST, -2)
        .run(() -> workers.get(0).dispatch(w -> shared.forEach(promise -> promise.set(0))));
  }

  /** The same on the calling thread. */
  public void completeSharedHere() {
    Context.empty().with(REQUEST, -2).run(() -> shared.forEach(promise -> promise.set(0)));
  }

  /** How often a step has looked at the context. */
  public long looks() {
    return looks.sum();
  }

  /** The steps that saw another context than that of their request. */
  public List<String> wrong() {
    return List.copyOf(wrong);
  }

  /** One request: a chain of random steps, each of which looks at the context. */
  private final class Request {

    private final int number;
    private final Random random;

    Request(int number, long seed) {
      this.number = number;
      this.random = new Random(seed);
    }

    private void check(String where) {
      looks.increment();
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
}

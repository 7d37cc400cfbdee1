package io.libprocess.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Messages between actors. Messages are one shared object unless said otherwise.
 *
 * <pre>{@code
 * java -jar target/benchmarks.jar ActorBenchmark -f 3 -prof gc
 * }</pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(
    value = 1,
    jvmArgsAppend = {"-Xms1g", "-Xmx1g", "-XX:+AlwaysPreTouch"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ActorBenchmark {

  private static final Object MESSAGE = new Object();

  /** The name of the actor runtime under test. */
  @Param({"Libprocess", "JdkForkJoin"})
  public String contender;

  private Actors actors;

  /** Starts the runtime. */
  @Setup
  public void open() {
    actors = Actors.create(contender);
  }

  /** Ends the runtime. */
  @TearDown
  public void close() {
    actors.close();
  }

  /** Counts messages down. */
  private static final class Counter implements Actors.Handler {
    private int left;
    private CountDownLatch done;

    void expect(int messages, CountDownLatch latch) {
      left = messages;
      done = latch;
    }

    @Override
    public void receive(Object message) {
      if (--left == 0) {
        done.countDown();
      }
    }
  }

  private void send(Object to, int messages) {
    for (int i = 0; i < messages; i++) {
      actors.tell(to, MESSAGE);
    }
  }

  /** One actor and a second sender. */
  @State(Scope.Benchmark)
  public static class OneActor {
    private final Counter counter = new Counter();
    private final ExecutorService other = Executors.newSingleThreadExecutor();
    private Object actor;

    /** Spawns the actor. */
    @Setup
    public void spawn(ActorBenchmark benchmark) {
      actor = benchmark.actors.spawn(counter);
    }

    /** Ends the second sender. */
    @TearDown
    public void stop() {
      other.shutdown();
    }
  }

  /** A1: one thread sends 100,000 messages to one actor and waits for the last. */
  @Benchmark
  @OperationsPerInvocation(100_000)
  public void a1_tell(OneActor one) {
    CountDownLatch done = new CountDownLatch(1);
    one.counter.expect(100_000, done);
    send(one.actor, 100_000);
    Latches.await(done);
  }

  /** A2: two threads send 50,000 messages each to one actor and wait for the last. */
  @Benchmark
  @OperationsPerInvocation(100_000)
  public void a2_tell2(OneActor one) throws Exception {
    CountDownLatch done = new CountDownLatch(1);
    one.counter.expect(100_000, done);
    Future<?> sent = one.other.submit(() -> send(one.actor, 50_000));
    send(one.actor, 50_000);
    sent.get();
    Latches.await(done);
  }

  /** Sends each message back. */
  private static final class Player implements Actors.Handler {
    private final Actors actors;
    private Object peer;
    private int left;
    private CountDownLatch done;

    Player(Actors actors) {
      this.actors = actors;
    }

    @Override
    public void receive(Object message) {
      if (left-- > 0) {
        actors.tell(peer, message);
      } else {
        done.countDown();
      }
    }
  }

  /** Two actors that know each other. */
  @State(Scope.Benchmark)
  public static class Pair {
    private Player first;
    private Player second;

    /** Spawns the actors. */
    @Setup
    public void spawn(ActorBenchmark benchmark) {
      first = new Player(benchmark.actors);
      second = new Player(benchmark.actors);
      second.peer = benchmark.actors.spawn(first);
      first.peer = benchmark.actors.spawn(second);
    }
  }

  /** A3: two actors bounce one message for 100,000 round trips. */
  @Benchmark
  @OperationsPerInvocation(100_000)
  public void a3_pingpong(Pair pair) {
    CountDownLatch done = new CountDownLatch(1);
    pair.first.done = done;
    pair.first.left = 100_000;
    pair.second.left = Integer.MAX_VALUE;
    actors.tell(pair.second.peer, MESSAGE);
    Latches.await(done);
  }

  /** The token that goes round the ring. */
  private static final class Token {
    private final CountDownLatch done = new CountDownLatch(1);
    private int hops;
  }

  /** Passes the token on. */
  private static final class Hop implements Actors.Handler {
    private final Actors actors;
    private Object next;

    Hop(Actors actors) {
      this.actors = actors;
    }

    @Override
    public void receive(Object message) {
      Token token = (Token) message;
      if (--token.hops > 0) {
        actors.tell(next, token);
      } else {
        token.done.countDown();
      }
    }
  }

  /** A thousand actors in a ring. */
  @State(Scope.Benchmark)
  public static class Ring {
    private Object first;

    /** Spawns the actors. */
    @Setup
    public void spawn(ActorBenchmark benchmark) {
      Hop last = new Hop(benchmark.actors);
      Object next = benchmark.actors.spawn(last);
      for (int i = 1; i < 1000; i++) {
        Hop hop = new Hop(benchmark.actors);
        hop.next = next;
        next = benchmark.actors.spawn(hop);
      }
      last.next = next;
      first = next;
    }
  }

  /** A4: a token makes 1,000,000 hops round a ring of 1,000 actors. */
  @Benchmark
  @OperationsPerInvocation(1_000_000)
  public void a4_ring(Ring ring) {
    Token token = new Token();
    token.hops = 1_000_000;
    actors.tell(ring.first, token);
    Latches.await(token.done);
  }

  /** A5: spawns 100,000 actors, sends each a message, and stops them after it. */
  @Benchmark
  @OperationsPerInvocation(100_000)
  public void a5_spawn() {
    CountDownLatch done = new CountDownLatch(100_000);
    List<Object> spawned = new ArrayList<>(100_000);
    for (int i = 0; i < 100_000; i++) {
      Object actor = actors.spawn(message -> done.countDown());
      spawned.add(actor);
      actors.tell(actor, MESSAGE);
    }
    Latches.await(done);
    actors.stop(spawned);
  }

  /** Ten thousand actors. */
  @State(Scope.Benchmark)
  public static class Many {
    private final Counter[] counters = new Counter[10_000];
    private final Object[] spawned = new Object[counters.length];

    /** Spawns the actors. */
    @Setup
    public void spawn(ActorBenchmark benchmark) {
      for (int i = 0; i < spawned.length; i++) {
        counters[i] = new Counter();
        spawned[i] = benchmark.actors.spawn(counters[i]);
      }
    }
  }

  /** A6: one thread sends 100 rounds of a message to each of 10,000 actors. */
  @Benchmark
  @OperationsPerInvocation(1_000_000)
  public void a6_fanout(Many many) {
    CountDownLatch done = new CountDownLatch(many.spawned.length);
    for (Counter counter : many.counters) {
      counter.expect(100, done);
    }
    for (int round = 0; round < 100; round++) {
      for (Object actor : many.spawned) {
        actors.tell(actor, MESSAGE);
      }
    }
    Latches.await(done);
  }

  /** An actor that answers. */
  @State(Scope.Benchmark)
  public static class Responder {
    private Object actor;

    /** Spawns the actor. */
    @Setup
    public void spawn(ActorBenchmark benchmark) {
      actor = benchmark.actors.spawnResponder();
    }
  }

  /** A7: one thread asks one actor 100,000 times, at most 1,000 at a time. */
  @Benchmark
  @OperationsPerInvocation(100_000)
  public void a7_ask(Responder responder) throws InterruptedException {
    Semaphore window = new Semaphore(1000);
    for (int i = 0; i < 100_000; i++) {
      window.acquire();
      actors.ask(responder.actor, MESSAGE, reply -> window.release());
    }
    if (!window.tryAcquire(1000, 60, TimeUnit.SECONDS)) {
      throw new IllegalStateException("replies are missing");
    }
  }
}

package io.libprocess.observer;

import io.libprocess.Config;
import io.libprocess.Node;
import io.libprocess.PID;
import io.libprocess.Process;
import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.http.Response;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** A node with something to see: a process that computes, one with a queue, and many others. */
final class BusyNode implements AutoCloseable {

  private static final Duration PAUSE = Duration.ofMillis(20);
  private static final long PAUSE_NANOS = PAUSE.toNanos();

  /** What a new message has to wait for: a third of a second. */
  private static final int WAITING = 20;

  final Node node;

  /** Computes half of the time, in a method that a profile is to show. */
  static final class Hot extends Process<Hot> {
    private long sum;

    Hot() {
      super("hot");
    }

    @Override
    protected void initialize() {
      delay(PAUSE, Hot::compute);
    }

    private void compute() {
      sum += burn();
      delay(PAUSE, Hot::compute);
    }

    private long burn() {
      long begin = System.nanoTime();
      long value = sum;
      while (System.nanoTime() - begin < PAUSE_NANOS) {
        for (int i = 0; i < 10_000; i++) {
          value = value * 31 + (value >>> 7);
        }
      }
      return value;
    }

    @Override
    protected void finish() {
      if (sum == 1) {
        throw new IllegalStateException("not likely");
      }
    }
  }

  /** Serves one event in a while, so that others wait. */
  static final class Slow extends Process<Slow> {
    Slow() {
      super("slow");
    }

    @Override
    protected void initialize() {
      install("tick", (from, body) -> {});
      install("work", (from, body) -> work());
      route("/wait", "Answers after a minute.", request -> later());
    }

    /** As much waits afterwards as before. */
    private void work() {
      LockSupport.parkNanos(15_000_000);
      send(self(), "work");
    }

    private Future<Response> later() {
      Promise<Response> answer = new Promise<>();
      delay(Duration.ofMinutes(1), self -> answer.set(Response.ok("late\n")));
      return answer.future();
    }
  }

  /** Sends something to another one now and then. */
  static final class Ticking extends Process<Ticking> {
    private final PID<?> to;

    Ticking(int number, PID<?> to) {
      super("ticking-" + number);
      this.to = to;
    }

    @Override
    protected void initialize() {
      link(to);
      tick();
    }

    private void tick() {
      send(to, "tick");
      delay(Duration.ofMillis(100), Ticking::tick);
    }
  }

  /** Does nothing. */
  static final class Idle extends Process<Idle> {
    Idle(int number) {
      super("idle-" + number);
    }
  }

  BusyNode(int idle, int port) {
    node = Node.start(Config.builder().port(port).build());
    node.spawn(new Hot());
    PID<Slow> slow = node.spawn(new Slow());
    for (int i = 0; i < 5; i++) {
      node.spawn(new Ticking(i, slow));
    }
    for (int i = 0; i < idle; i++) {
      node.spawn(new Idle(i));
    }
    for (int i = 0; i < WAITING; i++) {
      node.post(slow, "work", new byte[0]);
    }
  }

  /** The address of the page. */
  String url() {
    return "http://" + node.address() + "/observer";
  }

  @Override
  public void close() {
    node.close();
  }

  /** For people: {@code BusyNode PORT SECONDS}. */
  public static void main(String[] args) throws InterruptedException {
    try (BusyNode busy = new BusyNode(10_000, Integer.parseInt(args[0]))) {
      System.out.println(busy.url());
      Thread.sleep(1000L * Integer.parseInt(args[1]));
    }
  }
}

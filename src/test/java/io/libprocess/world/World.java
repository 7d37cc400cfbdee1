package io.libprocess.world;

import static org.junit.jupiter.api.Assertions.assertFalse;

import io.libprocess.internal.scheduler.OneTask;
import io.libprocess.internal.scheduler.RuntimeThread;
import io.libprocess.internal.scheduler.Task;
import io.libprocess.net.NetworkAddress;
import io.libprocess.runtime.Runtime;
import io.libprocess.time.Clock;
import io.libprocess.time.ClockDriver;
import io.libprocess.time.TimeSource;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/**
 * A world of several hosts that one thread runs: it takes one task after the other in the order in
 * which they became ready, and lets time pass to the next timer only when none is left.
 */
public final class World {

  private static final Instant START = Instant.parse("2000-01-01T00:00:00Z");
  private static final int MOST_STEPS = 1_000_000;

  private record Step(Host host, Task task) {}

  private final RuntimeThread thread = (RuntimeThread) Thread.currentThread();
  private final List<Host> hosts = new ArrayList<>();
  private final Queue<Step> ready = new ArrayDeque<>();
  private final List<String> trace = new ArrayList<>();
  private final Map<NetworkAddress, MemoryTransport.MemoryListener> listeners =
      new LinkedHashMap<>();
  private long now; // In nanoseconds from the start.
  private long random = 42;
  private int steps;

  private World() {}

  /** Runs a body in a separate world, on a separate thread, and returns its result. */
  public static <T> T run(Function<World, T> body) throws Exception {
    AtomicReference<T> result = new AtomicReference<>();
    AtomicReference<Throwable> failure = new AtomicReference<>();
    RuntimeThread thread =
        new RuntimeThread(
            "world",
            () -> {
              try {
                result.set(body.apply(new World()));
              } catch (Throwable thrown) {
                failure.set(thrown);
              }
            });
    thread.start();
    thread.join(60_000);
    assertFalse(thread.isAlive(), "the world stands still");
    if (failure.get() != null) {
      throw new AssertionError(failure.get().toString(), failure.get());
    }
    return result.get();
  }

  /** A machine with a clock, a scheduler and a transport. */
  public final class Host {

    private final InetAddress ip;
    private final ClockDriver driver;
    private final StepScheduler scheduler;
    private final MemoryTransport transport;

    private Host(int number) {
      try {
        ip = InetAddress.getByAddress(new byte[] {10, 0, 0, (byte) number});
      } catch (UnknownHostException e) {
        throw new AssertionError(e);
      }
      driver = new ClockDriver(new WorldTime(), () -> {});
      scheduler =
          new StepScheduler(
              driver.clock(),
              task -> add(this, task),
              call -> add(this, new OneTask(call)),
              World.this::await);
      transport = new MemoryTransport(World.this, this, listeners);
    }

    /** The address of the machine. */
    public InetAddress ip() {
      return ip;
    }

    /** The clock of the machine. */
    public Clock clock() {
      return driver.clock();
    }

    /** The runtime for a node on this machine. */
    public Runtime runtime() {
      return new Runtime(scheduler, clock(), transport, World.this::draw);
    }

    StepScheduler scheduler() {
      return scheduler;
    }

    @Override
    public String toString() {
      return "h" + ip.getAddress()[3];
    }
  }

  private final class WorldTime implements TimeSource {
    @Override
    public long nanoTime() {
      return now;
    }

    @Override
    public Instant wallTime() {
      return START.plusNanos(now);
    }
  }

  /** Adds a machine. */
  public Host host() {
    Host host = new Host(hosts.size() + 1);
    hosts.add(host);
    return host;
  }

  /** The trace so far. */
  public List<String> trace() {
    return List.copyOf(trace);
  }

  /** Adds to the trace. */
  public void note(String text) {
    trace.add(now + " " + text);
  }

  /** The next of the world's random numbers (SplitMix64). */
  public long draw() {
    random += 0x9E3779B97F4A7C15L;
    long z = random;
    z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
    z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
    return z ^ z >>> 31;
  }

  private void add(Host host, Task task) {
    if (Thread.currentThread() != thread) {
      throw new IllegalStateException("another thread: " + Thread.currentThread());
    }
    ready.add(new Step(host, task));
  }

  /** Runs until nothing is left to do at this time. */
  public void settle() {
    while (step()) {}
  }

  /** Runs, and lets a time pass. */
  public void runFor(Duration duration) {
    long end = now + duration.toNanos();
    settle();
    while (passTime(end)) {
      settle();
    }
    now = end;
    settle();
  }

  private boolean await(CompletableFuture<?> done, long nanos) {
    long end = now + Math.min(nanos, Duration.ofDays(1).toNanos());
    while (!done.isDone() && (step() || passTime(end))) {}
    return done.isDone() && !done.isCompletedExceptionally();
  }

  /** Runs one task, or one timer that is due; false if there is none. */
  private boolean step() {
    if (++steps > MOST_STEPS) {
      throw new AssertionError("no end after " + steps + " steps");
    }
    Step next = ready.poll();
    if (next == null) {
      next = dueTimer();
    }
    if (next == null) {
      return false;
    }
    note(next.host() + " " + next.task().getClass().getSimpleName());
    thread.enter(next.host().scheduler.loop());
    try {
      next.host().scheduler.loop().step(next.task(), false);
    } finally {
      thread.enter(null);
    }
    return true;
  }

  private Step dueTimer() {
    for (Host host : hosts) {
      OptionalLong next = host.driver.nanosToNext();
      if (next.isPresent() && next.getAsLong() == 0) {
        return new Step(host, new OneTask(host.driver::runNext));
      }
    }
    return null;
  }

  /** Jumps to the next timer, if that is due by a time. */
  private boolean passTime(long end) {
    OptionalLong wait =
        hosts.stream()
            .map(host -> host.driver.nanosToNext())
            .flatMapToLong(OptionalLong::stream)
            .min();
    if (wait.isEmpty() || now + wait.getAsLong() > end) {
      return false;
    }
    now += wait.getAsLong();
    return true;
  }
}

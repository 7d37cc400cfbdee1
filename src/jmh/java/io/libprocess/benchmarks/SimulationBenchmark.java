package io.libprocess.benchmarks;

import com.sun.management.ThreadMXBean;
import io.libprocess.Codec;
import io.libprocess.Node;
import io.libprocess.PID;
import io.libprocess.Process;
import io.libprocess.UPID;
import io.libprocess.config.MessageLimits;
import io.libprocess.future.CheckedConsumer;
import io.libprocess.simulation.Host;
import io.libprocess.simulation.Simulation;
import io.libprocess.simulation.SimulationConfig;
import io.libprocess.simulation.SimulationReport;
import io.libprocess.simulation.World;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;

/** How fast simulated worlds run, in one thread. */
public final class SimulationBenchmark {

  private static final ThreadMXBean ALLOCATION = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private static final int NEIGHBOURS = 10;

  private SimulationBenchmark() {}

  private static final class Ponger extends Process<Ponger> {
    private PID<Ponger> other;
    private long left;

    void play(PID<Ponger> with, long rounds) {
      other = with;
      left = rounds;
    }

    void ball() {
      if (left-- > 0) {
        other.dispatch(Ponger::ball);
      }
    }
  }

  private static final class Chatter extends Process<Chatter> {
    private final int self;
    private final int hosts;
    private final Duration pause;
    long received;

    Chatter(int self, int hosts, Duration pause) {
      super("chatter");
      this.self = self;
      this.hosts = hosts;
      this.pause = pause;
    }

    @Override
    protected void initialize() {
      install("text", Codec.STRING, (from, text) -> received++);
      for (int i = 0; i < NEIGHBOURS; i++) {
        link(other(i));
      }
      again();
    }

    /** One of the next hosts, with as many of which each has to do however many there are. */
    private UPID other(int next) {
      return UPID.of("chatter@10.0.0." + ((self + next) % hosts + 1) + ":5050");
    }

    private void again() {
      send(
          other(node().random().nextInt(NEIGHBOURS)), "text", Codec.STRING, "something to be read");
      delay(pause, one -> one.again());
    }
  }

  private static void measure(String what, SimulationConfig config, CheckedConsumer<World> world) {
    for (int i = 1; i <= 3; i++) {
      long begun = System.nanoTime();
      SimulationReport report = Simulation.run(i, config, world);
      double seconds = (System.nanoTime() - begun) / 1e9;
      report.orThrow();
      System.out.printf(
          "%-40s %8.3f s %,12d steps %,12.0f steps/s %10.0f simulated s/s%n",
          what,
          seconds,
          report.steps(),
          report.steps() / seconds,
          report.simulated().toMillis() / 1e3 / seconds);
    }
  }

  private static CheckedConsumer<World> pingPong(long rounds) {
    return world -> {
      Node node = world.host("a", Host::start).nodes().get(0);
      PID<Ponger> one = node.spawn(new Ponger());
      PID<Ponger> other = node.spawn(new Ponger());
      one.dispatch(p -> p.play(other, rounds));
      other.dispatch(p -> p.play(one, rounds));
      one.dispatch(Ponger::ball);
      world.runFor(Duration.ofMinutes(1));
    };
  }

  private static CheckedConsumer<World> chat(int hosts, Duration pause, Duration lasting) {
    return world -> {
      world.hosts(
          hosts,
          host ->
              host.start(
                      settings ->
                          settings.messageLimits(
                              MessageLimits.builder().heartbeat(Duration.ofSeconds(10)).build()))
                  .spawn(new Chatter(host.index(), hosts, pause)));
      world.runFor(lasting);
    };
  }

  /** Runs all of it, and prints a line for each. */
  public static void main(String[] args) {
    SimulationConfig.Builder config =
        SimulationConfig.builder().steps(1_000_000_000).limit(Duration.ofDays(3)).shrink(false);
    for (SimulationConfig.Policy policy :
        List.of(SimulationConfig.Policy.FIFO, SimulationConfig.Policy.RANDOM)) {
      measure("ping-pong, " + policy, config.policy(policy).build(), pingPong(1_000_000));
    }
    measure(
        "10 hosts, 1,000 messages/s each",
        config.build(),
        chat(10, Duration.ofMillis(1), Duration.ofSeconds(10)));
    measure(
        "10 hosts, 10 messages/s each, an hour",
        config.build(),
        chat(10, Duration.ofMillis(100), Duration.ofHours(1)));
    measure("5 idle hosts, a day", config.build(), chat(5, Duration.ofDays(2), Duration.ofDays(1)));
    measure( // For the next line, which has as many messages.
        "10 hosts, 100 messages/s each",
        config.build(),
        chat(10, Duration.ofMillis(10), Duration.ofSeconds(100)));
    measure(
        "100 hosts, 10 messages/s each",
        config.build(),
        chat(100, Duration.ofMillis(100), Duration.ofSeconds(100)));
    for (int i = 0; i < 5; i++) {
      worlds(config.verifyEvery(0).build());
    }
  }

  /** Makes and closes many small worlds, each of which runs on a thread of its own. */
  private static void worlds(SimulationConfig config) {
    int worlds = 1000;
    long[] bytes = new long[1];
    long begun = System.nanoTime();
    Simulation.explore(
            Simulation.seeds(1, worlds),
            config,
            world -> {
              world.hosts(3, Host::start).forEach(host -> host.nodes().forEach(Node::close));
              bytes[0] += ALLOCATION.getCurrentThreadAllocatedBytes();
            })
        .orThrow();
    System.out.printf(
        "a world of 3 nodes: %.3f ms, %,d bytes%n",
        (System.nanoTime() - begun) / 1e6 / worlds, bytes[0] / worlds);
  }
}

package io.libprocess.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.CheckedConsumer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How few faults of a failure are left, and that it is the same number each time. */
class ShrinkerTest {

  private static final int PAUSES = 12;
  private static final Duration APART = Duration.ofMillis(500);
  private static final Duration LASTING = Duration.ofMillis(600);

  private static SimulationConfig config(List<Fault> faults) {
    return SimulationConfig.builder()
        .faults(Faults.of(faults))
        .checkLeaks(false)
        .verifyEvery(0)
        .build();
  }

  /** Ticks each 100 ms of a host's clock, and fails when nothing was heard for five seconds. */
  private static CheckedConsumer<World> heard() {
    return world -> {
      long[] last = new long[1];
      Host host = world.host("a", one -> tick(world, one, last));
      Host other = world.host("b", one -> tick(world, one, new long[1]));
      world.client("c", one -> tick(world, one, new long[1])); // After its steps it is looked.
      world.never(
          "nothing is heard",
          1,
          () -> world.elapsed().toNanos() - last[0] > 5_000_000_000L && host.isUp());
      world.runFor(Duration.ofSeconds(20));
      world.check("both are up", host.isUp() && other.isUp());
    };
  }

  private static void tick(World world, Host host, long[] last) {
    last[0] = world.elapsed().toNanos();
    host.clock().timer(Duration.ofMillis(100), () -> tick(world, host, last));
  }

  @Test
  void manyShortFaults_becomeALongOne() {
    List<Fault> pauses = new ArrayList<>();
    for (int i = 0; i < PAUSES; i++) {
      Duration at = Duration.ofSeconds(1).plus(APART.multipliedBy(i));
      pauses.add(Fault.pause(at, 0, LASTING));
      pauses.add(Fault.pause(at, 1, LASTING));
    }
    SimulationReport report = Simulation.run(1, config(pauses), heard());

    List<Fault> left = report.shrunk().orElseThrow().faults();
    assertEquals(1, left.size(), report.toString());
    assertEquals(0, left.get(0).host());
    assertTrue(left.get(0).lasting().toSeconds() >= 4, report.toString());
  }

  @Test
  void whatIsLeft_isTheSameEachTime() {
    Faults faults = Faults.swarm().every(Duration.ofMillis(200), Duration.ofSeconds(2)).mostDown(2);
    SimulationConfig config =
        SimulationConfig.builder().swarm().faults(faults).checkLeaks(false).verifyEvery(0).build();
    CheckedConsumer<World> world =
        one -> {
          List<Host> hosts = one.hosts(3, host -> tick(one, host, new long[1]));
          one.never(
              "two are down", 1, () -> hosts.stream().filter(host -> !host.isUp()).count() >= 2);
          one.runFor(Duration.ofSeconds(20));
        };
    SimulationReport report =
        Simulation.explore(Simulation.seeds(1, 50), config, world).failures().get(0);

    assertTrue(report.scenario().faults().size() > 5, report.toString());
    assertTrue(report.shrunk().orElseThrow().faults().size() <= 2, report.toString());
    assertEquals(report.toString(), Simulation.run(report.seed(), config, world).toString());
  }
}

package io.libprocess.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.simulation.engine.Draws;
import io.libprocess.simulation.engine.Hash;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Which faults are drawn. */
class FaultsTest {

  private static List<Fault> drawn(Faults faults) {
    List<Fault> all = new ArrayList<>();
    for (long seed = 1; seed <= 200; seed++) {
      Draws draws = new Draws(seed, "fault", new Hash());
      all.addAll(faults.plan(draws, 3, 4, Duration.ofMinutes(10)));
    }
    return all;
  }

  private static long count(List<Fault> faults, Fault.Kind kind) {
    return faults.stream().filter(fault -> fault.kind() == kind).count();
  }

  @Test
  void oneOfTenCrashes_losesWhatIsStored() {
    List<Fault> faults = drawn(Faults.swarm());

    double losing = count(faults, Fault.Kind.CRASH_LOSING_STORE);
    double keeping = count(faults, Fault.Kind.CRASH);
    assertTrue(keeping > 500, keeping + "");
    assertEquals(0.1, losing / (losing + keeping), 0.03);
    assertEquals(
        0,
        count(
            drawn(Faults.swarm().without(Fault.Kind.CRASH_LOSING_STORE)),
            Fault.Kind.CRASH_LOSING_STORE));
    List<Fault> only = drawn(Faults.swarm().without(Fault.Kind.CRASH));
    assertEquals(0, count(only, Fault.Kind.CRASH));
    assertTrue(count(only, Fault.Kind.CRASH_LOSING_STORE) > 100);
  }

  /** The difference between the wall clocks of two hosts, in seconds. */
  private static long apart(long seed) {
    long[] apart = new long[1];
    Simulation.run(
            seed,
            SimulationConfig.builder().swarm().faults(Faults.none()).shrink(false).build(),
            world -> {
              List<Host> hosts = world.hosts(2, host -> {});
              apart[0] =
                  Duration.between(hosts.get(0).clock().now(), hosts.get(1).clock().now())
                      .abs()
                      .toSeconds();
            })
        .orThrow();
    return apart[0];
  }

  @Test
  void wallClocks_areFarApartInATenthOfTheSeeds() {
    List<Long> far =
        LongStream.rangeClosed(1, 300).map(FaultsTest::apart).filter(s -> s > 1).boxed().toList();

    assertTrue(far.size() >= 15 && far.size() <= 45, far.toString());
    assertTrue(far.stream().allMatch(seconds -> seconds <= 7200), far.toString());
    assertTrue(far.stream().filter(seconds -> seconds > 600).count() > far.size() / 2);
  }
}

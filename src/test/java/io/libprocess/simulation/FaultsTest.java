package io.libprocess.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.simulation.engine.Draws;
import io.libprocess.simulation.engine.Hash;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
}

package io.libprocess.simulation.example;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.CheckedConsumer;
import io.libprocess.simulation.Fault;
import io.libprocess.simulation.Faults;
import io.libprocess.simulation.SimulationConfig;
import io.libprocess.simulation.World;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An election is safe, and the simulator finds each of the bugs that were planted in it. */
@Timeout(300) // Of a machine with much else to do.
class ElectionTest {

  private static final int MEMBERS = 3;
  private static final List<String> NAMES =
      IntStream.range(0, MEMBERS).mapToObj(i -> "10.0.0." + (i + 1) + ":5050").toList();

  static SimulationConfig.Builder config() {
    return SimulationConfig.builder()
        .swarm()
        .faults(
            Faults.swarm()
                .every(Duration.ofMillis(300), Duration.ofSeconds(3))
                .downFor(Duration.ofMillis(100), Duration.ofSeconds(2))
                .without(Fault.Kind.CRASH_LOSING_STORE))
        .limit(Duration.ofMinutes(2));
  }

  static CheckedConsumer<World> world(Election.Bug bug, boolean leases) {
    return world -> {
      Election.Observer observer = new Election.Observer();
      world.hosts(
          MEMBERS,
          host ->
              host.start().spawn(new Election.Member(Site.of(host), NAMES, observer, bug, leases)));
      world.always("one leader in a term", 10, observer::oneLeaderInATerm);
      world.always("one lease", 10, () -> !leases || observer.oneLease());
      world.sometimes("a leader was replaced", () -> observer.terms() > 1);
      world.runFor(Duration.ofSeconds(20));
      world.heal();
      int terms = observer.terms();
      world.eventually(
          "somebody leads",
          Duration.ofSeconds(60),
          () -> observer.terms() > terms || observer.hasLeader());
    };
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void election_isSafeAndElects(boolean leases) {
    LongMode.explore(
        "election " + (leases ? "with leases" : "without leases"),
        30,
        20_000,
        config(),
        world(Election.Bug.NONE, leases));
  }

  @ParameterizedTest
  @EnumSource(value = Election.Bug.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void bug_isFound(Election.Bug bug) {
    boolean leases = bug == Election.Bug.COMPARES_CLOCKS;
    List<String> broken =
        leases
            ? List.of("always \"one lease\"", "eventually \"somebody leads\"") // For some hours.
            : List.of("always \"one leader in a term\"");
    Planted.isFound(
        bug.name(),
        config(),
        world(bug, leases),
        failure -> assertTrue(broken.contains(failure), failure));
  }
}

package io.libprocess.simulation.example;

import io.libprocess.Node;
import io.libprocess.PID;
import io.libprocess.RestartPolicy;
import io.libprocess.Supervisor;
import io.libprocess.simulation.Fault;
import io.libprocess.simulation.Faults;
import io.libprocess.simulation.Host;
import io.libprocess.simulation.SimulationConfig;
import io.libprocess.simulation.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Nothing is lost and nothing happens twice where much is discarded. */
@Timeout(300) // Of a machine with much else to do.
class PrimitivesTest {

  private static final int USERS = 4;

  static SimulationConfig.Builder config() {
    return SimulationConfig.builder()
        .swarm()
        .faults(
            Faults.swarm()
                .every(Duration.ofMillis(100), Duration.ofSeconds(5))
                .without(Fault.Kind.CRASH, Fault.Kind.CRASH_LOSING_STORE, Fault.Kind.STOP));
  }

  static void primitives(World world) {
    Node node = world.host("a", Host::start).nodes().get(0);
    Primitives shared = new Primitives((int) world.random("capacity", 5), node.clock());
    List<Primitives.User> users = new ArrayList<>();
    for (int i = 1; i <= USERS; i++) {
      users.add(new Primitives.User(shared, i, 40));
      node.spawn(users.get(i - 1));
    }
    world.always("nothing is wrong", 10, shared::nothingIsWrong);
    world.sometimes("something is taken back", () -> shared.discarded > 10);
    world.sometimes("something is taken", () -> shared.taken() > 10);
    world.sometimes("somebody is granted something", () -> shared.grants() > 10);
    world.runUntil(() -> users.stream().allMatch(Primitives.User::isDone), Duration.ofSeconds(60));
    world.heal();
    world.runFor(Duration.ofSeconds(60)); // More than all grants take.
    world.check("all have come to their end", users.stream().allMatch(Primitives.User::isDone));
    world.check("nothing is lost", shared.nothingIsLost());
    shared.queue.close(); // Those that still wait for it are told.
  }

  static void nursery(World world) {
    Node node = world.host("a", Host::start).nodes().get(0);
    world.expect(Talker.Tired.class);
    Nursery nursery = new Nursery();
    RestartPolicy.Strategy[] strategies = RestartPolicy.Strategy.values();
    RestartPolicy policy =
        RestartPolicy.of(100_000, Duration.ofSeconds(1))
            .withStrategy(strategies[(int) world.random("strategy", strategies.length)]);
    PID<Supervisor> supervisor = node.spawn(new Supervisor("supervisor", policy));
    Nursery.Parent parent = new Nursery.Parent(nursery, supervisor);
    node.spawn(parent);
    world.always("nothing is wrong", 10, nursery::nothingIsWrong);
    world.sometimes("children are restarted", () -> nursery.restarts() > 10);
    world.sometimes(
        "a child is stopped", () -> nursery.children.stream().anyMatch(child -> !child.wanted));
    world.runUntil(parent::isDone, Duration.ofSeconds(60));
    world.heal();
    nursery.calm = true;
    world.runFor(Duration.ofSeconds(5));
    world.check("all children are there once", nursery.isComplete());
  }

  @Test
  void primitives_loseNothing() {
    LongMode.explore("queue, mutex, limiter", 60, 20_000, config(), PrimitivesTest::primitives);
  }

  @Test
  void supervisor_hasEachChildOnce() {
    LongMode.explore("supervisor", 60, 20_000, config(), PrimitivesTest::nursery);
  }
}

package io.libprocess.simulation.example;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.libprocess.future.CheckedConsumer;
import io.libprocess.simulation.Fault;
import io.libprocess.simulation.Faults;
import io.libprocess.simulation.History;
import io.libprocess.simulation.Linearizable;
import io.libprocess.simulation.SimulationConfig;
import io.libprocess.simulation.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A replicated register is linearizable, and the simulator finds out if it is not. */
@Timeout(300) // Of a machine with much else to do.
class RegisterTest {

  private static final int CLIENTS = 3;
  private static final int OPERATIONS = 30;

  static SimulationConfig.Builder config() {
    return SimulationConfig.builder()
        .swarm()
        .faults(
            Faults.swarm()
                .every(Duration.ofMillis(100), Duration.ofSeconds(3))
                .without(Fault.Kind.CRASH_LOSING_STORE))
        .limit(Duration.ofMinutes(3));
  }

  static CheckedConsumer<World> world(int replicas, boolean writesBack) {
    return world -> {
      List<Site> hosts =
          world
              .hosts(replicas, host -> host.start().spawn(new Register.Replica(host.store())))
              .stream()
              .map(Site::of)
              .toList();
      List<Register.Client> clients = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        Register.Client client =
            new Register.Client(hosts, i, OPERATIONS, writesBack, world.history());
        clients.add(client);
        world.client("c" + i, host -> host.start().spawn(client));
      }
      world.sometimes(
          "nobody knows whether something was done",
          () -> clients.stream().anyMatch(Register.Client::hasGivenUp));
      world.runUntil(
          () -> clients.stream().allMatch(Register.Client::isDone), Duration.ofSeconds(60));
      world.heal();
      world.eventually(
          "all clients finish",
          Duration.ofSeconds(90),
          () -> clients.stream().allMatch(Register.Client::isDone));
      Optional<List<History.Operation>> wrong =
          Linearizable.check(world.history(), Linearizable.register(0));
      wrong.ifPresent(operations -> world.mark(operations.toString()));
      world.check("linearizable", wrong.isEmpty());
    };
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 5})
  void register_isLinearizableWhateverHappens(int replicas) {
    LongMode.explore("register of " + replicas, 12, 20_000, config(), world(replicas, true));
  }

  @Test
  void readThatDoesNotWriteBack_isFound() {
    Planted.isFound(
        "read without writing back",
        config(),
        world(3, false),
        failure -> assertEquals("check \"linearizable\"", failure));
  }
}

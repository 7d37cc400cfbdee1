package io.libprocess.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.Async;
import io.libprocess.Codec;
import io.libprocess.Node;
import io.libprocess.PID;
import io.libprocess.Process;
import io.libprocess.UPID;
import io.libprocess.future.CheckedConsumer;
import io.libprocess.future.Future;
import io.libprocess.http.Response;
import io.libprocess.http.Url;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SimulationTest {

  /** Greets whoever it is told to, and counts the answers. */
  static final class Greeter extends Process<Greeter> {
    int answers;

    Greeter() {
      super("greeter");
    }

    @Override
    protected void initialize() {
      install("hello", Codec.STRING, (from, text) -> send(from, "answer", Codec.STRING, text));
      install("answer", Codec.STRING, (from, text) -> answers++);
      route("/", "", request -> Future.of(Response.ok("here")));
    }

    void greet(UPID other) {
      send(other, "hello", Codec.STRING, "you");
    }
  }

  private static UPID greeter(Host host) {
    return new UPID("greeter", host.address());
  }

  /** Some hosts that greet each other by messages, and ask each other by HTTP. */
  static void greetings(World world) {
    List<PID<Greeter>> greeters = new ArrayList<>();
    List<Greeter> processes = new ArrayList<>();
    List<Host> hosts =
        world.hosts(
            3,
            host -> {
              processes.add(new Greeter());
              greeters.add(host.start().spawn(processes.get(processes.size() - 1)));
            });
    for (int round = 0; round < 5; round++) {
      for (PID<Greeter> greeter : greeters) {
        hosts.forEach(host -> greeter.dispatch(one -> one.greet(greeter(host))));
      }
      world.runFor(Duration.ofMillis(50));
    }
    Node first = hosts.get(0).nodes().get(0);
    Response response =
        world.await(
            first.http().get(Url.of(hosts.get(1).address()).withTarget("/greeter")),
            Duration.ofSeconds(5));
    assertEquals("here", response.text());
    world.runUntil(
        () -> processes.stream().allMatch(one -> one.answers == 15), Duration.ofSeconds(5));
    world.check("all were answered", processes.stream().allMatch(one -> one.answers == 15));
  }

  private static SimulationConfig quick(SimulationConfig.Policy policy) {
    return SimulationConfig.builder().policy(policy).shrink(false).build();
  }

  @ParameterizedTest
  @EnumSource
  void world_ofRealNodesRunsByEachPolicy(SimulationConfig.Policy policy) {
    SimulationReport report = Simulation.run(1, quick(policy), SimulationTest::greetings);

    report.orThrow();
    assertTrue(report.steps() > 100, report.toString());
  }

  @ParameterizedTest
  @EnumSource
  void sameSeed_runsTheSameWayAgain(SimulationConfig.Policy policy) {
    for (long seed = 1; seed <= 5; seed++) {
      SimulationReport one = Simulation.run(seed, quick(policy), SimulationTest::greetings);
      SimulationReport other = Simulation.run(seed, quick(policy), SimulationTest::greetings);

      one.orThrow();
      assertEquals(one.hash(), other.hash(), "seed " + seed);
      assertEquals(one.steps(), other.steps());
      assertEquals(one.trace(), other.trace());
    }
  }

  @Test
  void otherSeed_runsAnotherWay() {
    SimulationConfig config = quick(SimulationConfig.Policy.RANDOM);
    assertNotEquals(
        Simulation.run(1, config, SimulationTest::greetings).hash(),
        Simulation.run(2, config, SimulationTest::greetings).hash());
  }

  @Test
  void run_startsNoThreadThatOutlivesIt() throws InterruptedException {
    Simulation.run(
            1,
            SimulationConfig.standard(),
            world -> {
              Host host = world.host("a", one -> one.start());
              Node node = host.nodes().get(0);
              assertEquals(3, world.await(node.async(() -> 1 + 2), Duration.ofSeconds(1)));
            })
        .orThrow();

    for (int i = 0; i < 100 && simulationThreads() > 0; i++) {
      Thread.sleep(20); // They have nothing to do but to end.
    }
    assertEquals(0, simulationThreads());
  }

  private static long simulationThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("libprocess-simulation"))
        .count();
  }

  /* ------ Time ------ */

  @Test
  void idleWorld_needsNoStepsForADay() {
    SimulationReport report =
        Simulation.run(
            1,
            SimulationConfig.builder().limit(Duration.ofDays(2)).build(),
            world -> {
              AtomicInteger fired = new AtomicInteger();
              Host host = world.host("a", one -> one.start());
              host.clock().timer(Duration.ofHours(23), fired::incrementAndGet);
              world.runFor(Duration.ofHours(22));
              assertEquals(0, fired.get());
              world.runFor(Duration.ofHours(2));
              assertEquals(1, fired.get());
              assertTrue(world.elapsed().compareTo(Duration.ofHours(24)) >= 0);
            });

    report.orThrow();
    assertTrue(report.steps() < 100_000, report.steps() + " steps");
  }

  @Test
  void waitingInTheWorldsFunction_isRefused() {
    SimulationReport report =
        Simulation.run(
            1,
            SimulationConfig.standard(),
            world -> {
              Node node = world.host("a", one -> one.start()).nodes().get(0);
              node.async(() -> 1).get();
            });

    assertEquals("the world's function", report.failure());
    assertTrue(report.toString().contains("World.await"), report.toString());
  }

  @Test
  void waitingInAProcess_isRefused() {
    SimulationReport report =
        Simulation.run(
            1,
            SimulationConfig.standard(),
            world -> {
              Node node = world.host("a", one -> one.start()).nodes().get(0);
              PID<Greeter> greeter = node.spawn(new Greeter());
              greeter.dispatch(one -> Async.async(() -> 1).get());
              world.runFor(Duration.ofSeconds(1));
            });

    assertEquals("no unexpected exception", report.failure());
    assertTrue(report.toString().contains("would stop the simulated world"), report.toString());
  }

  @Test
  void blockingCall_mayWaitForProcesses() {
    Simulation.run(
            1,
            SimulationConfig.standard(),
            world -> {
              Node node = world.host("a", one -> one.start()).nodes().get(0);
              PID<Greeter> greeter = node.spawn(new Greeter());
              Future<Integer> sum =
                  node.async(
                      () -> {
                        int first = greeter.call(one -> 1).get();
                        int second = node.async(() -> greeter.call(one -> 2).get()).get();
                        return first + second;
                      });
              assertEquals(3, world.await(sum, Duration.ofSeconds(1)));
            })
        .orThrow();
  }

  /* ------ Failures ------ */

  @Test
  void exceptionInAHandler_failsTheRunUnlessItIsExpected() {
    CheckedConsumer<World> throwing =
        world -> {
          Node node = world.host("a", one -> one.start()).nodes().get(0);
          node.spawn(new Greeter())
              .dispatch(
                  one -> {
                    throw new UnsupportedOperationException("on purpose");
                  });
          world.runFor(Duration.ofSeconds(1));
        };

    SimulationReport report = Simulation.run(1, SimulationConfig.standard(), throwing);
    assertEquals("no unexpected exception", report.failure());
    assertTrue(report.toString().contains("on purpose"), report.toString());

    Simulation.run(
            1,
            SimulationConfig.standard(),
            world -> {
              world.expect(UnsupportedOperationException.class);
              throwing.accept(world);
            })
        .orThrow();
  }

  @Test
  void propertyThatDoesNotHold_failsWithAReport() {
    SimulationReport report =
        Simulation.run(
            7,
            SimulationConfig.standard(),
            world -> {
              Host host = world.host("a", one -> one.start());
              world.always("no hour passes", () -> world.elapsed().toMinutes() < 1);
              host.clock().timer(Duration.ofSeconds(61), () -> {});
              world.mark("begins");
              world.runFor(Duration.ofMinutes(2));
            });

    assertEquals("always \"no hour passes\"", report.failure());
    String text = assertThrows(SimulationFailure.class, report::orThrow).getMessage();
    assertTrue(text.contains("Seed 7"), text);
    assertTrue(text.contains("-Dlibprocess.simulation.seed=7"), text);
    assertTrue(text.contains("  begins"), text);
    assertTrue(text.contains("a timer"), text);
  }

  @Test
  void propertyOfAProcess_isLookedAtAfterEachOfItsSteps() {
    int[] served = new int[1];
    int[] looks = new int[1];
    SimulationConfig config =
        SimulationConfig.builder()
            .policy(SimulationConfig.Policy.FIFO)
            .shrink(false)
            .checkLeaks(false)
            .build();
    SimulationReport report =
        Simulation.run(
            1,
            config,
            world -> {
              Node node = world.host("a", one -> one.start()).nodes().get(0);
              PID<Greeter> greeter = node.spawn(new Greeter());
              world.always(
                  "it has served less than 7",
                  List.of("greeter"),
                  () -> {
                    looks[0]++;
                    return served[0] < 7;
                  });
              for (int i = 0; i < 10; i++) {
                greeter.dispatch(one -> served[0]++);
              }
              world.runFor(Duration.ofSeconds(1));
            });

    assertEquals("always \"it has served less than 7\"", report.failure());
    assertEquals(7, served[0]);
    assertEquals(8, looks[0]); // After its start, too.
    SimulationReport none =
        Simulation.run(1, config, world -> world.always("none", List.of(), () -> true));
    assertEquals("the world's function", none.failure());
  }

  @Test
  void fullTrace_hasTheDrawsAndTheRequests() {
    List<String> lines = new ArrayList<>();
    SimulationConfig config = quick(SimulationConfig.Policy.RANDOM);
    SimulationRun.start(Scenario.draw(1, config), config, SimulationTest::greetings, lines::add)
        .await();

    assertTrue(lines.stream().anyMatch(line -> line.matches(".* schedule draw -?\\d+")));
    assertTrue(lines.stream().anyMatch(line -> line.matches(".* network draw -?\\d+")));
    assertTrue(lines.stream().anyMatch(line -> line.matches(".* deliver .*B GET /greeter")));
    assertEquals(
        Simulation.run(1, config, SimulationTest::greetings).hash(),
        SimulationRun.start(Scenario.draw(1, config), config, SimulationTest::greetings, line -> {})
            .await()
            .hash());
  }

  @Test
  void whatNeverHappensInAnExploration_isAFailure() {
    Exploration explored =
        Simulation.explore(
            Simulation.seeds(1, 3),
            SimulationConfig.standard(),
            world -> {
              world.sometimes("a host fails", () -> false);
              world.sometimes("time passes", () -> world.elapsed().toMillis() > 5);
              world.runFor(Duration.ofMillis(10));
            });

    assertEquals(List.of("a host fails"), explored.neverReached());
    assertEquals(3, explored.sometimes().get("time passes"));
    assertThrows(SimulationFailure.class, explored::orThrow);
  }

  @Test
  void exploration_findsTheSameOnSeveralThreads() {
    CheckedConsumer<World> failing =
        world -> {
          world.runFor(Duration.ofMillis(1));
          world.check("small", world.random("x", 10) < 8);
        };
    SimulationConfig.Builder config = SimulationConfig.builder().failures(3).shrink(false);

    Exploration one = Simulation.explore(Simulation.seeds(1, 100), config.build(), failing);
    Exploration two =
        Simulation.explore(Simulation.seeds(1, 100), config.threads(2).build(), failing);

    assertEquals(3, one.failures().size());
    assertEquals(
        one.failures().stream().map(SimulationReport::seed).toList(),
        two.failures().stream().map(SimulationReport::seed).toList());
  }

  @Test
  void livelock_isFound() {
    SimulationReport report =
        Simulation.run(
            1,
            SimulationConfig.builder()
                .stepCost(Duration.ZERO, Duration.ZERO)
                .checkLeaks(false)
                .build(),
            world -> {
              Node node = world.host("a", one -> one.start()).nodes().get(0);
              PID<Greeter> greeter = node.spawn(new Greeter());
              greeter.dispatch(one -> again(greeter));
              world.runFor(Duration.ofSeconds(1));
            });

    assertEquals("livelock", report.failure());
  }

  private static void again(PID<Greeter> greeter) {
    greeter.dispatch(one -> again(greeter));
  }

  @Test
  void stepThatDoesNotReturn_endsTheRunWithItsStack() {
    AtomicInteger spin = new AtomicInteger();
    SimulationConfig config = SimulationConfig.builder().stuckAfter(Duration.ofMillis(300)).build();
    SimulationReport report;
    do { // A busy machine may let another step take as long.
      report =
          Simulation.run(
              1,
              config,
              world -> {
                Node node = world.host("a", one -> one.start()).nodes().get(0);
                node.spawn(new Greeter()).dispatch(one -> spinUntilInterrupted(spin));
                world.runFor(Duration.ofSeconds(1));
              });
      assertEquals("stuck", report.failure());
    } while (!report.toString().contains("spinUntilInterrupted"));
  }

  private static void spinUntilInterrupted(AtomicInteger spin) {
    while (!Thread.currentThread().isInterrupted()) {
      spin.incrementAndGet();
    }
  }

  /** A server looks at its connections from time to time, and a node at those to others. */
  @Test
  void closedNodes_leaveNoTimerBehind() {
    Simulation.run(
            1,
            SimulationConfig.standard(),
            world -> {
              List<Host> hosts = world.hosts(2, host -> host.start().spawn(new Greeter()));
              Node one = hosts.get(0).nodes().get(0);
              Node other = hosts.get(1).nodes().get(0);
              world.await(
                  one.http().get(Url.of(other.address()).withTarget("/greeter")),
                  Duration.ofSeconds(5));
              one.post(greeter(hosts.get(1)), "hello", new byte[0]);
              world.runFor(Duration.ofSeconds(1));
              assertTrue(hosts.get(1).clock().timers() > 0);
              one.close();
              other.close();
              world.runFor(Duration.ofSeconds(6)); // Last answers are waited for.
              hosts.forEach(host -> assertEquals(0, host.clock().timers()));
            })
        .orThrow();
  }

  /* ------ Chance ------ */

  @Test
  void random_isDrawnFromTheSeed() {
    List<Long> drawn = new ArrayList<>();
    CheckedConsumer<World> world =
        one -> one.host("a", host -> drawn.add(host.start().random().nextLong()));
    Simulation.run(1, SimulationConfig.standard(), world).orThrow();
    Simulation.run(1, SimulationConfig.standard(), world).orThrow();
    Simulation.run(2, SimulationConfig.standard(), world).orThrow();

    assertEquals(drawn.get(0), drawn.get(1));
    assertNotEquals(drawn.get(0), drawn.get(2));
  }

  @Test
  void chaos_isThereInSimulationsOnly() {
    List<Boolean> said = new ArrayList<>();
    for (long seed = 1; seed <= 30; seed++) {
      Simulation.run(
              seed,
              SimulationConfig.standard(),
              world -> {
                for (int i = 0; i < 20; i++) {
                  said.add(Chaos.buggify("test.point"));
                }
              })
          .orThrow();
    }

    assertTrue(said.contains(true));
    assertTrue(said.stream().filter(yes -> yes).count() < said.size() / 4);
    assertFalse(Chaos.buggify("test.point", 1));
    assertEquals(5, Chaos.range("test.range", 5, 1, 10));
  }
}

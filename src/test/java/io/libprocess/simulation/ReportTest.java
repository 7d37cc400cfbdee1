package io.libprocess.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.Process;
import io.libprocess.future.CheckedConsumer;
import io.libprocess.simulation.engine.Schedule.Block;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a failure is reported with, how small it becomes, and what a replay of it says. */
class ReportTest {

  private static final Fault CRASH = Fault.crash(Duration.ofSeconds(1), 1, Duration.ofSeconds(2));
  private static final Fault CUT =
      Fault.partition(Duration.ofSeconds(2), List.of(0), Duration.ofSeconds(1));
  private static final Fault PAUSE = Fault.pause(Duration.ofSeconds(3), 2, Duration.ofSeconds(1));

  private static SimulationConfig config(Fault... faults) {
    return SimulationConfig.builder().faults(Faults.of(faults)).checkLeaks(false).build();
  }

  private static void tick(Host host) {
    if (host.isUp()) {
      host.clock().timer(Duration.ofMillis(100), () -> tick(host));
    }
  }

  /** Fails when the second host has been started twice. */
  private static CheckedConsumer<World> restarted(int hosts, long draws) {
    return world -> {
      List<Host> all = world.hosts(hosts, ReportTest::tick);
      for (long i = 0; i < draws; i++) {
        world.random("more", 10);
      }
      world.never("the second has started again", () -> all.get(1).starts() > 1);
      world.mark("hosts are there");
      world.runFor(Duration.ofSeconds(10));
    };
  }

  @Test
  void report_hasATimelineWithAColumnForEachHost() {
    SimulationReport report = Simulation.run(5, config(CRASH, CUT, PAUSE), restarted(3, 0));

    String text = report.toString();
    assertTrue(text.contains("Seed 5, RANDOM, 3 hosts, faults: CRASH, PARTITION, PAUSE"), text);
    assertTrue(text.contains("1 of 3 faults, 0 of 0 changes of priority, 1 of 3 hosts"), text);
    assertTrue(text.contains("\n  00:00:01.000 h2 crash, restart at 00:00:03.000\n"), text);
    Timeline timeline =
        SimulationRun.of(
                Scenario.draw(5, config(CRASH, CUT, PAUSE)),
                config(CRASH, CUT, PAUSE),
                restarted(3, 0))
            .timeline();
    assertEquals(
        List.of(
            "              h1          h2          h3",
            "00:00:00.000  start 1",
            "00:00:00.000  |           start 1",
            "00:00:00.000  |           |           start 1",
            "00:00:00.000  |           |           |           hosts are there",
            "00:00:01.000  |           crash       |",
            "00:00:02.000  |                       |           partition [h1] for 00:00:01.000",
            "00:00:03.000  |                       pause PT1S",
            "00:00:03.000  |           start 2     |"),
        timeline.lines().subList(0, 9));
    assertTrue(
        timeline.lines().get(9).endsWith("always \"the second has started again\""),
        timeline.lines().toString());
  }

  @Test
  void timelineOfManyHosts_hasColumnsForThoseToWhichSomethingHappened() {
    SimulationReport report = Simulation.run(5, config(CRASH), restarted(40, 0));
    RunOutcome outcome = SimulationRun.of(report.scenario(), config(CRASH), restarted(40, 0));

    assertEquals("              h2", outcome.timeline().lines().get(0));
    assertTrue(
        outcome.timeline().lines().stream().anyMatch(line -> line.endsWith("  h40 start 1")));
  }

  /* ------ Files and replays ------ */

  @Test
  void scenarioOfAFailure_isAFileThatIsReplayed() throws IOException {
    SimulationReport report = Simulation.run(77, config(CRASH, CUT), restarted(2, 3));

    Path file = Path.of("target/simulation/ReportTest-77.scenario");
    assertTrue(report.toString().endsWith("   shrunk: " + file), report.toString());
    assertEquals(report.shrunk().orElseThrow().text(), Files.readString(file));
    SimulationReport again = Simulation.replay(file, restarted(2, 3));
    assertEquals(report.failure(), again.failure());
    assertEquals(report.trace(), again.trace());
    assertEquals("", again.difference());
    assertEquals("", Simulation.replay(report.scenario().text(), restarted(2, 3)).difference());
    assertThrows(
        UncheckedIOException.class,
        () -> Simulation.replay(Path.of("target/no/such.scenario"), restarted(2, 3)));
  }

  @Test
  void replayOfOtherCode_saysThatItAsksOtherQuestions() {
    SimulationReport report = Simulation.run(78, config(CRASH), restarted(2, 3));
    String text = report.scenario().text();

    SimulationReport again = Simulation.replay(text, restarted(2, 4));
    assertTrue(again.failed());
    assertTrue(again.difference().contains("no longer asks the same questions"));
    assertTrue(again.difference().contains("4 draws of 'user/more' instead of 3"));
    assertTrue(again.toString().contains(again.difference()), again.toString());

    String edited = text.replace("policy RANDOM", "policy FIFO");
    assertEquals("", Simulation.replay(edited, restarted(2, 4)).difference());
  }

  /* ------ Small ones ------ */

  private static final class Idle extends Process<Idle> {}

  @Test
  void hostsThatDoNothing_areLeftOut() {
    SimulationReport report = Simulation.run(1, config(CRASH, CUT, PAUSE), restarted(6, 0));

    Scenario shrunk = report.shrunk().orElseThrow();
    assertEquals(List.of(CRASH), shrunk.faults());
    assertEquals(List.of(0, 2, 3, 4, 5), shrunk.without());
    SimulationReport again = Simulation.replay(shrunk.text(), restarted(6, 0));
    assertTrue(again.failed());
    assertEquals(1, again.timeline().stream().filter(line -> line.endsWith("start 1")).count());
  }

  @Test
  void choices_becomeThoseOfTheOldestStepWhereTheyDoNotMatter() {
    CheckedConsumer<World> world =
        one -> {
          List<Integer> order = new ArrayList<>();
          Host host = one.host("a", Host::start);
          for (int i = 0; i < 8; i++) {
            int number = i;
            host.nodes().get(0).spawn(new Idle()).dispatch(idle -> order.add(number));
          }
          one.runFor(Duration.ofSeconds(1));
          one.host("b", Host::start);
          one.runFor(Duration.ofSeconds(1));
          one.check("in order", order.indexOf(7) > order.indexOf(0));
        };
    SimulationConfig config =
        SimulationConfig.builder()
            .policy(SimulationConfig.Policy.RANDOM)
            .stepCost(Duration.ofMillis(10), Duration.ofMillis(10))
            .checkLeaks(false)
            .verifyEvery(0)
            .build();
    SimulationReport report =
        Simulation.explore(Simulation.seeds(1, 200), config, world).failures().get(0);

    Scenario shrunk = report.shrunk().orElseThrow();
    assertEquals(SimulationConfig.Policy.RANDOM, shrunk.policy());
    assertFalse(shrunk.fifo().isEmpty(), shrunk.text());
    assertEquals(shrunk.text(), Scenario.parse(shrunk.text()).text());
    assertEquals("", Simulation.replay(shrunk.text(), world).difference());
  }

  @Test
  void blocks_areJoined() {
    List<Block> two = List.of(new Block(10, 20), new Block(40, 50));

    assertEquals(
        List.of(new Block(10, 20), new Block(25, 30), new Block(40, 50)),
        Shrinker.joined(two, new Block(25, 30)));
    assertEquals(List.of(new Block(10, 50)), Shrinker.joined(two, new Block(20, 40)));
    assertEquals(
        List.of(new Block(5, 20), new Block(40, 50)), Shrinker.joined(two, new Block(5, 12)));
  }
}

package io.libprocess.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.CheckedConsumer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The system properties by which a person runs other seeds than those in the code. */
class ExplorationPropertiesTest {

  private static final String PREFIX = "libprocess.simulation.";
  private static final SimulationConfig CONFIG =
      SimulationConfig.builder().verifyEvery(0).shrink(false).build();

  private final List<Long> drawn = new ArrayList<>(); // A number of each run.

  private final CheckedConsumer<World> world =
      one -> {
        drawn.add(one.random("which", Long.MAX_VALUE));
        Host host = one.host("a", Host::start);
        host.clock().timer(Duration.ofSeconds(1), () -> one.mark("a timer has fired"));
        one.runFor(Duration.ofSeconds(2));
      };

  @AfterEach
  void forgetProperties() {
    List.of("seed", "seeds", "budget", "trace")
        .forEach(name -> System.clearProperty(PREFIX + name));
  }

  private Exploration explore() {
    drawn.clear();
    return Simulation.explore(Simulation.seeds(1, 3), CONFIG, world);
  }

  private List<Long> drawnBy(long first, long last) {
    drawn.clear();
    Simulation.explore(Simulation.seeds(first, last), CONFIG, world).orThrow();
    return List.copyOf(drawn);
  }

  @Test
  void withoutThem_theSeedsAreThoseInTheCode() {
    assertEquals(3, explore().runs());
    assertEquals(List.copyOf(drawn), drawnBy(1, 3));
  }

  @Test
  void seed_runsThatOneAlone() {
    List<Long> expected = drawnBy(77, 77);
    System.setProperty(PREFIX + "seed", "77");

    assertEquals(1, explore().runs());
    assertEquals(expected, drawn);
  }

  @Test
  void seeds_runInPlaceOfThoseInTheCode() {
    List<Long> range = drawnBy(20, 24);
    List<Long> one = drawnBy(9, 9);
    System.setProperty(PREFIX + "seeds", "20-24");

    assertEquals(5, explore().runs());
    assertEquals(range, drawn);

    System.setProperty(PREFIX + "seeds", "9");
    explore();
    assertEquals(one, drawn);
  }

  @Test
  void seed_goesBeforeSeeds() {
    List<Long> expected = drawnBy(77, 77);
    System.setProperty(PREFIX + "seeds", "20-24");
    System.setProperty(PREFIX + "seed", "77");

    explore();
    assertEquals(expected, drawn);
  }

  @Test
  void budgetThatIsUsedUp_endsTheExploration() {
    System.setProperty(PREFIX + "budget", "0");

    assertEquals(0, explore().runs());

    System.setProperty(PREFIX + "budget", "1000");
    assertEquals(3, explore().runs());
  }

  @Test
  void trace_writesAllLinesOfTheSeedToAFile(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("one.trace");
    System.setProperty(PREFIX + "trace", file.toString());

    explore();
    assertFalse(Files.exists(file), "only that of one seed is written");

    System.setProperty(PREFIX + "seed", "5");
    Exploration explored = explore();
    List<String> lines = Files.readAllLines(file);
    assertTrue(lines.size() > explored.steps(), lines.size() + " lines");
    assertTrue(lines.stream().anyMatch(line -> line.contains(" log a timer has fired")));
    assertTrue(lines.stream().anyMatch(line -> line.contains(" draw ")));
  }
}

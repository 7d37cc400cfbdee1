package io.libprocess.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The same seeds make the same runs in another JVM, where identity hashes, salts and heaps are
 * others; with {@code -Dlibprocess.simulation.java=PATH} in one of another JDK.
 */
@Timeout(300)
class OtherJvmTest {

  private static final String LONG = "libprocess.simulation.long";
  private static final int SEEDS = System.getProperty(LONG) == null ? 10 : 1000;

  /** Prints the hashes of some seeds, or those of one with a source of chance. */
  public static void main(String[] args) {
    if (args[0].isEmpty()) {
      hashes(Integer.parseInt(args[1])).forEach(System.out::println);
    } else {
      System.out.println(hash(ForbiddenChanceTest.Source.valueOf(args[0])));
    }
  }

  private static List<String> hashes(int seeds) {
    List<String> hashes = new ArrayList<>();
    SimulationConfig config = SimulationConfig.builder().swarm().shrink(false).build();
    for (long seed = 1; seed <= seeds; seed++) {
      SimulationReport report = Simulation.run(seed, config, SimulationTest::greetings);
      hashes.add(Long.toHexString(report.hash()) + " " + report.steps() + " " + report.failure());
    }
    return hashes;
  }

  private static String hash(ForbiddenChanceTest.Source source) {
    SimulationConfig config = SimulationConfig.builder().shrink(false).build();
    return Long.toHexString(Simulation.run(1, config, ForbiddenChanceTest.world(source)).hash());
  }

  /** What another JVM prints. */
  private static List<String> elsewhere(String... arguments) throws Exception {
    String java =
        System.getProperty(
            "libprocess.simulation.java",
            Path.of(System.getProperty("java.home"), "bin", "java").toString());
    List<String> command =
        new ArrayList<>(
            List.of(
                java,
                "-Xmx200m",
                "-cp",
                System.getProperty("java.class.path"),
                OtherJvmTest.class.getName()));
    command.addAll(List.of(arguments));
    java.lang.Process other = new ProcessBuilder(command).redirectErrorStream(true).start();
    List<String> lines;
    try (BufferedReader out = other.inputReader()) {
      lines = out.lines().toList();
    }
    assertTrue(other.waitFor(60, TimeUnit.SECONDS));
    return lines;
  }

  @Test
  void seeds_runTheSameWayInAnotherJvm() throws Exception {
    assertEquals(hashes(SEEDS), elsewhere("", String.valueOf(SEEDS)));
  }

  @Test
  void orderThatIsSaltedByTheJvm_isFound() throws Exception {
    ForbiddenChanceTest.Source source = ForbiddenChanceTest.Source.SALTED_ORDER;
    List<String> lines = elsewhere(source.name());

    assertEquals(1, lines.size(), lines.toString());
    assertNotEquals(hash(source), lines.get(0));
  }
}

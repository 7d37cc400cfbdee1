package io.libprocess.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
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

  private static final int SEEDS = 10;

  /** Prints the hashes of some seeds. */
  public static void main(String[] args) {
    hashes().forEach(System.out::println);
  }

  private static List<String> hashes() {
    List<String> hashes = new ArrayList<>();
    SimulationConfig config = SimulationConfig.builder().swarm().shrink(false).build();
    for (long seed = 1; seed <= SEEDS; seed++) {
      SimulationReport report = Simulation.run(seed, config, SimulationTest::greetings);
      hashes.add(Long.toHexString(report.hash()) + " " + report.steps() + " " + report.failure());
    }
    return hashes;
  }

  @Test
  void seeds_runTheSameWayInAnotherJvm() throws Exception {
    String java =
        System.getProperty(
            "libprocess.simulation.java",
            Path.of(System.getProperty("java.home"), "bin", "java").toString());
    java.lang.Process other =
        new ProcessBuilder(
                java,
                "-Xmx200m",
                "-cp",
                System.getProperty("java.class.path"),
                OtherJvmTest.class.getName())
            .redirectErrorStream(true)
            .start();
    List<String> lines;
    try (BufferedReader out = other.inputReader()) {
      lines = out.lines().toList();
    }
    assertTrue(other.waitFor(60, TimeUnit.SECONDS));

    assertEquals(hashes(), lines);
  }
}

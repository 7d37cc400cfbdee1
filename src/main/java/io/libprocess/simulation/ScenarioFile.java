package io.libprocess.simulation;

import io.libprocess.settings.Variables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Where the scenario of a failure is kept: a file that is named after the test and the seed. */
final class ScenarioFile {

  private static final String DIRECTORY = "target/simulation";
  private static final List<String> BELOW_TESTS =
      List.of(
          "java.lang.reflect.", "jdk.internal.reflect.", "java.lang.invoke.", "java.lang.Thread");
  private static final StackWalker STACK =
      StackWalker.getInstance(StackWalker.Option.SHOW_REFLECT_FRAMES);

  private ScenarioFile() {}

  /**
   * Writes a scenario into a file, in place of an earlier one for the same test and seed.
   *
   * @return where it is, or why it is nowhere
   */
  static String write(long seed, Scenario scenario) {
    String directory = Variables.ofJvm().value("LIBPROCESS_SIMULATION_SCENARIOS").orElse(DIRECTORY);
    Path file = Path.of(directory, caller() + "-" + seed + ".scenario");
    try {
      Files.createDirectories(file.getParent());
      Files.writeString(file, scenario.text());
      return file.toString();
    } catch (IOException e) {
      return "not written: " + e;
    }
  }

  /**
   * The simple name of the class that was called by reflection, as a test is, or by the JVM: the
   * outermost of those that led here without that.
   */
  static String caller() {
    return STACK.walk(ScenarioFile::outermost);
  }

  private static String outermost(Stream<StackWalker.StackFrame> frames) {
    String found = "world";
    for (String name :
        (Iterable<String>) frames.map(StackWalker.StackFrame::getClassName)::iterator) {
      if (BELOW_TESTS.stream().anyMatch(name::startsWith)) {
        break;
      }
      if (!name.startsWith("java.")) {
        found = name;
      }
    }
    String simple = found.substring(found.lastIndexOf('.') + 1);
    int nested = simple.indexOf('$');
    return nested < 0 ? simple : simple.substring(0, nested);
  }
}

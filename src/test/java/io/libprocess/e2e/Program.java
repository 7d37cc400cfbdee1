package io.libprocess.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * A program of the system that a test works with. If it is not installed, the test is skipped,
 * unless {@code LIBPROCESS_TEST_PROGRAMS} is {@code required}, as it is in {@code .ci/run}.
 */
public final class Program {

  private static final long PATIENCE_SECONDS = 120;

  private final String path;

  private Program(String path) {
    this.path = path;
  }

  /** The program with a name; the calling test ends here if there is none. */
  public static Program named(String name) {
    return named(name, new String[0]);
  }

  /**
   * The first program with a name that can be run with some arguments, for instance because it
   * supports them; the calling test ends here if there is none.
   *
   * @param arguments the arguments; none if it is enough that the program exists
   */
  public static Program named(String name, String... arguments) {
    Optional<Path> found =
        Stream.of((System.getenv("PATH") + ":/usr/sbin:/usr/local/sbin").split(File.pathSeparator))
            .map(directory -> Path.of(directory, name))
            .filter(Files::isExecutable)
            .filter(path -> arguments.length == 0 || succeeds(path, arguments))
            .findFirst();
    boolean required = "required".equals(System.getenv("LIBPROCESS_TEST_PROGRAMS"));
    assertTrue(found.isPresent() || !required, () -> name + " is not installed");
    Assumptions.assumeTrue(found.isPresent(), () -> name + " is not installed");
    return new Program(found.get().toString());
  }

  /** The program at a path, which must exist. */
  static Program at(String path) {
    return new Program(path);
  }

  private static boolean succeeds(Path path, String... arguments) {
    try {
      new Program(path.toString()).run(arguments);
      return true;
    } catch (AssertionError | IOException e) {
      return false;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Where it is. */
  public String path() {
    return path;
  }

  /** Runs it to its end, which must be a success, and returns its output, including errors. */
  public String run(String... arguments) throws IOException, InterruptedException {
    return runWithInput("", arguments);
  }

  /**
   * Runs a script with an argument and the path of a file that has a text, and returns its output.
   */
  String runScript(String script, String argument, String text)
      throws IOException, InterruptedException {
    Path file = Files.createTempFile("program", ".text");
    try {
      Files.writeString(file, text);
      return run("-c", script, argument, file.toString());
    } finally {
      Files.delete(file);
    }
  }

  String runWithInput(String input, String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(path));
    command.addAll(List.of(arguments));
    Path output = Files.createTempFile("program", ".out");
    Path given = Files.createTempFile("program", ".in");
    try {
      Files.writeString(given, input, StandardCharsets.ISO_8859_1);
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectInput(given.toFile())
              .redirectOutput(output.toFile())
              .start();
      boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
      process.destroyForcibly();
      String text = Files.readString(output, StandardCharsets.ISO_8859_1);
      assertTrue(ended, () -> command + " did not end: " + text);
      assertEquals(0, process.exitValue(), () -> command + ": " + text);
      return text;
    } finally {
      Files.delete(output);
      Files.delete(given);
    }
  }
}

package io.libprocess.support;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A program of a test that needs a JVM of its own. */
public final class ChildProgram {

  private ChildProgram() {}

  /**
   * Runs the main method of a class on the class path of the tests, and returns what it prints.
   *
   * @param options of the JVM
   */
  public static String outputOf(Class<?> program, String... options) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(options));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), program.getName()));
    Process child = new ProcessBuilder(command).redirectError(Redirect.DISCARD).start();
    return new String(child.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
  }
}

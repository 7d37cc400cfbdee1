package io.libprocess.subprocess;

import io.libprocess.future.Failure;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Map;
import java.util.stream.Stream;

/** Starts children by the JDK. A start takes as long as a fork and exec. */
final class Launch {

  private Launch() {}

  static Process start(Command command) {
    ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(command.arguments()));
    Map<String, String> environment = builder.environment();
    command
        .replacement()
        .ifPresent(
            variables -> {
              environment.clear();
              environment.putAll(variables);
            });
    environment.putAll(command.extension());
    Path directory = command.directory().orElse(Path.of(""));
    if (!Files.isDirectory(directory.toAbsolutePath())) {
      throw failure(command, "there is no directory '" + directory + "'", null);
    }
    command.directory().ifPresent(path -> builder.directory(path.toFile()));
    String program = SearchPath.resolve(command.program(), environment, directory);
    builder.command().set(0, program);
    builder.redirectInput(command.in().asInput());
    builder.redirectOutput(command.out().asOutput());
    builder.redirectError(command.err().asOutput());
    try {
      return builder.start();
    } catch (IOException e) {
      throw failure(command, e);
    }
  }

  private static Failure failure(Command command, IOException e) {
    Throwable cause = e.getCause() == null ? e : e.getCause();
    String text = String.valueOf(cause.getMessage());
    if (cause instanceof FileNotFoundException) { // Its message is "path (reason)".
      for (Path path : files(command)) {
        String start = path + " (";
        if (text.startsWith(start) && text.endsWith(")")) {
          String reason = text.substring(start.length(), text.length() - 1);
          return new Failure("Failed to open '" + path + "': " + reason, e);
        }
      }
    }
    return failure(command, text, e);
  }

  private static Failure failure(Command command, String reason, IOException cause) {
    return new Failure("Failed to execute '" + command.program() + "': " + reason, cause);
  }

  private static Iterable<Path> files(Command command) {
    return Stream.of(command.in(), command.out(), command.err())
        .flatMap(stdio -> stdio.file().stream())
        .toList();
  }
}

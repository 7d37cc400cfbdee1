package io.libprocess.simulation.audit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Finds calls in class files that make a world another one in each run. */
public final class ClassAudit {

  private ClassAudit() {}

  /** A line for each forbidden call in class files, or directories with them. */
  public static List<String> of(List<Path> paths) {
    List<String> found = new ArrayList<>();
    for (Path path : paths) {
      try (Stream<Path> files = Files.walk(path)) {
        files
            .filter(file -> file.toString().endsWith(".class"))
            .sorted()
            .forEach(file -> found.addAll(read(file)));
      } catch (IOException e) {
        throw new UncheckedIOException("cannot read '" + path + "'", e);
      }
    }
    return found;
  }

  private static List<String> read(Path file) {
    try {
      return ConstantPool.read(Files.readAllBytes(file)).forbidden();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read '" + file + "'", e);
    } catch (RuntimeException e) {
      throw new IllegalArgumentException("not a class file: '" + file + "'", e);
    }
  }
}

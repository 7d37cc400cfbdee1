package io.libprocess.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EarlyInitializationTest {

  private static final Path CLASSES = Path.of("target/classes");

  @TempDir Path directory;

  /** Prints what is found where the library is. */
  static final class Program {

    static final Set<String> ROOMS = Set.of("future", "net.nio");

    public static void main(String[] arguments) {
      EarlyInitialization.of(List.copyOf(ROOMS));
      EarlyInitialization.classesIn(ROOMS).stream().sorted().forEach(System.out::println);
    }
  }

  private static List<String> found() {
    return EarlyInitialization.classesIn(Program.ROOMS).stream().sorted().toList();
  }

  @Test
  void classesIn_findsThoseWithInitializersInTheRoomsAlone() {
    List<String> found = found();

    assertTrue(found.contains("io.libprocess.future.FutureState"), found.toString());
    assertTrue(found.contains("io.libprocess.net.nio.EventLoop"), found.toString());
    assertFalse(found.contains("io.libprocess.future.Failure"), found.toString());
    assertTrue(
        found.stream()
            .allMatch(name -> name.matches("io\\.libprocess\\.(future|net\\.nio)\\.[^.]+")),
        found.toString());
  }

  @Test
  void classesIn_findsTheSameInAJarOnTheClassPathAndInAModule() throws Exception {
    Path jar = directory.resolve("library.jar");
    pack(jar);
    String program = copyOfProgram().toString();

    assertEquals(found(), run("-cp", jar + File.pathSeparator + program, Program.class.getName()));
    assertEquals(
        found(),
        run(
            "--module-path",
            jar.toString(),
            "--patch-module",
            "io.libprocess=" + program,
            "--add-modules",
            "io.libprocess",
            "-m",
            "io.libprocess/" + Program.class.getName()));
  }

  /** A place with the program alone: the module must not find other classes of tests. */
  private Path copyOfProgram() throws IOException {
    String file = Program.class.getName().replace('.', '/') + ".class";
    Path copy = directory.resolve("program").resolve(file);
    Files.createDirectories(copy.getParent());
    Files.copy(Path.of("target/test-classes").resolve(file), copy);
    return directory.resolve("program");
  }

  private static void pack(Path jar) throws IOException {
    try (OutputStream out = Files.newOutputStream(jar);
        ZipOutputStream zip = new ZipOutputStream(out);
        Stream<Path> files = Files.walk(CLASSES)) {
      for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
        zip.putNextEntry(
            new ZipEntry(CLASSES.relativize(file).toString().replace(File.separatorChar, '/')));
        Files.copy(file, zip);
      }
    }
  }

  private static List<String> run(String... arguments) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx64m");
    builder.command().addAll(List.of(arguments));
    Process program = builder.redirectError(Redirect.INHERIT).start();
    return new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
        .lines()
        .toList();
  }
}

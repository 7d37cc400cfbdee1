package io.libprocess.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Checks the rules for every source file and package of the library. */
@Timeout(600) // It computes, and waits for nobody.
class SourceTest {

  private static final Path MAIN = Path.of("src/main/java");
  private static final Path TESTS = Path.of("src/test/java");
  private static final int MOST_LINES = 500;
  private static final int MOST_METHOD_LINES = 60;

  /** Has methods that are one long declaration of variables, for their frames to be large. */
  private static final Path LARGE_FRAMES = Path.of("internal", "StackReserve.java");

  /** A file that breaks the rules of {@link SourceFile}, and members that keep them. */
  private static final String UNDOCUMENTED =
      """
      package p;
      public interface Outer {
        record Inner() {
          public void bare() {}
          @Override public String toString() { return ""; }
          void hidden() {}
        }
        /** Told. */
        void told();
        void untold();
        /** Told. */
        enum Letter { /** Told. */ A, B }
      }
      """;

  @TempDir Path directory;

  private static List<Path> sources(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      return files.filter(file -> file.toString().endsWith(".java")).sorted().toList();
    }
  }

  /** The package of a source file, relative to that of the library. */
  private static String room(Path file) {
    Path folder = MAIN.resolve("io/libprocess").relativize(file.getParent());
    return folder.toString().replace(File.separatorChar, '.');
  }

  private static List<Path> oversized(Path root) throws IOException {
    List<Path> found = new ArrayList<>();
    for (Path source : sources(root)) {
      if (Files.readAllLines(source).size() > MOST_LINES) {
        found.add(source);
      }
    }
    return found;
  }

  private static List<Path> packagesWithoutInfo(Path root) throws IOException {
    return sources(root).stream()
        .map(Path::getParent)
        .distinct()
        .filter(folder -> !folder.equals(root))
        .filter(folder -> Files.notExists(folder.resolve("package-info.java")))
        .toList();
  }

  @Test
  void main_hasNoFileOver500Lines() throws IOException {
    assertEquals(List.of(), oversized(MAIN));
  }

  @Test
  void tests_haveNoFileOver500Lines() throws IOException {
    assertEquals(List.of(), oversized(TESTS));
  }

  @Test
  void main_describesEveryPackage() throws IOException {
    assertEquals(List.of(), packagesWithoutInfo(MAIN));
  }

  /** Who searches for a type should find one. */
  @Test
  void main_hasNoTwoTypesOfOneName() throws IOException {
    assertEquals(Set.of(), repeated(sources(MAIN)));
  }

  private static Set<String> repeated(List<Path> sources) {
    Set<String> known = new HashSet<>();
    return sources.stream()
        .map(source -> source.getFileName().toString())
        .filter(name -> !name.equals("package-info.java"))
        .filter(name -> !known.add(name))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void repeated_findsTypesOfOneName() {
    List<Path> sources = List.of(Path.of("a/X.java"), Path.of("b/X.java"), Path.of("b/Y.java"));

    assertEquals(Set.of("X.java"), repeated(sources));
  }

  /** The documentation of a package beyond its purpose. */
  @Test
  void main_saysOfEveryPackageItsThreadsItsLocksAndItsCallers() throws IOException {
    for (Path source : sources(MAIN)) {
      if (source.endsWith("package-info.java")) {
        assertEquals(List.of(), missingParts(Files.readString(source)), source.toString());
      }
    }
  }

  private static List<String> missingParts(String info) {
    return Stream.of("Threads", "ock", "Who may call in")
        .filter(part -> !info.contains(part))
        .toList();
  }

  @Test
  void missingParts_areFound() {
    assertEquals(
        List.of("ock", "Who may call in"), missingParts("/** A room. <b>Threads.</b> None. */"));
  }

  @Test
  void main_hasNoMethodOver60Lines() throws IOException {
    for (Path source : sources(MAIN)) {
      if (source.endsWith(LARGE_FRAMES)) {
        continue;
      }
      assertEquals(List.of(), SourceFile.parse(source).methodsOver(MOST_METHOD_LINES));
    }
  }

  @Test
  void main_documentsEveryPublicTypeAndMemberThatIsExported() throws IOException {
    List<Path> exported =
        sources(MAIN).stream().filter(file -> Layers.isExported(room(file))).toList();
    for (Path source : exported) {
      assertEquals(List.of(), SourceFile.parse(source).undocumented(), source.toString());
    }
  }

  @Test
  void oversized_findsAFileOfOneLineTooMany() throws IOException {
    Path fits = write("Fits.java", "\n".repeat(MOST_LINES));
    Path tooLong = write("TooLong.java", "\n".repeat(MOST_LINES + 1));

    assertTrue(Files.exists(fits));
    assertEquals(List.of(tooLong), oversized(directory));
  }

  @Test
  void packagesWithoutInfo_findsAPackageWithout() throws IOException {
    write("described/package-info.java", "package described;");
    write("bare/Some.java", "package bare;");
    write("module-info.java", "module m {}");

    assertEquals(List.of(directory.resolve("bare")), packagesWithoutInfo(directory));
  }

  @Test
  void methodsOver_findsALongMethod() throws IOException {
    String source = "class Long {\n  void fits() {\n\n  }\n  void tooLong() {\n\n\n  }\n}\n";

    assertEquals(List.of("tooLong"), SourceFile.parse(write("Long.java", source)).methodsOver(3));
  }

  @Test
  void undocumented_findsPublicTypesAndMembers() throws IOException {
    assertEquals(
        List.of("Outer", "Outer.Inner", "Outer.Inner.bare", "Outer.untold", "Outer.Letter.B"),
        SourceFile.parse(write("Outer.java", UNDOCUMENTED)).undocumented());
  }

  private Path write(String name, String text) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }
}

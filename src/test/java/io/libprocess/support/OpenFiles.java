package io.libprocess.support;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The files that this JVM has open, where the system shows them. */
public final class OpenFiles {

  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

  private OpenFiles() {}

  /** Whether a file is open; a test is skipped on systems that do not tell. */
  public static boolean contain(Path file) throws IOException {
    assumeTrue(Files.isDirectory(DESCRIPTORS), "nothing shows open files");
    Path real = file.toRealPath();
    try (Stream<Path> open = Files.list(DESCRIPTORS)) {
      return open.anyMatch(one -> isOf(one, real));
    }
  }

  private static boolean isOf(Path descriptor, Path file) {
    try {
      return Files.readSymbolicLink(descriptor).equals(file);
    } catch (IOException e) {
      return false; // It has been closed meanwhile.
    }
  }
}

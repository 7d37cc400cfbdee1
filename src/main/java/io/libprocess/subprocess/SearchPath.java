package io.libprocess.subprocess;

import io.libprocess.future.Failure;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

/**
 * Finds programs in the {@code PATH} that the child will have. The JDK uses the parent's instead.
 */
final class SearchPath {

  private static final String VARIABLE = "PATH";
  private static final String DEFAULT = "/bin:/usr/bin"; // The default of execvp(3).
  private static final boolean IS_POSIX = File.separatorChar == '/';

  private SearchPath() {}

  /** The program, with its folder if the child's environment makes a difference. */
  static String resolve(String program, Map<String, String> environment, Path directory) {
    String path = environment.get(VARIABLE);
    if (!IS_POSIX || program.contains("/") || Objects.equals(path, System.getenv(VARIABLE))) {
      return program;
    }
    for (String folder : (path == null ? DEFAULT : path).split(":", -1)) {
      Path file = directory.resolve(folder).resolve(program).toAbsolutePath();
      if (Files.isRegularFile(file) && Files.isExecutable(file)) {
        return file.toString();
      }
    }
    throw new Failure(
        "Failed to execute '"
            + program
            + "': error=2, not found in the PATH it was given: "
            + path);
  }
}

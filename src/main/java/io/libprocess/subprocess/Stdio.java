package io.libprocess.subprocess;

import static java.util.Objects.requireNonNull;

import java.io.File;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The source or destination to which the standard input, output or error of a child is connected.
 * (libprocess: {@code Subprocess::IO}. The only counterpart of {@code FD} is {@link #inherit()}:
 * the JDK passes on no other descriptors.)
 */
public final class Stdio {

  private static final File NULL =
      new File(File.separatorChar == '\\' ? "NUL" : "/dev/null"); // Like Redirect.DISCARD.

  private static final Stdio PIPE = new Stdio("pipe", Redirect.PIPE, Redirect.PIPE, null);
  private static final Stdio INHERIT =
      new Stdio("inherit", Redirect.INHERIT, Redirect.INHERIT, null);
  private static final Stdio NOTHING =
      new Stdio("nothing", Redirect.from(NULL), Redirect.DISCARD, null);

  private final String name;
  private final Redirect input;
  private final Redirect output;
  private final Path path; // Null unless it is a file.

  private Stdio(String name, Redirect input, Redirect output, Path path) {
    this.name = name;
    this.input = input;
    this.output = output;
    this.path = path;
  }

  /** A pipe to or from this JVM: see {@link Subprocess#in}, {@link Subprocess#out}. */
  public static Stdio pipe() {
    return PIPE;
  }

  /**
   * A file. For input it must exist; output is appended, and a file that does not exist is created.
   * Output and error may go to the same file.
   */
  public static Stdio path(Path path) {
    File file = requireNonNull(path, "path").toFile();
    return new Stdio(path.toString(), Redirect.from(file), Redirect.appendTo(file), path);
  }

  /** The corresponding stream of this JVM, which the child shares. */
  public static Stdio inherit() {
    return INHERIT;
  }

  /** {@code /dev/null}: empty input, and output that is dropped. */
  public static Stdio nothing() {
    return NOTHING;
  }

  boolean isPipe() {
    return this == PIPE;
  }

  Redirect asInput() {
    return input;
  }

  Redirect asOutput() {
    return output;
  }

  Optional<Path> file() {
    return Optional.ofNullable(path);
  }

  @Override
  public String toString() {
    return name;
  }
}

package io.libprocess.net;

import static java.util.Objects.requireNonNull;

import java.nio.charset.StandardCharsets;

/**
 * The path of a Unix domain socket, which is usually also its text. The path is empty for an end
 * that was never bound, which the connecting end usually is not. The abstract names of Linux are
 * not supported, because the JDK does not know them. (libprocess: {@code unix::Address}.)
 *
 * @param path relative to the working directory of the process, or absolute
 */
public record UnixAddress(String path) implements NetworkAddress {

  /** The length that a path with its final NUL may have, on the most generous systems. */
  private static final int LIMIT = 108;

  /**
   * Checks the path.
   *
   * @throws IllegalArgumentException if the path is too long or has a NUL in it
   */
  public UnixAddress {
    requireNonNull(path, "path");
    if (path.indexOf('\0') >= 0) {
      throw new IllegalArgumentException(
          "a path with NUL, and abstract names are not supported: '"
              + path.replace('\0', '@')
              + "'");
    }
    if (path.getBytes(StandardCharsets.UTF_8).length >= LIMIT) {
      throw new IllegalArgumentException(
          "Path too long, must be less than " + LIMIT + " bytes: '" + path + "'");
    }
  }

  @Override
  public String toString() {
    return path.isEmpty() ? "(unnamed)" : path;
  }
}

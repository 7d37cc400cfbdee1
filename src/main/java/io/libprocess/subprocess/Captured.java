package io.libprocess.subprocess;

import static java.util.Objects.requireNonNull;

import io.libprocess.stream.Chunk;

/**
 * The result of a command: see {@link Command#capture}.
 *
 * @param status its exit status
 * @param out everything it wrote to its standard output
 * @param err everything it wrote to its standard error
 */
public record Captured(ExitStatus status, Chunk out, Chunk err) {

  /** Checks that no part is null. */
  public Captured {
    requireNonNull(status, "status");
    requireNonNull(out, "out");
    requireNonNull(err, "err");
  }
}

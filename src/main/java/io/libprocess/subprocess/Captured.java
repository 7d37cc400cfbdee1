package io.libprocess.subprocess;

import static java.util.Objects.requireNonNull;

import io.libprocess.stream.Chunk;

/**
 * What became of a command: see {@link Command#capture}.
 *
 * @param status how it ended
 * @param out all that it wrote to its standard output
 * @param err all that it wrote to its standard error
 */
public record Captured(ExitStatus status, Chunk out, Chunk err) {

  /** Requires that none of them is null. */
  public Captured {
    requireNonNull(status, "status");
    requireNonNull(out, "out");
    requireNonNull(err, "err");
  }
}

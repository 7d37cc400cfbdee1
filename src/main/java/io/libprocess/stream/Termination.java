package io.libprocess.stream;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/**
 * How a stream ended at some place of a pipeline.
 *
 * @param kind who ended it
 * @param cause what had failed; empty if nothing had
 */
public record Termination(Kind kind, Optional<Throwable> cause) {

  /** Who ended it. */
  public enum Kind {
    /** The source, or a stage above, has sent all there is. */
    COMPLETE,
    /** The source, or a stage above, has failed. */
    FAIL,
    /** The sink, or a stage below, wants no more or has failed. */
    CANCEL
  }

  /** Checks that nothing is null. */
  public Termination {
    requireNonNull(kind, "kind");
    requireNonNull(cause, "cause");
  }
}

package io.libprocess.stream;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/**
 * The end of a stream as seen at one place of a pipeline.
 *
 * @param kind which side ended it
 * @param cause the failure, if there was one
 */
public record Termination(Kind kind, Optional<Throwable> cause) {

  /** The sides that can end a stream. */
  public enum Kind {
    /** The source, or a stage above, has sent all its elements. */
    COMPLETE,
    /** The source, or a stage above, has failed. */
    FAIL,
    /** The sink, or a stage below, wants no more elements or has failed. */
    CANCEL
  }

  /** Checks that nothing is null. */
  public Termination {
    requireNonNull(kind, "kind");
    requireNonNull(cause, "cause");
  }
}

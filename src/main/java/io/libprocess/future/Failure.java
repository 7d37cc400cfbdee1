package io.libprocess.future;

import io.libprocess.internal.Reason;

/**
 * An expected failure: a message without a stack trace, cheap to make. Unexpected failures are
 * ordinary exceptions.
 */
public final class Failure extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** Makes a failure with a message. */
  public Failure(String message) {
    this(message, null);
  }

  /**
   * Makes a failure with a message and a cause.
   *
   * @param cause may be null
   */
  public Failure(String message, Throwable cause) {
    super(message, cause, true, false);
  }

  /**
   * The description of a failure for use in another text; that of an unexpected failure includes
   * its type.
   */
  static String text(Throwable failure) {
    return failure instanceof Failure ? Reason.message(failure) : Reason.description(failure);
  }

  @Override
  public String toString() {
    return "Failure: " + getMessage();
  }
}

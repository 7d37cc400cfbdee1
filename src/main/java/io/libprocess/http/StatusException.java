package io.libprocess.http;

import static java.util.Objects.requireNonNull;

/**
 * A failure that carries the status of the answer: a handler whose future fails with it, or that
 * throws it, answers with that status and the message, whereas other failures mean 500. It has no
 * stack trace.
 */
public final class StatusException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final int code;

  /** Makes a failure with a status and a message for the answer, which the peer sees. */
  public StatusException(Status status, String message) {
    super(requireNonNull(message, "message"), null, false, false);
    code = status.code();
  }

  /** The status to answer with. */
  public Status status() {
    return Status.of(code);
  }

  @Override
  public String toString() {
    return status() + ": " + getMessage();
  }
}

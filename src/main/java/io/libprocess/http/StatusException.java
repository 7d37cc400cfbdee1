package io.libprocess.http;

import static java.util.Objects.requireNonNull;

/**
 * A failure that is answered with a status of its own: a handler whose future fails with it, or
 * that throws it, answers with that status and the message, where other failures mean 500. It has
 * no stack trace.
 */
public final class StatusException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final int code;

  /** Makes a failure to be answered with a status and a message, which the peer gets to see. */
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

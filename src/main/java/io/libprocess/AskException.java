package io.libprocess;

import static java.util.Objects.requireNonNull;

/**
 * The reason for which a process that was {@linkplain Node#ask asked} has not given a usable reply.
 * It has no stack trace.
 */
public final class AskException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** The kinds of failure. */
  public enum Reason {
    /** There is no process with that name, so the question did not arrive. */
    NO_PROCESS(false),
    /** The question was not sent or not accepted, because too much is already waiting. */
    REFUSED(false),
    /** The process ended, or the connection to its node broke, before it replied. */
    GONE(true),
    /** The process reported that it failed to answer. */
    FAILED(true),
    /** There was no reply before the deadline of the context. */
    DEADLINE_EXCEEDED(true),
    /** The reply could not be decoded. */
    UNDECODABLE(true);

    private final boolean delivered;

    Reason(boolean delivered) {
      this.delivered = delivered;
    }
  }

  private final Reason reason;

  /**
   * Creates a failure.
   *
   * @param message the process that was asked, and the name of the question
   * @param cause may be null
   */
  public AskException(Reason reason, String message, Throwable cause) {
    super(message, cause, false, false);
    this.reason = requireNonNull(reason, "reason");
  }

  /** The kind of failure. */
  public Reason reason() {
    return reason;
  }

  /** Whether the question may have reached the process; if not, it is safe to ask again. */
  public boolean mayHaveArrived() {
    return reason.delivered;
  }
}

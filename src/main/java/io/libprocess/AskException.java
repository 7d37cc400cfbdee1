package io.libprocess;

import static java.util.Objects.requireNonNull;

/**
 * Why a process that was {@linkplain Node#ask asked} has not replied, or what went wrong when it
 * should have. It has no stack trace.
 */
public final class AskException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** The kinds of failure. */
  public enum Reason {
    /** There is no process of that name: it has not got the question. */
    NO_PROCESS(false),
    /** The question was not sent or not taken, because too much waits already. */
    REFUSED(false),
    /** The process has ended, or the connection to its node, before it replied. */
    GONE(true),
    /** The process says that it has failed to answer. */
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
   * Makes a failure.
   *
   * @param message says who was asked what
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

  /** Whether the process may have got the question; if not, it is safe to ask again. */
  public boolean mayHaveArrived() {
    return reason.delivered;
  }
}

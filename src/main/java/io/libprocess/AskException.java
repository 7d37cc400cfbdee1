package io.libprocess;

import static java.util.Objects.requireNonNull;

import io.libprocess.service.FailureFlag;
import io.libprocess.service.Flagged;
import java.util.Set;

/**
 * The reason for which a process that was {@linkplain Node#ask asked} has not given a usable reply.
 * It has no stack trace.
 *
 * <p>A question that was refused is {@link FailureFlag#REJECTED}, and one that was not answered in
 * time {@link FailureFlag#DEADLINE_EXCEEDED}; so a request whose handler fails with it is answered
 * with 503 and {@code Retry-After}, or with 504.
 */
public final class AskException extends RuntimeException implements Flagged {

  private static final long serialVersionUID = 1L;

  /** The kinds of failure. */
  public enum Reason {
    /** There is no process with that name, so the question did not arrive. */
    NO_PROCESS(false, Set.of()),
    /** The question was not sent or not accepted, because too much is already waiting. */
    REFUSED(false, Set.of(FailureFlag.REJECTED)),
    /** The process ended, or the connection to its node broke, before it replied. */
    GONE(true, Set.of()),
    /** The process reported that it failed to answer. */
    FAILED(true, Set.of()),
    /** There was no reply before the deadline of the context. */
    DEADLINE_EXCEEDED(true, Set.of(FailureFlag.DEADLINE_EXCEEDED)),
    /** The reply could not be decoded. */
    UNDECODABLE(true, Set.of());

    private final boolean delivered;
    private final Set<FailureFlag> flags;

    Reason(boolean delivered, Set<FailureFlag> flags) {
      this.delivered = delivered;
      this.flags = flags;
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

  @Override
  public Set<FailureFlag> flags() {
    return reason.flags;
  }

  /** Whether the question may have reached the process; if not, it is safe to ask again. */
  public boolean mayHaveArrived() {
    return reason.delivered;
  }
}

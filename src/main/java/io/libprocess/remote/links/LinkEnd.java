package io.libprocess.remote.links;

import static java.util.Objects.requireNonNull;

import io.libprocess.future.Failure;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The reason why a linked process is gone.
 *
 * @param reason the kind of end
 * @param cause the exception of the process, or the failure of the connection
 */
public record LinkEnd(Reason reason, Optional<Throwable> cause) {

  /** The kinds of end. */
  public enum Reason {
    /** The process was asked to terminate. */
    TERMINATED,
    /** The process threw an exception. */
    FAILED,
    /** There is no process with that name. */
    NO_PROCESS,
    /** The connection to the process's node broke; the process may be alive. */
    DISCONNECTED
  }

  public static final LinkEnd NO_PROCESS = new LinkEnd(Reason.NO_PROCESS, Optional.empty());

  /** The end of a process that was asked to end. */
  public static final LinkEnd TERMINATED = new LinkEnd(Reason.TERMINATED, Optional.empty());

  /** Checks that nothing is null. */
  public LinkEnd {
    requireNonNull(reason, "reason");
    requireNonNull(cause, "cause");
  }

  public static LinkEnd disconnected(Optional<? extends Throwable> cause) {
    return new LinkEnd(Reason.DISCONNECTED, cause.map(thrown -> thrown));
  }

  /**
   * The form in which the end is sent to another node: the kind, then a blank and the text of the
   * cause.
   */
  public byte[] encode() {
    String text =
        reason
            + cause
                .map(thrown -> " " + io.libprocess.internal.Reason.description(thrown))
                .orElse("");
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Decodes the form of {@link #encode}; an unknown kind counts as TERMINATED. */
  public static LinkEnd decode(byte[] body) {
    String text = new String(body, StandardCharsets.UTF_8);
    String failed = Reason.FAILED.name();
    return text.startsWith(failed)
        ? new LinkEnd(
            Reason.FAILED, Optional.of(new Failure(text.substring(failed.length()).trim())))
        : TERMINATED;
  }
}

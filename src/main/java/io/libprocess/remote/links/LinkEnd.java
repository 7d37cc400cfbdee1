package io.libprocess.remote.links;

import static java.util.Objects.requireNonNull;

import io.libprocess.future.Failure;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Why a linked process is gone.
 *
 * @param reason the kind of end
 * @param cause what the process threw, or what broke the connection
 */
public record LinkEnd(Reason reason, Optional<Throwable> cause) {

  /** The kinds of end. */
  public enum Reason {
    /** The process was asked to terminate. */
    TERMINATED,
    /** The process threw an exception. */
    FAILED,
    /** There is no process of that name. */
    NO_PROCESS,
    /** The connection to the process's node broke; the process may be alive. */
    DISCONNECTED
  }

  public static final LinkEnd NO_PROCESS = new LinkEnd(Reason.NO_PROCESS, Optional.empty());

  /** That of a process that was asked to end. */
  public static final LinkEnd TERMINATED = new LinkEnd(Reason.TERMINATED, Optional.empty());

  /** Checks that nothing is null. */
  public LinkEnd {
    requireNonNull(reason, "reason");
    requireNonNull(cause, "cause");
  }

  public static LinkEnd disconnected(Optional<? extends Throwable> cause) {
    return new LinkEnd(Reason.DISCONNECTED, cause.map(thrown -> thrown));
  }

  /** The form in which another node is told: the kind, and the text of the cause behind a blank. */
  public byte[] encode() {
    String text = reason + cause.map(thrown -> " " + describe(thrown)).orElse("");
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** The end is told also if the user's own throwable cannot say what it is. */
  private static String describe(Throwable thrown) {
    try {
      return thrown.toString();
    } catch (Throwable unusable) {
      return thrown.getClass().getName();
    }
  }

  /** What {@link #encode} has encoded; an unknown kind counts as TERMINATED. */
  public static LinkEnd decode(byte[] body) {
    String text = new String(body, StandardCharsets.UTF_8);
    String failed = Reason.FAILED.name();
    return text.startsWith(failed)
        ? new LinkEnd(
            Reason.FAILED, Optional.of(new Failure(text.substring(failed.length()).trim())))
        : TERMINATED;
  }
}

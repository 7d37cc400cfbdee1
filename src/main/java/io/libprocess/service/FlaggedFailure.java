package io.libprocess.service;

import static java.util.Objects.requireNonNull;

import io.libprocess.internal.Reason;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * A failure with {@link FailureFlag}s, cheap to make: it has no stack trace. Any throwable can be
 * given flags by wrapping it up in one of these ({@link #with}); when its last flag is taken off
 * ({@link #without}) the throwable is itself again. Throwables of other types have no flags, unless
 * they are {@link Flagged}.
 */
public final class FlaggedFailure extends RuntimeException implements Flagged {

  private static final long serialVersionUID = 1L;

  private final int flags; // One bit for each ordinal.

  private FlaggedFailure(String message, Throwable cause, int flags) {
    super(message, cause, true, false);
    this.flags = flags;
  }

  /**
   * A failure of its own.
   *
   * @throws IllegalArgumentException if it should be both retryable and not
   */
  public static FlaggedFailure of(String message, FailureFlag... flags) {
    return new FlaggedFailure(requireNonNull(message, "message"), null, bits(flags));
  }

  private static int bits(FailureFlag... flags) {
    int bits = 0;
    for (FailureFlag flag : flags) {
      bits |= bit(flag);
    }
    int both = bit(FailureFlag.RETRYABLE) | bit(FailureFlag.NON_RETRYABLE);
    if ((bits & both) == both) {
      throw new IllegalArgumentException("RETRYABLE and NON_RETRYABLE exclude each other");
    }
    return bits;
  }

  private static int bit(FailureFlag flag) {
    return 1 << flag.ordinal();
  }

  private static int bits(Throwable failure) {
    if (failure instanceof FlaggedFailure flagged) {
      return flagged.flags;
    }
    return failure instanceof Flagged other ? bits(other.flags().toArray(new FailureFlag[0])) : 0;
  }

  /** Whether a failure has a flag. */
  public static boolean has(Throwable failure, FailureFlag flag) {
    return (bits(requireNonNull(failure, "failure")) & bit(flag)) != 0;
  }

  /**
   * A failure with more flags. {@link FailureFlag#RETRYABLE} takes the place of {@link
   * FailureFlag#NON_RETRYABLE}, and the other way round.
   *
   * @throws IllegalArgumentException if both of them are given
   */
  public static Throwable with(Throwable failure, FailureFlag... flags) {
    int added = bits(flags);
    int before = bits(requireNonNull(failure, "failure"));
    if ((added & bit(FailureFlag.RETRYABLE)) != 0) {
      before &= ~bit(FailureFlag.NON_RETRYABLE);
    }
    if ((added & bit(FailureFlag.NON_RETRYABLE)) != 0) {
      before &= ~bit(FailureFlag.RETRYABLE);
    }
    return withBits(failure, before | added);
  }

  /** A failure with one flag less. */
  public static Throwable without(Throwable failure, FailureFlag flag) {
    return withBits(failure, bits(requireNonNull(failure, "failure")) & ~bit(flag));
  }

  private static Throwable withBits(Throwable failure, int bits) {
    if (bits == bits(failure)) {
      return failure;
    }
    if (!(failure instanceof FlaggedFailure flagged)) {
      return new FlaggedFailure(Reason.of(failure), failure, bits);
    }
    Throwable cause = flagged.getCause();
    return cause != null && bits == bits(cause)
        ? cause
        : new FlaggedFailure(flagged.getMessage(), cause, bits);
  }

  /**
   * The failure without the flags it was given: what was wrapped up, or this if that is nothing.
   */
  public Throwable unflagged() {
    return getCause() == null ? this : getCause();
  }

  @Override
  public Set<FailureFlag> flags() {
    EnumSet<FailureFlag> set = EnumSet.noneOf(FailureFlag.class);
    for (FailureFlag flag : FailureFlag.values()) {
      if ((flags & bit(flag)) != 0) {
        set.add(flag);
      }
    }
    return Collections.unmodifiableSet(set);
  }

  @Override
  public String toString() {
    return "Failure " + flags() + ": " + getMessage();
  }
}

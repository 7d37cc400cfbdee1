package io.libprocess.context;

import static java.util.Objects.requireNonNull;

import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * When the work for a request must be done. It goes along to other processes of the system, in the
 * form of Finagle; clocks that differ are not corrected.
 *
 * @param timestamp when it was set
 * @param deadline when the work must be done; may be in the past
 */
public record Deadline(Instant timestamp, Instant deadline) {

  /** The deadline of the current request. */
  public static final ContextKey<Deadline> KEY =
      ContextKey.broadcast("com.twitter.finagle.Deadline", new Codec());

  /** Checks that nothing is null. */
  public Deadline {
    requireNonNull(timestamp, "timestamp");
    requireNonNull(deadline, "deadline");
  }

  /**
   * A deadline that is set now.
   *
   * @param now by the clock of whoever works
   * @param limit how long the work may take; one that ends after the last instant ends at that
   */
  public static Deadline after(Instant now, Duration limit) {
    Instant end;
    try {
      end = now.plus(limit);
    } catch (DateTimeException | ArithmeticException e) {
      end = limit.isNegative() ? Instant.MIN : Instant.MAX;
    }
    return new Deadline(now, end);
  }

  /** The deadline of the current context. */
  public static Optional<Deadline> current() {
    return KEY.current();
  }

  /** Both: the earlier deadline, and the later of the times at which they were set. */
  public Deadline combined(Deadline other) {
    return new Deadline(
        timestamp.isAfter(other.timestamp) ? timestamp : other.timestamp,
        deadline.isBefore(other.deadline) ? deadline : other.deadline);
  }

  /** How long until the deadline; negative when it is past. */
  public Duration remaining(Instant now) {
    return Duration.between(now, deadline);
  }

  /** Whether the deadline is past. */
  public boolean isExpired(Instant now) {
    return now.isAfter(deadline);
  }

  /** Two numbers of nanoseconds since the epoch with a blank between them. */
  private static final class Codec implements ContextCodec<Deadline> {

    private static final BigInteger NANOS = BigInteger.valueOf(1_000_000_000);
    private static final BigInteger MOST = BigInteger.valueOf(Long.MAX_VALUE);
    private static final BigInteger LEAST = BigInteger.valueOf(Long.MIN_VALUE);

    @Override
    public String encode(Deadline value) {
      return nanos(value.timestamp) + " " + nanos(value.deadline);
    }

    @Override
    public Deadline decode(String text) {
      int blank = text.indexOf(' ');
      if (blank < 0) {
        throw new IllegalArgumentException("not two numbers: '" + text + "'");
      }
      return new Deadline(
          instant(text.substring(0, blank)), instant(text.substring(blank + 1).strip()));
    }

    private static long nanos(Instant instant) {
      return BigInteger.valueOf(instant.getEpochSecond())
          .multiply(NANOS)
          .add(BigInteger.valueOf(instant.getNano()))
          .min(MOST)
          .max(LEAST)
          .longValue();
    }

    private static Instant instant(String text) {
      return Instant.ofEpochSecond(0, Long.parseLong(text));
    }
  }
}

package io.libprocess.context;

import static java.util.Objects.requireNonNull;

import java.util.HexFormat;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Where in a distributed trace the current work stands. Ids are numbers that are not zero; their
 * texts are hexadecimal.
 *
 * @param high the upper half of the id of the trace; zero if that has 64 bits
 * @param low the lower half
 * @param span the id of this part of the work
 * @param parent the id of the part that has caused it
 * @param sampling whether it is to be recorded
 * @param debug whether it is to be recorded whatever the sampling says
 */
public record Trace(
    long high, long low, long span, Optional<Long> parent, Sampling sampling, boolean debug) {

  /** Whether a trace is to be recorded; decided once and for all who take part. */
  public enum Sampling {
    /** It is. */
    YES,
    /** It is not, but ids are carried all the same. */
    NO,
    /** Nobody has decided; the next one may. */
    UNDECIDED
  }

  /** The trace of the current request. */
  public static final ContextKey<Trace> KEY = ContextKey.local("trace");

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if an id is zero
   */
  public Trace {
    requireNonNull(parent, "parent");
    requireNonNull(sampling, "sampling");
    if ((high | low) == 0 || span == 0 || parent.isPresent() && parent.get() == 0) {
      throw new IllegalArgumentException("an id of a trace is zero");
    }
  }

  /** A trace that begins here, with an id of 128 bits. */
  public static Trace start(Sampling sampling, LongSupplier random) {
    long span = nonZero(random);
    return new Trace(nonZero(random), span, span, Optional.empty(), sampling, false);
  }

  /** A part of the work that this one causes. */
  public Trace child(LongSupplier random) {
    return new Trace(high, low, nonZero(random), Optional.of(span), sampling, debug);
  }

  /** The same with a decision, if there is none yet. */
  public Trace decided(boolean sampled) {
    return sampling != Sampling.UNDECIDED
        ? this
        : new Trace(high, low, span, parent, sampled ? Sampling.YES : Sampling.NO, debug);
  }

  private static long nonZero(LongSupplier random) {
    for (; ; ) {
      long number = random.getAsLong();
      if (number != 0) {
        return number;
      }
    }
  }

  /** Whether this is to be recorded. */
  public boolean isRecorded() {
    return debug || sampling == Sampling.YES;
  }

  /** The id of the trace: 16 digits, or 32 if it has more than 64 bits. */
  public String traceId() {
    return high == 0 ? text(low) : text(high) + text(low);
  }

  /** The id of this part: 16 digits. */
  public String spanId() {
    return text(span);
  }

  private static String text(long id) {
    return HexFormat.of().toHexDigits(id);
  }

  /** The trace of the current context. */
  public static Optional<Trace> current() {
    return KEY.current();
  }

  /** Both ids, for people. */
  @Override
  public String toString() {
    return traceId() + "/" + spanId();
  }
}

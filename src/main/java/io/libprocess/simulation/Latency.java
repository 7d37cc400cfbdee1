package io.libprocess.simulation;

import io.libprocess.internal.Saturating;
import io.libprocess.simulation.network.LatencySource;
import java.time.Duration;
import java.util.List;

/** How long bytes are on their way between two hosts. Immutable. */
public final class Latency {

  private static final int TAIL_IN = 1000; // One in so many is in the long tail.

  private final String shape;
  private final long least;
  private final long other;

  private Latency(String shape, long least, long other) {
    if (least < 0 || other < 0) {
      throw new IllegalArgumentException("a latency must not be negative: " + shape);
    }
    this.shape = shape;
    this.least = least;
    this.other = other;
  }

  /** Always the same. */
  public static Latency fixed(Duration latency) {
    return new Latency("fixed", Saturating.nanos(latency), 0);
  }

  /** Anything from one duration to another, with the same probability. */
  public static Latency uniform(Duration least, Duration most) {
    long from = Saturating.nanos(least);
    return new Latency("uniform", from, Math.max(from, Saturating.nanos(most)));
  }

  /** At least one duration, and more by an exponentially distributed one with a mean. */
  public static Latency exponential(Duration least, Duration mean) {
    return new Latency("exponential", Saturating.nanos(least), Saturating.nanos(mean));
  }

  /** From 0.1 to 0.8 ms mostly, and up to 100 ms once in a thousand times. */
  public static Latency longTail() {
    return new Latency("longTail", 100_000, 100_000_000);
  }

  LatencySource source() {
    return switch (shape) {
      case "fixed" -> draws -> least;
      case "uniform" -> draws -> draws.between(least, other);
      case "exponential" -> draws -> least + (long) draws.exponential(other);
      default ->
          draws ->
              draws.below(TAIL_IN) == 0
                  ? draws.between(800_000, other)
                  : draws.between(least, 800_000);
    };
  }

  /** As {@link #toString} has it. */
  static Latency parse(List<String> words) {
    return new Latency(words.get(0), Long.parseLong(words.get(1)), Long.parseLong(words.get(2)));
  }

  /** The shape and its two parameters in nanoseconds. */
  @Override
  public String toString() {
    return shape + " " + least + " " + other;
  }
}

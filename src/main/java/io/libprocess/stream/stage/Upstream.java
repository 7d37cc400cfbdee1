package io.libprocess.stream.stage;

/**
 * The side of a stage that is asked for elements. Both methods may be called from any thread and at
 * any time after {@link Downstream#begin} has begun, even inside a signal, and even after the end,
 * when they do nothing. A request inside {@link Downstream#next} does not lead to a nested {@code
 * next}: the emitting loop serves it afterwards.
 */
public interface Upstream {

  /** The request of a consumer that accepts any number of elements. */
  long UNBOUNDED = Long.MAX_VALUE;

  /**
   * Requests more elements. Requests add up; a larger sum counts as {@link #UNBOUNDED}. Zero or
   * less fails the stage, and those below it, with an {@link IllegalArgumentException}.
   */
  void request(long count);

  /**
   * Says that no more elements are wanted, and no end either.
   *
   * @param cause the failure below; null if nothing has failed. It reaches the source unchanged.
   */
  void cancel(Throwable cause);
}

package io.libprocess.stream.stage;

/**
 * The side of a stage that is asked for elements. Both methods may be called from any thread and at
 * any time after {@link Downstream#begin} has begun, also inside a signal and also after the end,
 * when they do nothing. A request inside {@link Downstream#next} does not lead to a {@code next}
 * inside that one: the loop that emits goes on with it.
 */
public interface Upstream {

  /** The request of those who take whatever comes. */
  long UNBOUNDED = Long.MAX_VALUE;

  /**
   * Asks for more elements. Requests add up; a sum that exceeds {@link #UNBOUNDED} is that. Zero or
   * less fails the stage, and those below it, with an {@link IllegalArgumentException}.
   */
  void request(long count);

  /**
   * Says that no more elements are wanted, and no end either.
   *
   * @param cause what has failed below; null if nothing has. It gets to the source unchanged.
   */
  void cancel(Throwable cause);
}

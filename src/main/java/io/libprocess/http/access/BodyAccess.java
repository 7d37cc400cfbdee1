package io.libprocess.http.access;

import io.libprocess.internal.MemoryBudget;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.Pipe;

/**
 * Makes streamed bodies that know the memory budget they draw on when they are collected, and tells
 * which that is.
 *
 * @param <S> the body
 */
public interface BodyAccess<S> {

  /**
   * Makes a body whose collection draws on a budget.
   *
   * @param whenWanted runs each time the reader is asked for, and when a stream of the body is
   *     first asked for bytes
   * @param whenCancelled runs when a stream of the body is cancelled before its end
   * @param memory the share of the budget; null if memory is not counted
   */
  S streamed(
      Pipe.Reader<Chunk> reader,
      Runnable whenWanted,
      Runnable whenCancelled,
      MemoryBudget.Share memory);

  /** The share of the budget on which a body draws; null if memory is not counted. */
  MemoryBudget.Share memory(S body);
}

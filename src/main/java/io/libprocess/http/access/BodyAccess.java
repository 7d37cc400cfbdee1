package io.libprocess.http.access;

import io.libprocess.internal.MemoryBudget;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.Pipe;

/**
 * Makes streamed bodies that know which memory holds them if they are collected.
 *
 * @param <S> the body
 */
@FunctionalInterface
public interface BodyAccess<S> {

  /**
   * A body whose collecting is to draw on a budget.
   *
   * @param whenWanted run each time when somebody asks for the reader, and when a stream of it is
   *     first asked for bytes
   * @param whenCancelled run when a stream of it is cancelled before its end
   * @param memory null if nobody counts
   */
  S streamed(
      Pipe.Reader<Chunk> reader,
      Runnable whenWanted,
      Runnable whenCancelled,
      MemoryBudget.Share memory);
}

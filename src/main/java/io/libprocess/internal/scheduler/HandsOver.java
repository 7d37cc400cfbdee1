package io.libprocess.internal.scheduler;

/**
 * A thread of the runtime that holds work for others. Before it blocks it hands that work to
 * another thread: {@link ThreadContext#beforeBlocking}.
 */
public interface HandsOver {

  /** Called on this thread when it is about to block, any number of times. */
  void handOver();
}

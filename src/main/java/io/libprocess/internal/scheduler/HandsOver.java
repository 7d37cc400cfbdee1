package io.libprocess.internal.scheduler;

/**
 * A thread of the runtime on whose work others wait. Before it blocks it hands that work to another
 * thread: {@link ThreadContext#beforeBlocking}.
 */
public interface HandsOver {

  /** Called on this thread when it is about to block; it may be called any number of times. */
  void handOver();
}

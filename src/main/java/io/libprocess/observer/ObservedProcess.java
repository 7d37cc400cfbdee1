package io.libprocess.observer;

import io.libprocess.internal.scheduler.Running;

/**
 * A process as its observer sees it from another thread. What is said of a process that runs at the
 * same time may be behind by some events.
 */
public interface ObservedProcess {

  /** Its id. */
  String id();

  /** Its class. */
  Class<?> type();

  /** How many events have been served, modulo 2^32. */
  int servedEvents();

  /**
   * How many events wait.
   *
   * @param running what was seen of the thread that runs it; null if none does
   * @param limit how far to count
   */
  int depth(Running running, int limit);
}

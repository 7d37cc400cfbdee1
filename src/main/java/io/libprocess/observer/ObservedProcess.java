package io.libprocess.observer;

import io.libprocess.internal.scheduler.Running;

/**
 * A process as seen by its observer from another thread. For a process that is running at the same
 * time, the values may be behind by some events.
 */
public interface ObservedProcess {

  /** Its id. */
  String id();

  /** Its class. */
  Class<?> type();

  /** The number of events served, modulo 2^32. */
  int servedEvents();

  /**
   * The number of waiting events.
   *
   * @param running the observed thread that runs it; null if none does
   * @param limit how far to count
   */
  int depth(Running running, int limit);
}

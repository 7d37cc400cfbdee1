package io.libprocess.internal;

/** A task that is notified if the process that should run it drops it instead. */
public interface Droppable extends Runnable {

  /** Called by the dropping thread: the task will not run. */
  void dropped();
}

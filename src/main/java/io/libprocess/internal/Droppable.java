package io.libprocess.internal;

/** A task that wants to know if the process that should run it drops it instead. */
public interface Droppable extends Runnable {

  /** It was dropped, by the calling thread, and will not run. */
  void dropped();
}

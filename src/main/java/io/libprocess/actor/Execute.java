package io.libprocess.actor;

import io.libprocess.future.CheckedConsumer;
import io.libprocess.internal.Droppable;

/** A task for a process used as an executor. */
public final class Execute extends Event {

  private final Runnable task;

  /** Makes the event for a task. */
  public Execute(Runnable task) {
    this.task = task;
  }

  @Override
  void serve(Object process) {
    task.run();
  }

  @Override
  void drop() {
    if (task instanceof Droppable droppable) {
      droppable.dropped();
    } else if (task instanceof java.util.concurrent.Future<?> future) {
      future.cancel(false); // Otherwise it would never be done.
    }
  }

  @Override
  boolean isForSuccessor() {
    return true;
  }

  @Override
  boolean refuse(ProcessCell cell, int limit) {
    return !(task instanceof Droppable); // The caller gets an exception.
  }

  @Override
  <V> V view(ProcessCell cell, EventViewer<V> viewer) {
    CheckedConsumer<Object> wrapped = target -> task.run();
    return viewer.dispatch(cell.pid(), wrapped);
  }
}

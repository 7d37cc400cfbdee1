package io.libprocess.actor;

import io.libprocess.future.CheckedConsumer;

/** A one-way function that runs in a process. */
public final class Dispatch extends Event {

  private final CheckedConsumer<?> action;

  /** Makes the event for an action on the process. */
  public Dispatch(CheckedConsumer<?> action) {
    this.action = action;
  }

  @Override
  @SuppressWarnings("unchecked") // The PID's type guarantees that the process has this type.
  void serve(Object process) throws Exception {
    ((CheckedConsumer<Object>) action).accept(process);
  }

  @Override
  boolean isForSuccessor() {
    return true;
  }

  @Override
  <V> V view(ProcessCell cell, EventViewer<V> viewer) {
    return viewer.dispatch(cell.pid(), action);
  }
}

package io.libprocess.actor;

import io.libprocess.UPID;

/** An event that came to the cell of an ended process, in the mailbox of the next one. */
final class PassedOn extends Event {

  private final Event event;

  PassedOn(Event event) {
    this.event = event;
  }

  @Override
  void serve(Object process) throws Exception {
    event.serve(process);
  }

  @Override
  void drop() {
    event.drop();
  }

  @Override
  <V> V view(ProcessCell cell, EventViewer<V> viewer) {
    return event.view(cell, viewer);
  }

  @Override
  boolean refuse(UPID process, int limit) {
    return event.refuse(process, limit);
  }
}

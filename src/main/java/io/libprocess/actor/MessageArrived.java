package io.libprocess.actor;

import io.libprocess.Message;

/** A message for a process. */
class MessageArrived extends Event {

  private final Message message;

  MessageArrived(Message message) {
    this.message = message;
  }

  final Message message() {
    return message;
  }

  @Override
  void serve(Object process) throws Exception {
    ProcessAccess.get().received(process, message);
  }

  @Override
  final <V> V view(ProcessCell cell, EventViewer<V> viewer) {
    return viewer.message(cell.pid(), message);
  }
}

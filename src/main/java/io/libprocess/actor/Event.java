package io.libprocess.actor;

import io.libprocess.UPID;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** Something in the mailbox of a process: at the same time the element of the mailbox's list. */
public abstract class Event {

  private static final VarHandle NEXT;

  static {
    try {
      NEXT = MethodHandles.lookup().findVarHandle(Event.class, "next", Event.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private Event next; // See Mailbox.

  final Event next() {
    return (Event) NEXT.getAcquire(this);
  }

  final void link(Event later) {
    NEXT.setRelease(this, later);
  }

  /**
   * Serves the event in the process.
   *
   * @throws Exception to end the process
   */
  abstract void serve(Object process) throws Exception;

  /** Releases whoever waits for an event that will not be served. */
  void drop() {}

  /**
   * Whether an event that came to the cell of an ended process is for the next one with the same
   * id. Not what was sent to the id in the first place, and not what was passed on before: the
   * sender's next event finds the new process at once, and would overtake it.
   */
  boolean isForSuccessor() {
    return false;
  }

  /** Whether the event comes from the runtime and goes into a full mailbox too. */
  boolean isControl() {
    return false;
  }

  /** Tells the sender that the mailbox is full, instead of dropping; false if nobody is to tell. */
  boolean refuse(UPID process, int limit) {
    return false;
  }

  /** What a thread sees of it that does not own the process; null if it is the runtime's own. */
  <V> V peek(ProcessCell cell, EventViewer<V> viewer) {
    return view(cell, viewer);
  }

  /** What filters and the process itself see of it; null if they must not see it. */
  <V> V view(ProcessCell cell, EventViewer<V> viewer) {
    return null;
  }
}

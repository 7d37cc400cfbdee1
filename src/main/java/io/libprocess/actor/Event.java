package io.libprocess.actor;

import io.libprocess.internal.ContextSlot;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** An event in the mailbox of a process, which is also the element of the mailbox's list. */
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

  /** Releases everything that waits for the event, which will not be served. */
  void drop() {}

  /**
   * Whether an event that came to the cell of an ended process is for the next one with the same
   * id. False for an event that was sent to the id rather than to the process, or that was passed
   * on before: the sender's next event finds the new process at once, and would overtake it.
   */
  boolean isForSuccessor() {
    return false;
  }

  /** Whether the event comes from the runtime and is admitted even to a full mailbox. */
  boolean isControl() {
    return false;
  }

  /**
   * Tells the sender that the mailbox is full, instead of being dropped; false if no sender can be
   * told.
   */
  boolean refuse(ProcessCell cell, int limit) {
    return false;
  }

  /**
   * The view for a thread that does not own the process; null if the event is the runtime's own.
   */
  <V> V peek(ProcessCell cell, EventViewer<V> viewer) {
    return view(cell, viewer);
  }

  /** The view for filters and the process itself; null if they must not see the event. */
  <V> V view(ProcessCell cell, EventViewer<V> viewer) {
    return null;
  }

  /**
   * An envelope that takes the place of an event in a mailbox; the event itself may be in another
   * one. It behaves like the event, but is not passed on to a successor unless a subclass says so.
   */
  static class Envelope extends Event {

    private final Event content;

    Envelope(Event content) {
      this.content = content;
    }

    final Event content() {
      return content;
    }

    @Override
    void serve(Object process) throws Exception {
      content.serve(process);
    }

    @Override
    void drop() {
      content.drop();
    }

    @Override
    boolean refuse(ProcessCell cell, int limit) {
      return content.refuse(cell, limit);
    }

    @Override
    <V> V peek(ProcessCell cell, EventViewer<V> viewer) {
      return content.peek(cell, viewer);
    }

    @Override
    <V> V view(ProcessCell cell, EventViewer<V> viewer) {
      return content.view(cell, viewer);
    }
  }

  /** An event that is served in the context of its sender. */
  static final class InContext extends Envelope {

    private final Object context;

    private InContext(Event event, Object context) {
      super(event);
      this.context = context;
    }

    /** An event that is about to be queued, wrapped if the sender has a context. */
    static Event of(Event event) {
      Object context = event.isControl() ? null : ContextSlot.get();
      return context == null ? event : new InContext(event, context);
    }

    @Override
    void serve(Object process) throws Exception {
      Object outer = ContextSlot.enter(context);
      try {
        super.serve(process);
      } finally {
        ContextSlot.exit(outer);
      }
    }

    @Override
    boolean isForSuccessor() {
      return content().isForSuccessor();
    }
  }
}

package io.libprocess.actor;

import io.libprocess.internal.scheduler.RunLoop;
import io.libprocess.internal.scheduler.Task;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * The mailbox of a process: a task with events to serve.
 *
 * <h2>Protocol</h2>
 *
 * <p>The mailbox is a linked list of events with many producers and one consumer, and its last
 * element also says whether the process is scheduled:
 *
 * <ul>
 *   <li>A producer swaps itself in as {@link #tail}. If there was an element before, it links that
 *       one to its own: the process is scheduled already. If there was none the process was idle,
 *       and the producer, which now owns it, makes its event the {@link #head} and the task ready.
 *   <li>The owner serves events from the head on. The event served last stays the tail until the
 *       owner replaces it by null, which makes the process idle again. If that fails a producer has
 *       swapped and is about to link: the owner waits for the link.
 * </ul>
 *
 * <p>A new process starts with the event that initializes it in the mailbox, and is scheduled when
 * it is spawned; what it is sent before queues up behind that event.
 *
 * <p>So there is at most one owner, an idle process has no element, no event is served twice or
 * left behind, and one hand-over costs one swap on either side. {@link #head} and the process
 * itself belong to the owner; scheduling passes them on.
 *
 * <p>This is Vyukov's queue with many producers and one consumer, intrusive, with the state "idle"
 * in place of its stub node. Memory order: the swap is volatile, so what a producer has written
 * before is seen by whoever swaps next and by the owner; the link is released, and acquired by the
 * owner, since that is all that leads to the event; {@link #head} is plain, because the scheduler
 * hands the task from one owner to the next.
 *
 * <p>Nothing may fail between the swap and what follows from it, or the mailbox would wait for a
 * link or a run that never comes. None of it allocates, and callers make sure of the stack
 * beforehand.
 */
abstract class Mailbox extends Task {

  /** How often to look for an event whose sender is about to link it before giving way to it. */
  private static final int SPINS = 64;

  private static final long serialVersionUID = 1L;

  // Unlike a variable handle it does nothing behind the swap that could fail for want of stack.
  private static final AtomicReferenceFieldUpdater<Mailbox, Event> TAIL =
      AtomicReferenceFieldUpdater.newUpdater(Mailbox.class, Event.class, "tail");

  private static final VarHandle HEAD;

  static {
    try {
      HEAD = MethodHandles.lookup().findVarHandle(Mailbox.class, "head", Event.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private transient volatile Event tail;
  private transient Event head;
  private transient int served; // Owner only, but read by any: how many events, modulo 2^32.

  /**
   * A mailbox with the event that initializes the process, owned by whoever schedules that first.
   */
  Mailbox() {
    head = new Control.Initialize();
    tail = head;
  }

  /** Whether nothing is queued or being served. */
  final boolean isEmpty() {
    return tail == null;
  }

  /** Queues an event; whether the caller owns the process from now on, and has to see to it. */
  final boolean put(Event event) {
    Event before = TAIL.getAndSet(this, event);
    if (before != null) {
      before.link(event);
      return false;
    }
    head = event;
    return true;
  }

  /** The first event to serve; null if there is none. For the owner. */
  final Event head() {
    return head;
  }

  /** Goes on with an event at the next run. For the owner, in a run loop. */
  final void putOff(Event event, RunLoop loop) {
    served += (int) loop.servedSinceMark();
    head = event;
  }

  /**
   * How many events have been served, modulo 2^32 and perhaps without those of the run in progress.
   * Any thread may ask.
   */
  final int served() {
    return served;
  }

  /**
   * The event behind a served one; null if there is none and the process is idle from now on.
   *
   * @param loop that of {@link #run}; null elsewhere
   */
  final Event after(Event event, RunLoop loop) {
    Event next = event.next();
    if (next == null) {
      head = null;
      if (loop != null) {
        served += (int) loop.servedSinceMark();
      }
      if (TAIL.compareAndSet(this, event, null)) {
        return null;
      }
      next = linked(event);
      head = next;
      if (loop != null) {
        loop.mark();
      }
    }
    return next;
  }

  /** The event behind another, whose sender may be about to link it. */
  private static Event linked(Event event) {
    Event next = event.next();
    for (int spins = 0; next == null; spins++) {
      if (spins < SPINS) {
        Thread.onSpinWait();
      } else {
        Thread.yield(); // The sender may wait for this very core.
      }
      next = event.next();
    }
    return next;
  }

  /**
   * Shows the events behind the one being served. What was sent before the call is among them, even
   * if the link to it is yet to come. For the owner.
   *
   * @param served how many events have been served since the head was
   */
  final void forEachWaiting(long served, Consumer<Event> look) {
    Event last = tail; // Not null while an event is served.
    Event event = head;
    for (long left = served; left > 0; left--) {
      event = event.next();
    }
    while (event != last) {
      event = linked(event);
      look.accept(event);
    }
  }

  /**
   * Shows the events from the head on to a thread that does not own the process. The owner may go
   * on meanwhile: then the thread sees some that have been served, or not all that wait.
   *
   * <p>The head is read before the tail. So what led to the head has happened before, and all
   * events up to that tail have been made before.
   *
   * @param look shown an event, says whether it wants another one
   */
  final void peek(Predicate<Event> look) {
    Event event = (Event) HEAD.getAcquire(this);
    Event last = tail;
    if (last == null) {
      return;
    }
    while (event != null && look.test(event) && event != last) {
      event = event.next();
    }
  }

  /**
   * Shows the events from the head on, also some that were served before. For those who do not own
   * the process, when nobody seems to: it may miss some if the owner goes on at the same time.
   */
  final void forEach(Consumer<Event> look) {
    Event last = tail;
    for (Event event = head; event != null; event = event == last ? null : event.next()) {
      look.accept(event);
    }
  }
}

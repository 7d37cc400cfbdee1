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
 *       one to its own: the process is already scheduled. If there was none, the process was idle,
 *       and the producer, which now owns it, makes its event the {@link #head} and the task ready.
 *   <li>The owner serves events from the head on. The event served last stays the tail until the
 *       owner replaces it by null, which makes the process idle again. If that fails, a producer
 *       has swapped and is about to link: the owner waits for the link.
 * </ul>
 *
 * <p>A new process starts with the event that initializes it in the mailbox, and is scheduled when
 * it is spawned; events sent to it before queue up behind that event.
 *
 * <p>So there is at most one owner, an idle process has no element, no event is served twice or
 * left behind, and one hand-over costs one swap on either side. {@link #head} and the process
 * itself belong to the owner; scheduling passes them on.
 *
 * <p>This is Vyukov's queue with many producers and one consumer, intrusive, with the state "idle"
 * in place of its stub node. Memory order: the swap is volatile, so a producer's earlier writes are
 * seen by the next thread that swaps and by the owner; the link is written with release and read by
 * the owner with acquire, since it is the only way to the event; {@link #head} is plain, because
 * the scheduler hands the task from one owner to the next.
 *
 * <p>Nothing may fail between the swap and the steps that depend on it, or the mailbox would wait
 * for a link or a run that never comes. None of them allocates, and callers check the stack
 * beforehand.
 */
abstract class Mailbox extends Task {

  /**
   * How often to look for an event whose sender is about to link it before yielding to the sender.
   */
  private static final int SPINS = 64;

  private static final long serialVersionUID = 1L;

  // Unlike a variable handle, it does nothing after the swap that could fail for lack of stack.
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
  // Only for the owner, but read by any thread: the number of events, modulo 2^32.
  private transient int served;

  /**
   * Makes a mailbox with the event that initializes the process, owned by the thread that first
   * schedules it.
   */
  Mailbox() {
    head = new Control.Initialize();
    tail = head;
  }

  /** Whether nothing is queued or being served. */
  final boolean isEmpty() {
    return tail == null;
  }

  /**
   * Queues an event, and tells whether the caller now owns the process, which it must then
   * schedule.
   */
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

  /** Continues with an event in the next run. For the owner, in a run loop. */
  final void putOff(Event event, RunLoop loop) {
    served += (int) loop.servedSinceMark();
    head = event;
  }

  /**
   * The number of events served, modulo 2^32 and perhaps without those of the run in progress. Any
   * thread may call this.
   */
  public final int servedEvents() {
    return served;
  }

  /**
   * The event after a served one; null if there is none and the process is now idle.
   *
   * @param loop the loop of {@link #run}; null elsewhere
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

  /** The event after another one, whose sender may be about to link it. */
  private static Event linked(Event event) {
    Event next = event.next();
    for (int spins = 0; next == null; spins++) {
      if (spins < SPINS) {
        Thread.onSpinWait();
      } else {
        Thread.yield(); // The sender may be waiting for this very core.
      }
      next = event.next();
    }
    return next;
  }

  /**
   * Shows the events after the one being served. Those sent before the call are among them, even if
   * the link to them is still missing. For the owner.
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
   * on meanwhile: the thread then sees some events that have been served, or misses some that wait.
   *
   * <p>The head is read before the tail. So everything that led to the head has happened before,
   * and all events up to that tail have been made before.
   *
   * @param look receives an event, and tells whether it wants another one
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
   * Shows the events from the head on, including some that were served before. For threads that do
   * not own the process, when it seems to have no owner: some events may be missed if the owner
   * goes on at the same time.
   */
  final void forEach(Consumer<Event> look) {
    Event last = tail;
    for (Event event = head; event != null; event = event == last ? null : event.next()) {
      look.accept(event);
    }
  }
}

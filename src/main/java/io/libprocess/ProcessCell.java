package io.libprocess;

import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.internal.Task;
import io.libprocess.internal.Turn;
import java.lang.System.Logger.Level;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The part of a process that the runtime keeps: its mailbox and its life cycle.
 *
 * <h2>Protocol of the mailbox</h2>
 *
 * <p>The mailbox is a linked list of events with many producers and one consumer, and its last
 * element also says whether the process is scheduled:
 *
 * <ul>
 *   <li>A producer swaps itself in as {@link #tail}. If there was an element before, it links that
 *       one to its own: the process is scheduled already. If there was none the process was idle,
 *       and the producer, who now owns it, makes its event the {@link #head} and the task ready.
 *   <li>The owner serves events from the head on. The event served last stays the tail until the
 *       owner replaces it by null, which makes the process idle again. If that fails a producer has
 *       swapped and is about to link: the owner waits for the link.
 * </ul>
 *
 * <p>A new process starts with the event that initializes it in the mailbox, and is scheduled when
 * it is spawned; what it is sent before queues up behind that event.
 *
 * <p>So there is at most one owner, an idle process has no element, no event is served twice or
 * left behind, and one hand-over costs one swap on either side. {@link #head}, {@link #ending} and
 * the process itself belong to the owner; scheduling passes them on.
 *
 * <p>The cell of an ended process works in the same way, but drops what it is sent, or sends it on
 * to a new process with the same id.
 */
final class ProcessCell extends Task {

  /** Events that one turn serves before others get their chance. */
  private static final int BATCH = 1024;

  private static final long serialVersionUID = 1L;
  private static final System.Logger LOGGER = System.getLogger("io.libprocess");
  private static final VarHandle TAIL;
  private static final VarHandle ENDED;
  private static final VarHandle PHASE;

  private static final int NEW = 0; // Not spawned; what it is sent waits for that.
  private static final int LIVE = 1;
  private static final int GONE = 2;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      TAIL = lookup.findVarHandle(ProcessCell.class, "tail", Event.class);
      PHASE = lookup.findVarHandle(ProcessCell.class, "phase", int.class);
      ENDED = lookup.findVarHandle(ProcessCell.class, "ended", Promise.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final transient Node node;
  private final transient PID<?> pid;

  private transient volatile Event tail;
  private transient Event head;
  private transient Process<?> process; // Let go at the end.
  private final transient Class<?> type;
  private transient Exit ending; // Set while what is left in the mailbox is dropped.
  private transient volatile int phase;
  private transient volatile Promise<Exit> ended; // Made when first asked for.

  ProcessCell(Node node, Process<?> process) {
    this.node = node;
    this.process = process;
    this.type = process.getClass();
    this.pid = new PID<>(process.id(), this);
    this.head = new Event.Initialize();
    this.tail = head;
  }

  Node node() {
    return node;
  }

  PID<?> pid() {
    return pid;
  }

  boolean isLive() {
    return phase == LIVE;
  }

  /** Whether nothing is queued or being served, or it has yet to be spawned. */
  boolean isIdle() {
    return tail == null || phase == NEW;
  }

  /** Makes the process live, once; {@link #start} or {@link #takeBack} must follow. */
  boolean open() {
    return PHASE.compareAndSet(this, NEW, LIVE);
  }

  void takeBack() {
    phase = NEW;
  }

  /** Schedules the process for the first time. */
  void start() {
    node.scheduler().ready(this);
  }

  void enqueue(Event event) {
    Event before = (Event) TAIL.getAndSet(this, event);
    if (before != null) {
      before.link(event);
      return;
    }
    head = event;
    if (phase == LIVE) {
      node.scheduler().ready(this);
    } else {
      passOn();
    }
  }

  /**
   * Asks the process to end.
   *
   * @param inject whether to throw away what is queued before
   */
  void terminate(boolean inject) {
    Process<?> target = process;
    if (inject && target != null) {
      target.purged = true;
    }
    enqueue(new Event.Terminate());
  }

  /** How the process ended: pending while it has not. */
  Future<Exit> ended() {
    Promise<Exit> promise = ended;
    if (promise == null) {
      Promise<Exit> made = new Promise<>();
      promise = (Promise<Exit>) ENDED.compareAndExchange(this, null, made);
      promise = promise == null ? made : promise;
    }
    return promise.future();
  }

  @Override
  protected void run(Turn turn) {
    turn.context(this);
    Event event = head;
    Exit exit = null;
    for (int left = BATCH; event != null; ) {
      serve(event);
      turn.eventServed();
      exit = ending; // Once idle, the fields may be the next owner's.
      event = after(event);
      if (event != null && (--left == 0 || turn.isExpired())) {
        head = event;
        turn.context(null);
        turn.scheduler().yield(this);
        return;
      }
    }
    turn.context(null);
    if (exit != null) {
      node.ended(this, exit);
      ended();
      ended.set(exit);
    }
  }

  /** The event behind a served one; null if there is none and the process is idle from now on. */
  private Event after(Event event) {
    Event next = event.next();
    if (next == null) {
      head = null;
      if (TAIL.compareAndSet(this, event, null)) {
        return null;
      }
      while ((next = event.next()) == null) {
        Thread.onSpinWait();
      }
    }
    return next;
  }

  private void serve(Event event) {
    Process<?> running = process;
    if (phase != LIVE) {
      event.drop();
    } else if (event instanceof Event.Terminate) {
      end(running, Exit.TERMINATED);
    } else if (running.purged && !(event instanceof Event.Initialize)) {
      event.drop();
    } else {
      try {
        event.serve(running);
      } catch (Throwable thrown) {
        LOGGER.log(Level.ERROR, "Process " + pid + " ends because it threw", thrown);
        end(running, Exit.failed(thrown));
      }
    }
  }

  private void end(Process<?> running, Exit exit) {
    try {
      running.finish();
    } catch (Throwable thrown) {
      LOGGER.log(Level.ERROR, "Process " + pid + " threw while it ended", thrown);
    }
    phase = GONE;
    process = null;
    node.unregister(this);
    ending = exit;
  }

  /** Sends what reached this ended cell on to a process with the same id, or drops it. */
  private void passOn() {
    Event event = head;
    while (event != null) {
      Event next = after(event);
      ProcessCell successor = node.successor(this);
      if (successor == null) {
        event.drop();
      } else {
        event.link(null);
        successor.enqueue(event);
      }
      event = next;
    }
  }

  /** Whether functions for this cell's process can be given another one. */
  boolean accepts(ProcessCell successor) {
    Process<?> next = successor.process;
    return next != null && type.isInstance(next);
  }
}

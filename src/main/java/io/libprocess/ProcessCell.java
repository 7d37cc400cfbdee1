package io.libprocess;

import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.internal.Log;
import io.libprocess.internal.PauseFlag;
import io.libprocess.internal.RunLoop;
import io.libprocess.internal.Task;
import io.libprocess.remote.LinkEnd;
import io.libprocess.remote.LocalProcess;
import io.libprocess.remote.ProcessName;
import io.libprocess.time.Clock;
import io.libprocess.web.PendingRequest;
import io.libprocess.web.Receiver;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;

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
 * left behind, and one hand-over costs one swap on either side. {@link #head} and the process
 * itself belong to the owner; scheduling passes them on.
 *
 * <h2>The end</h2>
 *
 * <p>When a process ends it becomes {@link #GONE} and queues one last event of its own. What is in
 * front of that is dropped, while the id is still taken. Serving the last event frees the id
 * ({@link #NAMELESS}), tells the linkers, and releases who waits for the end, in this order. From
 * then on the cell passes what it is sent on to a new process with the same id, or drops it if
 * there is none. It does so as everything else, with one owner, so what one thread sends keeps its
 * order on this way too.
 */
class ProcessCell extends Task implements LocalProcess, Receiver {

  /** Events that one turn serves before others get their chance. */
  private static final int BATCH = 1024;

  /** How often to look for an event whose sender is about to link it before giving way to it. */
  private static final int SPINS = 64;

  private static final long serialVersionUID = 1L;
  private static final VarHandle TAIL;
  private static final VarHandle ENDED;
  private static final VarHandle PHASE;

  private static final int NEW = 0; // Not spawned; what it is sent waits for that.
  private static final int LIVE = 1;
  private static final int GONE = 2; // Never live again.
  private static final int NAMELESS = 3; // Gone, and another process may have the id.

  private static final Promise<Exit> TERMINATED = new Promise<>(); // For all whom nobody awaits.

  static {
    TERMINATED.set(Exit.TERMINATED);
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
  private final transient PID<?> pid; // Written last: whoever has the PID sees the rest.

  private transient volatile Event tail;
  private transient Event head;
  private transient Object process; // The process, and once that is gone, its class.
  private transient volatile int phase;
  private transient volatile Promise<Exit> ended; // Made when first asked for.

  ProcessCell(Node node, Object idOrNumber, Process<?> process) {
    this.node = node;
    this.process = process;
    this.head = new Event.Initialize();
    this.tail = head;
    this.pid = new PID<>(idOrNumber, this);
    if (PauseFlag.isSet()) {
      node.clock().reset(pid, node.clock().now());
    }
  }

  final Node node() {
    return node;
  }

  final PID<?> pid() {
    return pid;
  }

  @Override
  public final boolean isLive() {
    return phase == LIVE;
  }

  @Override
  public final boolean isNamed() {
    return pid.key() instanceof String;
  }

  @Override
  public final ProcessName name() {
    return Messages.nameOf(pid);
  }

  @Override
  public final void linkEnded(ProcessName ended, LinkEnd end) {
    enqueue(new Event.Exited(new UPID(ended.id(), ended.address()), Messages.exit(end)));
  }

  final boolean isGone() {
    return phase >= GONE;
  }

  /** Whether the process has given its id back. */
  final boolean isNameless() {
    return phase == NAMELESS;
  }

  /** Gives the id of the ended process back. */
  final void freeId() {
    phase = NAMELESS;
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

  /** Whether the filters are asked about events, from now on, while the process lives. */
  void filtered(boolean filtered) {
    if (process instanceof Process<?> target) {
      target.attend(Process.FILTERED, filtered);
    }
  }

  /** How many events may wait. */
  int limit() {
    return Integer.MAX_VALUE;
  }

  @Override
  public final String id() {
    return pid.id();
  }

  @Override
  public final int mostWaiting() {
    return limit();
  }

  @Override
  public final void receive(PendingRequest request) {
    enqueue(new Event.HttpRequested(request));
  }

  @Override
  public final void later(Runnable step) {
    enqueue(new Event.Continued(step));
  }

  /** Told of an event of a bounded cell that is about to be served or dropped. */
  void taken(Event event) {}

  /** Schedules the process for the first time. */
  void start() {
    if (PauseFlag.isSet()) {
      followCaller();
    }
    node.scheduler().ready(this);
  }

  void enqueue(Event event) {
    if (PauseFlag.isSet()) {
      followCaller();
    }
    Event before = (Event) TAIL.getAndSet(this, event);
    if (before != null) {
      before.link(event);
      return;
    }
    head = event;
    if (phase == LIVE) {
      node.scheduler().ready(this);
    } else {
      passAllOn();
    }
  }

  /** While time is paused, the process is never behind whoever sends it something. */
  private void followCaller() {
    Clock clock = node.clock();
    if (clock.isPaused()) {
      clock.update(pid, clock.now());
    }
  }

  /**
   * Asks the process to end.
   *
   * @param inject whether to throw away what is queued before
   */
  void terminate(boolean inject) {
    if (inject && process instanceof Process<?> target) {
      target.attend(Process.PURGED, true);
    }
    enqueue(new Event.Terminate());
  }

  /** Refuses a thread that runs the process to wait for its end. */
  final void checkIsNotCurrent() {
    RunLoop turn = RunLoop.current();
    if (turn != null && turn.context() == pid) {
      throw new IllegalStateException(pid + " would wait for itself");
    }
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
  protected void run(RunLoop turn) {
    turn.context(pid);
    turn.mark();
    Event event = head;
    // What is read for each event is not in this object: its line is where senders write.
    Process<?> running = phase == LIVE ? (Process<?>) process : null;
    for (int left = BATCH; event != null; ) {
      if (running == null) {
        passOn(event);
      } else if (!serve(event, running)) {
        running = null;
      }
      turn.eventServed();
      event = after(event, turn);
      if (event != null && (--left == 0 || turn.isExpired())) {
        head = event;
        turn.context(null);
        turn.scheduler().yield(this);
        return;
      }
    }
    turn.context(null);
    if (isNameless()) {
      node.processes().forget(this);
    }
  }

  /** The scheduler is closed: ends the process without serving what is left. */
  @Override
  protected void dropped() {
    if (phase == LIVE) {
      leave(Exit.TERMINATED);
    }
    passAllOn();
    node.processes().forget(this);
  }

  /**
   * What waits behind the event being served, as filters would see it.
   *
   * @throws IllegalStateException if called elsewhere than in the process
   */
  List<EventView> waitingEvents() {
    RunLoop turn = RunLoop.current();
    if (turn == null || turn.context() != pid) {
      throw new IllegalStateException("only " + pid + " itself can see what waits for it");
    }
    Event event = head; // Where the turn began to count.
    for (long served = turn.servedSinceMark(); served > 0; served--) {
      event = event.next();
    }
    List<EventView> views = new ArrayList<>();
    while ((event = event.next()) != null) {
      EventView view = event.view(pid);
      if (view != null) {
        views.add(view);
      }
    }
    return views;
  }

  /**
   * The event behind a served one; null if there is none and the process is idle from now on.
   *
   * @param turn that of {@link #run}; null elsewhere
   */
  private Event after(Event event, RunLoop turn) {
    Event next = event.next();
    if (next == null) {
      head = null;
      if (TAIL.compareAndSet(this, event, null)) {
        return null;
      }
      for (int spins = 0; (next = event.next()) == null; spins++) {
        if (spins < SPINS) {
          Thread.onSpinWait();
        } else {
          Thread.yield(); // The sender may wait for this very core.
        }
      }
      head = next;
      if (turn != null) {
        turn.mark();
      }
    }
    return next;
  }

  /** Serves an event of the live process; false if that was its last. */
  private boolean serve(Event event, Process<?> running) {
    if (event instanceof Event.Terminate) {
      end(running, Exit.TERMINATED);
      return false;
    }
    if (running.attention() != 0 && isUnwanted(event, running)) {
      event.drop();
      return true;
    }
    try {
      event.serve(running);
      return true;
    } catch (Throwable thrown) {
      Log.error(() -> "Process " + pid + " ends because it threw", thrown);
      end(running, Exit.failed(thrown));
      return false;
    }
  }

  /** Whether the process, which must be running, gets a request again when its body has arrived. */
  boolean awaitsBody(PendingRequest request) {
    return process instanceof Process<?> running && running.awaitsBody(request);
  }

  private boolean isUnwanted(Event event, Process<?> running) {
    int attention = running.attention();
    if ((attention & Process.BOUNDED) != 0) {
      taken(event);
    }
    if ((attention & Process.PURGED) != 0) {
      return !(event instanceof Event.Initialize);
    }
    return (attention & Process.FILTERED) != 0 && node.filtering().drops(event, pid);
  }

  private void end(Process<?> running, Exit exit) {
    try {
      running.finish();
    } catch (Throwable thrown) {
      Log.error(() -> "Process " + pid + " threw while it ended", thrown);
    }
    leave(exit);
  }

  private void leave(Exit exit) {
    phase = GONE;
    Process<?> ended = (Process<?>) process;
    process = process.getClass();
    ended.closeRoutes();
    enqueue(new Event.Ended(exit));
  }

  /** What becomes of an event of this cell now that the process is gone. */
  private void passOn(Event event) {
    if (event instanceof Event.Ended last) {
      node.ended(this, last.exit());
      release(last.exit());
      return;
    }
    ProcessCell successor = event.isForSuccessor() ? node.successor(this) : null;
    if (successor == null) {
      event.drop();
    } else {
      successor.enqueue(new Event.PassedOn(event)); // The event itself is still in this mailbox.
    }
  }

  /** Releases who waits for the end. */
  private void release(Exit exit) {
    if (exit == Exit.TERMINATED && ENDED.compareAndSet(this, null, TERMINATED)) {
      return;
    }
    ended();
    ended.set(exit);
  }

  private void passAllOn() {
    for (Event event = head; event != null; event = after(event, null)) {
      passOn(event);
    }
  }

  /** Whether functions for this cell's process can be given another one. */
  boolean accepts(ProcessCell successor) {
    return process instanceof Class<?> type && type.isInstance(successor.process);
  }
}

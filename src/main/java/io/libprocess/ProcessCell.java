package io.libprocess;

import io.libprocess.future.Failure;
import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.internal.Log;
import io.libprocess.internal.PauseFlag;
import io.libprocess.internal.RunLoop;
import io.libprocess.internal.StackReserve;
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
 * The part of a process that the runtime keeps: its {@link Mailbox} and its life cycle.
 *
 * <h2>Phases</h2>
 *
 * <pre>
 *         spawn            terminated, or threw          end was told
 *   NEW ---------> LIVE ------------------------> GONE ----------------> NAMELESS
 *    |   &lt;--------  |                              ^
 *    |  id is taken  | node closed, thread stuck     | thread came back
 *    |               +-----------> GIVEN_UP --------+
 *    +-----------------------------------------------> GONE  (node closed, never spawned)
 * </pre>
 *
 * <p>The owner changes the phase, apart from the arrows that leave NEW and the one to GIVEN_UP.
 *
 * <p>When a process ends it becomes {@link #GONE} and queues one last event of its own. What is in
 * front of that is dropped, while the id is still taken. Serving the last event frees the id
 * ({@link #NAMELESS}), tells the linkers, and releases who waits for the end, in this order. From
 * then on the cell passes what it is sent on to a new process with the same id, or drops it if
 * there is none. It does so as everything else, with one owner, so what one thread sends keeps its
 * order on this way too.
 */
class ProcessCell extends Mailbox implements LocalProcess, Receiver {

  /** Events that one run serves before others get their chance. */
  private static final int BATCH = 1024;

  private static final long serialVersionUID = 1L;
  private static final VarHandle ENDED;
  private static final VarHandle PHASE;

  private static final int NEW = 0; // Not spawned; what it is sent waits for that.
  private static final int LIVE = 1;
  private static final int GONE = 2; // Never live again.
  private static final int NAMELESS = 3; // Gone, and another process may have the id.
  private static final int GIVEN_UP = 4; // Its thread did not come back when the node was closed.

  private static final Promise<Exit> TERMINATED = new Promise<>(); // For all whom nobody awaits.

  static {
    TERMINATED.set(Exit.TERMINATED);
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      PHASE = lookup.findVarHandle(ProcessCell.class, "phase", int.class);
      ENDED = lookup.findVarHandle(ProcessCell.class, "ended", Promise.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final transient Node node;
  private final transient PID<?> pid; // Written last: whoever has the PID sees the rest.

  private transient Object process; // The process, and once that is gone, its class.
  private transient volatile int phase;
  private transient volatile Promise<Exit> ended; // Made when first asked for.

  ProcessCell(Node node, Object idOrNumber, Process<?> process) {
    this.node = node;
    this.process = process;
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

  /** Whether what is sent now finds a process, or may find one later. */
  final boolean isReachable() {
    int now = phase;
    return now == NEW || now == LIVE || now != GIVEN_UP && node.processes().successor(this) != null;
  }

  /** Gives the id of the ended process back. */
  final void freeId() {
    phase = NAMELESS;
  }

  /** Whether the process has yet to be spawned. */
  final boolean isNew() {
    return phase == NEW;
  }

  /** Whether nothing is queued or being served, or it has yet to be spawned. */
  boolean isIdle() {
    return isEmpty() || phase == NEW || phase == GIVEN_UP;
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

  /**
   * Puts an event into the mailbox, or drops it if the process has ended. Either all of that is
   * done, or nothing if there is not enough stack.
   *
   * @return false if the mailbox is full: the event has been refused or dropped
   */
  final boolean enqueue(Event event) {
    StackReserve.check();
    if (!admits(event)) {
      return false;
    }
    if (PauseFlag.isSet()) {
      followCaller();
    }
    push(event);
    return true;
  }

  /** Whether there is room for an event; if not, it has been refused or dropped. */
  boolean admits(Event event) {
    return true;
  }

  private void push(Event event) {
    if (!put(event)) {
      if (phase == GIVEN_UP) {
        drop(event);
      }
    } else if (phase == LIVE) {
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
    Event last = new Event.Terminate();
    if (inject) {
      purge();
    }
    enqueue(last);
  }

  private void purge() {
    if (process instanceof Process<?> target) {
      target.attend(Process.PURGED, true);
    }
  }

  /** Refuses a thread that runs the process to wait for its end. */
  final void checkIsNotCurrent() {
    RunLoop loop = RunLoop.current();
    if (loop != null && loop.context() == pid) {
      throw new IllegalStateException(pid + " would wait for itself");
    }
  }

  /** How the process ended: pending while it has not. Each caller gets a future of its own. */
  Future<Exit> ended() {
    return promise().future().discardable(); // One that is discarded leaves nothing behind.
  }

  /** Whether the end is still to come, or not everybody has been told. */
  final boolean isUnended() {
    Promise<Exit> promise = ended;
    return promise == null || promise.future().isPending();
  }

  private Promise<Exit> promise() {
    Promise<Exit> promise = ended;
    if (promise == null) {
      Promise<Exit> made = new Promise<>();
      promise = (Promise<Exit>) ENDED.compareAndExchange(this, null, made);
      promise = promise == null ? made : promise;
    }
    return promise;
  }

  @Override
  protected void run(RunLoop loop) {
    loop.context(pid);
    loop.mark();
    Event event = head();
    // What is read for each event is not in this object: its line is where senders write.
    Process<?> running = hasProcess() ? (Process<?>) process : null;
    for (int left = BATCH; event != null; ) {
      if (running == null) {
        passOn(event);
      } else {
        Exit exit = serve(event, running);
        if (exit != null) {
          running = null; // Or else it would hold what it holds until the end is told.
          end(exit);
        }
      }
      Thread.interrupted(); // What one event does to the thread is not for the next.
      loop.eventServed();
      event = after(event, loop);
      if (event != null && (--left == 0 || loop.isExpired())) {
        putOff(event);
        loop.context(null);
        loop.scheduler().yield(this);
        return;
      }
    }
    loop.context(null);
    if (isNameless()) {
      node.processes().forget(this);
    }
  }

  /** Whether there is a process to run: it lives, or was given up and has come back. */
  private boolean hasProcess() {
    return phase == LIVE || phase == GIVEN_UP && process instanceof Process<?>;
  }

  /** The scheduler is closed: ends the process without serving what is left. */
  @Override
  protected void dropped() {
    if (hasProcess()) {
      end(Exit.TERMINATED);
    }
    passAllOn();
    node.processes().forget(this);
  }

  /**
   * The node is closed and nobody has run the process for too long: its thread does not come back,
   * or the process stands in a queue that nobody serves any more. Decides what waits for it. This
   * is no owner, and whoever is one may do the same at the same time, which is harmless: an event
   * that was served or dropped does nothing when it is dropped.
   */
  void giveUp() {
    if (PHASE.compareAndSet(this, NEW, GONE)) {
      passAllOn(); // It never had another owner.
      return;
    }
    if (!PHASE.compareAndSet(this, LIVE, GIVEN_UP)) {
      return; // Its end is told just now.
    }
    purge();
    forEach(this::drop);
    release(Exit.failed(new Failure("it did not come back when its node was closed")));
  }

  /**
   * What waits behind the event being served, as filters would see it.
   *
   * @throws IllegalStateException if called elsewhere than in the process
   */
  List<EventView> waitingEvents() {
    RunLoop loop = RunLoop.current();
    if (loop == null || loop.context() != pid) {
      throw new IllegalStateException("only " + pid + " itself can see what waits for it");
    }
    List<EventView> views = new ArrayList<>();
    forEachWaiting(
        loop.servedSinceMark(),
        event -> {
          EventView view = event.view(pid);
          if (view != null) {
            views.add(view);
          }
        });
    return views;
  }

  /** Serves an event of the process; how it ended if that was the last, else null. */
  private Exit serve(Event event, Process<?> running) {
    if (event instanceof Event.Terminate) {
      return Exit.TERMINATED;
    }
    try {
      if (running.attention() != 0 && isUnwanted(event, running)) {
        event.drop();
      } else {
        event.serve(running);
      }
      return null;
    } catch (Throwable thrown) {
      return Exit.failed(thrown);
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
    return (attention & Process.FILTERED) != 0 && node.processes().filters().drops(event, pid);
  }

  /** Ends the process; first of all it lets go of it, for the heap may be full of what it holds. */
  private void end(Exit exit) {
    Throwable atTheEnd = finish();
    phase = GONE;
    Throwable atClosing = letGo();
    push(Event.Ended.of(exit));
    exit.cause().ifPresent(cause -> Log.error(() -> "Process " + pid + " ends: it threw", cause));
    report(atTheEnd);
    report(atClosing);
  }

  private Throwable finish() {
    try {
      ((Process<?>) process).finish();
      return null;
    } catch (Throwable thrown) {
      return thrown;
    }
  }

  private Throwable letGo() {
    Process<?> ended = (Process<?>) process;
    process = process.getClass();
    try {
      ended.release();
      return null;
    } catch (Throwable thrown) {
      return thrown;
    }
  }

  private void report(Throwable thrown) {
    if (thrown != null) {
      Log.error(() -> "Process " + pid + " threw while it ended", thrown);
    }
  }

  /** What becomes of an event of this cell now that the process is gone. */
  private void passOn(Event event) {
    if (event instanceof Event.Ended last) {
      tellEnd(last.exit());
      return;
    }
    ProcessCell successor = event.isForSuccessor() ? node.processes().successor(this) : null;
    if (successor == null) {
      drop(event);
    } else {
      successor.enqueue(new Event.PassedOn(event)); // The event itself is still in this mailbox.
    }
  }

  private void tellEnd(Exit exit) {
    try {
      Event.Ended.refill();
      node.ended(this, exit);
    } catch (Throwable thrown) {
      Log.error(() -> "Process " + pid + " has ended, and not all linkers could be told", thrown);
    } finally {
      freeId();
      release(exit);
    }
  }

  private void drop(Event event) {
    try {
      event.drop();
    } catch (Throwable thrown) {
      Log.error(() -> "Process " + pid + " has ended, and a sender could not be told", thrown);
    }
  }

  /** Releases who waits for the end. */
  private void release(Exit exit) {
    if (exit == Exit.TERMINATED && ENDED.compareAndSet(this, null, TERMINATED)) {
      return;
    }
    promise().set(exit);
  }

  private void passAllOn() {
    for (Event event = head(); event != null; event = after(event, null)) {
      passOn(event);
    }
  }

  /** Whether functions for this cell's process can be given another one. */
  boolean accepts(ProcessCell successor) {
    return process instanceof Class<?> type && type.isInstance(successor.process);
  }
}

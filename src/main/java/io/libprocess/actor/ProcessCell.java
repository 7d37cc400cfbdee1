package io.libprocess.actor;

import io.libprocess.Exit;
import io.libprocess.UPID;
import io.libprocess.future.Failure;
import io.libprocess.internal.FailureWatch;
import io.libprocess.internal.Log;
import io.libprocess.internal.SendFlags;
import io.libprocess.internal.StackReserve;
import io.libprocess.internal.flight.Flight;
import io.libprocess.internal.scheduler.RunLoop;
import io.libprocess.internal.scheduler.Running;
import io.libprocess.observer.ObservedProcess;
import io.libprocess.remote.links.LinkEnd;
import io.libprocess.remote.links.LocalProcess;
import io.libprocess.remote.links.ProcessName;
import io.libprocess.time.Clock;
import io.libprocess.web.PendingRequest;
import io.libprocess.web.Receiver;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * The part of a process that the runtime keeps: its {@link Mailbox}, its {@link LifeCycle}, and how
 * its events are served.
 *
 * <p>When a process ends, it is gone and queues one last event of its own. Events in front of that
 * are dropped, while the id is still taken. Serving the last event frees the id, tells the linkers,
 * and completes the futures of the end, in this order. From then on the cell passes its events on
 * to a new process with the same id, or drops them if there is none. As always it has one owner
 * meanwhile, so the events of one sender keep their order on this path too.
 */
public class ProcessCell extends LifeCycle
    implements LocalProcess, ObservedProcess, Receiver, FailureWatch.Origin {

  /** How many events one run serves before others get their chance. */
  private static final int BATCH = 1024;

  private static final long serialVersionUID = 1L;
  private final transient Processes processes;
  private final transient UPID pid; // Written last: a thread that has the PID sees the rest.

  private transient Object process; // The process; once that is gone, its class.

  ProcessCell(Processes processes, Object idOrNumber, Object process) {
    this.processes = processes;
    this.process = process;
    this.pid = ProcessAccess.get().pid(idOrNumber, this);
    if (SendFlags.isPaused()) {
      processes.clock().reset((Executor) pid, processes.clock().now());
    }
  }

  /**
   * Makes the cell of a process that has none.
   *
   * @param identity its id or number, or a {@link BoundedCell.Identity} with that
   */
  public static ProcessCell of(Processes processes, Object identity, Object process) {
    if (identity instanceof BoundedCell.Identity bounded) {
      ProcessAccess.get().attend(process, ProcessAccess.BOUNDED, true);
      return new BoundedCell(processes, bounded.idOrNumber(), process, bounded.limit());
    }
    return new ProcessCell(processes, identity, process);
  }

  /** The processes of the node it belongs to. */
  public final Processes processes() {
    return processes;
  }

  /** The name of the process. */
  public final UPID pid() {
    return pid;
  }

  /** The key for the id in the table of processes. */
  public final Object key() {
    return ProcessAccess.get().key(pid);
  }

  @Override
  public final boolean isNamed() {
    return key() instanceof String;
  }

  @Override
  public final ProcessName name() {
    return Messages.nameOf(pid);
  }

  @Override
  public final void linkEnded(ProcessName ended, LinkEnd end) {
    exited(new UPID(ended.id(), ended.address()), Exits.of(end));
  }

  /** Tells the process of the end of another one. */
  public final void exited(UPID linkee, Exit exit) {
    enqueue(new Control.Exited(linkee, exit));
  }

  /** Whether an event sent now finds a process, or may find one later. */
  public final boolean isReachable() {
    return isNew() || isLive() || !isGivenUp() && processes.successor(this) != null;
  }

  /** Sets whether the filters are asked about events while the process lives. */
  void filtered(boolean filtered) {
    attend(ProcessAccess.FILTERED, filtered);
  }

  private void attend(int flag, boolean set) {
    Object target = process;
    if (!(target instanceof Class<?>)) {
      ProcessAccess.get().attend(target, flag, set);
    }
  }

  /** How many events may wait. */
  public int limit() {
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
    enqueue(new HttpRequested(request));
  }

  @Override
  public final void later(Runnable step) {
    enqueue(new Control.Continued(step));
  }

  /** Called with an event of a bounded cell that is about to be served or dropped. */
  void taken(Event event) {}

  /** Schedules the process for the first time. */
  void start() {
    if (SendFlags.isPaused()) {
      followCaller();
    }
    processes.scheduler().ready(this);
  }

  /**
   * Puts an event into the mailbox, or drops it if the process has ended. If there is not enough
   * stack, nothing is done.
   *
   * @return false if the mailbox is full: the event has been refused or dropped
   */
  public final boolean enqueue(Event event) {
    StackReserve.check();
    boolean attended = SendFlags.any();
    Event sent = attended ? Event.InContext.of(event) : event;
    boolean admitted = admits(sent);
    if (admitted) {
      push(attended ? attended(sent) : sent);
    }
    return admitted;
  }

  /** Applies the clock and the sampler to an event, and returns the one to be queued. */
  private Event attended(Event event) {
    if (SendFlags.isPaused()) {
      followCaller();
    }
    return SendFlags.isSampling() ? processes.sampler().sampled(this, event) : event;
  }

  /** Whether there is room for an event; if not, it has been refused or dropped. */
  boolean admits(Event event) {
    return true;
  }

  private void push(Event event) {
    if (!put(event)) {
      if (isGivenUp()) {
        drop(event);
      }
    } else if (isLive()) {
      processes.scheduler().ready(this);
    } else {
      passAllOn();
    }
  }

  /** While time is paused, makes the process's time no earlier than that of the sender. */
  private void followCaller() {
    Clock clock = processes.clock();
    if (clock.isPaused()) {
      clock.update((Executor) pid, clock.now());
    }
  }

  /**
   * Asks the process to end.
   *
   * @param inject whether to drop the events queued before
   */
  public final void terminate(boolean inject) {
    Event last = new Control.Terminate();
    if (inject) {
      attend(ProcessAccess.PURGED, true); // What is queued before is thrown away.
    }
    enqueue(last);
  }

  /** Refuses a thread that runs the process to wait for its end. */
  public final void checkIsNotCurrent() {
    RunLoop loop = RunLoop.current();
    if (loop != null && loop.context() == pid) {
      throw new IllegalStateException(pid + " would wait for itself");
    }
  }

  @Override
  protected void run(RunLoop loop) {
    if (!Flight.isOn()) {
      serveBatch(loop);
      return;
    }
    Object begun = Flight.sink().beginRun();
    try {
      serveBatch(loop);
    } finally {
      Flight.sink().endRun(begun, pid, type(), loop.servedSinceMark());
    }
  }

  private void serveBatch(RunLoop loop) {
    loop.context(pid);
    loop.mark();
    Event event = head();
    // State read for each event is not kept in this object: senders write to its cache line.
    Object running = hasProcess() ? process : null;
    for (int left = BATCH; event != null; ) {
      if (running == null) {
        passOn(event);
      } else {
        Exit exit = serve(event, running);
        if (exit != null) {
          running = null; // Otherwise it would keep its memory until the end has been told.
          end(exit);
        }
      }
      loop.eventServed();
      event = after(event, loop);
      if (event != null && (--left == 0 || loop.isExpired())) {
        putOff(event, loop);
        loop.context(null);
        loop.scheduler().yield(this);
        return;
      }
    }
    loop.context(null);
    if (isNameless()) {
      processes.forget(this);
    }
  }

  /** Whether there is a process to run: it lives, or was given up and has returned. */
  private boolean hasProcess() {
    return isLive() || isGivenUp() && !(process instanceof Class<?>);
  }

  /** Ends the process without serving the remaining events, because the scheduler is closed. */
  @Override
  protected void dropped() {
    if (hasProcess()) {
      end(Exits.TERMINATED);
    }
    passAllOn();
    processes.forget(this);
  }

  /**
   * Gives up a process that has not been run for too long after the node was closed: its thread
   * does not return, or the process is in a queue that is no longer served. Completes everything
   * that waits for it. The caller is not an owner, and an owner may do the same at the same time,
   * which is harmless: an event that was served or dropped does nothing when it is dropped.
   */
  void giveUp() {
    if (endUnspawned()) {
      passAllOn(); // It never had another owner.
      return;
    }
    if (!giveUpLive()) {
      return; // Its end is being told.
    }
    attend(ProcessAccess.PURGED, true);
    forEach(this::drop);
    release(Exits.failed(new Failure("it did not come back when its node was closed")));
  }

  /**
   * The events that wait behind the one being served, as filters would see them.
   *
   * @param viewer converts each event to a view
   * @throws IllegalStateException if called elsewhere than in the process
   */
  public final <V> List<V> waitingEvents(EventViewer<V> viewer) {
    RunLoop loop = RunLoop.current();
    if (loop == null || loop.context() != pid) {
      throw new IllegalStateException("only " + pid + " itself can see what waits for it");
    }
    List<V> views = new ArrayList<>();
    forEachWaiting(
        loop.servedSinceMark(),
        event -> Optional.ofNullable(view(event, viewer)).ifPresent(views::add));
    return views;
  }

  /** The view of an event of this cell; null if it must not be seen. */
  public final <V> V view(Event event, EventViewer<V> viewer) {
    return event.view(this, viewer);
  }

  /** Serves an event; returns the end of the process if that was the last event, or null. */
  private Exit serve(Event event, Object running) {
    if (event instanceof Control.Terminate) {
      return Exits.TERMINATED;
    }
    try {
      if (ProcessAccess.get().attention(running) != 0 && isUnwanted(event, running)) {
        event.drop();
      } else {
        event.serve(running);
      }
      return null;
    } catch (Throwable thrown) {
      return Exits.failed(thrown);
    }
  }

  /** The class of the process, whether it lives or not. Any thread may call this. */
  public final Class<?> type() {
    Object known = process;
    return known instanceof Class<?> type ? type : known.getClass();
  }

  /**
   * Looks at the events of the process; for any thread, and without asking it. If the process goes
   * on meanwhile, some events may be missing or have been served.
   *
   * @param running the observed thread that runs it; null if none does
   * @param viewer converts events to views; may be null if none is shown
   * @param most how many waiting events are shown
   * @param limit how many are counted
   */
  public final <V> Look.Seen<V> look(Running running, EventViewer<V> viewer, int most, int limit) {
    Look<V> look = new Look<>(this, viewer, running == null ? -1 : running.served(), most, limit);
    peek(look);
    return look.seen();
  }

  /** The view of an event for a thread that may not be the owner; null if it has none. */
  public final <V> V glance(Event event, EventViewer<V> viewer) {
    return event.peek(this, viewer);
  }

  /** The number of waiting events, counted up to a limit; see {@link #look}. */
  public final int depth(Running running, int limit) {
    return look(running, null, 0, limit).count();
  }

  /** Whether the process, which must be running, gets a request again when its body has arrived. */
  boolean awaitsBody(PendingRequest request) {
    Object running = process;
    return !(running instanceof Class<?>) && ProcessAccess.get().awaitsBody(running, request);
  }

  @Override
  public final FailureWatch watch() {
    return processes.ignored().watch();
  }

  @Override
  public final void ignored(Object what, Throwable failure) {
    processes.ignored().call(type(), (Class<?>) what, failure);
  }

  private boolean isUnwanted(Event event, Object running) {
    int attention = ProcessAccess.get().attention(running);
    if ((attention & ProcessAccess.BOUNDED) != 0) {
      taken(event);
    }
    if ((attention & ProcessAccess.PURGED) != 0) {
      return !(event instanceof Control.Initialize);
    }
    return (attention & ProcessAccess.FILTERED) != 0 && processes.filters().drops(event, this);
  }

  /** Ends the process; releases its object first, because that may be filling up the heap. */
  private void end(Exit exit) {
    Throwable atTheEnd = finish();
    endLive();
    Throwable atClosing = letGo();
    push(Ended.of(exit));
    exit.cause().ifPresent(cause -> Log.error(() -> "Process " + pid + " ends: it threw", cause));
    report(atTheEnd);
    report(atClosing);
  }

  private Throwable finish() {
    try {
      ProcessAccess.get().finish(process);
      return null;
    } catch (Throwable thrown) {
      return thrown;
    }
  }

  private Throwable letGo() {
    Object ended = process;
    process = ended.getClass();
    try {
      ProcessAccess.get().release(ended);
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

  /** Passes on or drops an event of this cell after the process has ended. */
  private void passOn(Event event) {
    if (event instanceof Ended last) {
      tellEnd(last);
      return;
    }
    ProcessCell successor = event.isForSuccessor() ? processes.successor(this) : null;
    if (successor == null) {
      drop(event);
    } else {
      successor.enqueue(new Event.Envelope(event)); // The event itself is still in this mailbox.
    }
  }

  private void tellEnd(Ended last) {
    try {
      while (!isEndTold(last)) {
        Ended.awaitMemory(); // All linkers are told, whatever it takes.
      }
    } catch (Throwable thrown) {
      Log.error(() -> "Process " + pid + " has ended, and not all linkers could be told", thrown);
    } finally {
      freeId();
      release(last.exit());
    }
  }

  /** Tells the linkers; false if there was no memory for all of them. */
  private boolean isEndTold(Ended last) {
    try {
      processes.ended(this, last);
      Ended.refill();
      return true;
    } catch (OutOfMemoryError e) {
      return false;
    }
  }

  private void drop(Event event) {
    try {
      event.drop();
    } catch (Throwable thrown) {
      Log.error(() -> "Process " + pid + " has ended, and a sender could not be told", thrown);
    }
  }

  private void passAllOn() {
    for (Event event = head(); event != null; event = after(event, null)) {
      passOn(event);
    }
  }

  /** Whether functions for this cell's process can run in its successor. */
  boolean accepts(ProcessCell successor) {
    return process instanceof Class<?> type && type.isInstance(successor.process);
  }
}

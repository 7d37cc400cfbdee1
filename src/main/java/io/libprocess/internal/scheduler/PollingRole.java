package io.libprocess.internal.scheduler;

import io.libprocess.internal.Log;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * The role of polling one source, which workers of the pool hold in turns (leader and followers):
 * after each poll the leader itself runs the tasks that became ready, so that a request is usually
 * served without waking another core. A task that runs there may be slow, while I/O must go on:
 * another worker then becomes the leader.
 *
 * <h2>Protocol</h2>
 *
 * <p>A worker becomes the leader by a compare-and-set of {@link #leader} from null to a new {@link
 * Tenure}, which has a state:
 *
 * <pre>
 *   POLLING &lt;=========> RUNNING     by the leader
 *      |                   |
 *      | the source is over, or its thread died
 *      v                   v  the watchdog: the task does not come back
 *    (end)               TAKEN ----> the worker goes back to the pool when its task is over
 * </pre>
 *
 * <p>The leader leaves RUNNING by a compare-and-set to POLLING, the watchdog by one to TAKEN: if
 * the watchdog succeeds, it makes the role vacant. POLLING is never taken over: a poll is short and
 * runs only the library's own code. Because state and leader are volatile, the writes of one leader
 * are visible to the next.
 *
 * <p>The role is itself a task, which runs in a separate pool of polling threads: it has one thread
 * more than there are sources for each leader that does not return. The watchdog submits the role
 * again if it stays vacant.
 */
final class PollingRole extends Task implements PollingScheduler.Polling {

  private static final long serialVersionUID = 1L;

  private static final long PAUSE_AFTER_FAILURE_NANOS = 5_000_000;

  /** After how many polls the leader checks that the watchdog lives. */
  private static final int POLLS_BETWEEN_CHECKS = 64;

  /** How often the role may be queued while the pool has no thread for it. */
  private static final int MOST_QUEUED = 2;

  /** How often the watchdog finds the role vacant before it queues it again nevertheless. */
  private static final int CHECKS_BEFORE_DOUBT = 128;

  private static final VarHandle LEADER;

  static {
    try {
      LEADER = MethodHandles.lookup().findVarHandle(PollingRole.class, "leader", Tenure.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private enum State {
    POLLING,
    RUNNING,
    TAKEN
  }

  private final transient ForkJoinScheduler scheduler;
  private final transient PollingScheduler.Source source;

  private final transient AtomicInteger queued = new AtomicInteger();
  private transient int vacantChecks; // Used only by the watchdog.
  private transient volatile Tenure leader; // Null while the role is vacant.
  private transient volatile boolean over;

  PollingRole(ForkJoinScheduler scheduler, PollingScheduler.Source source) {
    this.scheduler = scheduler;
    this.source = source;
  }

  boolean isVacant() {
    return leader == null && !over;
  }

  @Override
  public boolean isPolling() {
    Tenure now = leader;
    return now != null
        && now.loop.thread == Thread.currentThread()
        && now.state.get() == State.POLLING;
  }

  @Override
  public void takeOver() {
    Tenure now = leader;
    if (now != null) {
      now.takeOver();
    }
  }

  /** Fills the role if it stayed vacant, or if the thread of its leader has died. */
  void check() {
    Tenure now = leader;
    if (now != null && !now.loop.thread.isAlive()) {
      now.state.set(State.TAKEN);
      vacate(now);
    } else if (isVacant()) {
      if (++vacantChecks % CHECKS_BEFORE_DOUBT == 0) {
        queued.set(0); // It is in the pool, whose threads died: only more work starts others.
      }
      scheduler.fill(this);
    }
  }

  @Override
  boolean usesLoop() {
    return true;
  }

  void submitTo(ForkJoinPool pool) {
    if (queued.get() < MOST_QUEUED) {
      queued.incrementAndGet();
      try {
        pool.execute(this);
      } catch (Throwable thrown) { // Closed, or no thread can be started: the watchdog tries again.
        queued.decrementAndGet();
      }
    }
  }

  private void vacate(Tenure last) {
    if (LEADER.compareAndSet(this, last, null)) {
      scheduler.fill(this);
    }
  }

  /** Polls on the calling worker until another one has taken over or the source is over. */
  @Override
  protected void run(RunLoop current) {
    queued.decrementAndGet();
    WorkerLoop loop = (WorkerLoop) current;
    Tenure mine = new Tenure(loop);
    if (over || !LEADER.compareAndSet(this, null, mine)) {
      return;
    }
    loop.beginQueueing(mine);
    try {
      mine.serve();
    } finally {
      loop.endQueueing();
      if (over) {
        scheduler.roleOver(this);
      } else {
        vacate(mine);
      }
    }
  }

  /** The time for which one worker is the leader. */
  final class Tenure {

    private final AtomicReference<State> state = new AtomicReference<>(State.POLLING);
    private final WorkerLoop loop;

    private Tenure(WorkerLoop loop) {
      this.loop = loop;
    }

    /** Ends this tenure if its worker is running a task that does not return. */
    void takeOver() {
      if (state.compareAndSet(State.RUNNING, State.TAKEN)) {
        scheduler.tookOver(loop.thread);
        vacate(this);
      }
    }

    private void serve() {
      int polls = 0;
      boolean mine; // Not if the thread was taken for dead.
      do {
        if (!poll()) {
          over = true;
          loop.runQueue(); // Still POLLING: there is nothing to take over.
          return;
        }
        if (++polls % POLLS_BETWEEN_CHECKS == 0) {
          scheduler.checkWatchdog();
        }
        mine = state.compareAndSet(State.POLLING, State.RUNNING);
        long polled = System.nanoTime();
        loop.runQueue();
        scheduler.lagged(System.nanoTime() - polled);
      } while (mine && state.compareAndSet(State.RUNNING, State.POLLING));
    }

    private boolean poll() {
      loop.insidePoll = true;
      try {
        return source.poll();
      } catch (Throwable thrown) {
        LockSupport.parkNanos(this, PAUSE_AFTER_FAILURE_NANOS); // It may throw again at once.
        report(thrown);
        return true;
      } finally {
        loop.insidePoll = false;
      }
    }

    private void report(Throwable thrown) {
      try {
        Log.error("Polling for I/O failed and goes on", thrown);
      } catch (Throwable lost) {
        // Without memory not even a call of the log succeeds, because its text has to be made
        // first.
      }
    }
  }
}

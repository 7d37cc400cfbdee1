package io.libprocess.net.nio;

import io.libprocess.internal.RunLoop;
import io.libprocess.internal.RuntimeThread;
import io.libprocess.internal.Scheduler;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Threads that take turns in polling for one event loop. After each round the polling thread runs
 * what became ready, in a {@link RunLoop} of its own. A process that runs there may be slow, and
 * I/O must go on: then another thread polls.
 *
 * <h2>Protocol</h2>
 *
 * <p>Exactly one thread at a time, the owner, may poll. Each {@link Poller} has a state:
 *
 * <pre>
 *   SPARE ----------> POLLING &lt;=========> RUNNING     = the owner itself
 *     ^   appointed      |      (its turn)   |
 *     |                  | the loop is over  | watchdog: the turn is stuck
 *     |                  v                   v
 *     |                (end)               TAKEN
 *     '--------------------------------------'  when its turn is over
 *     '--> DISMISSED, if there is a spare already or the loop is over
 * </pre>
 *
 * <p>The owner is the poller in POLLING or RUNNING. It leaves RUNNING by a compare-and-set to
 * POLLING, the watchdog by one to TAKEN: whoever succeeds is the owner or appoints it. The watchdog
 * has the next poller at hand before it tries, so that the ownership cannot be lost for want of a
 * thread. Nobody takes over from POLLING: what a round does is short and our own. Because the state
 * is volatile, what one owner wrote is visible to the next.
 */
final class PollingThreads {

  private enum State {
    SPARE,
    POLLING,
    RUNNING,
    TAKEN,
    DISMISSED
  }

  private final Scheduler scheduler;
  private final Supplier<String> names;
  private final BooleanSupplier round;
  private final AtomicReference<Poller> spare = new AtomicReference<>();
  private final Set<Poller> pollers = ConcurrentHashMap.newKeySet(); // Until their threads end.

  private volatile Poller owner; // Written by whoever appoints it.
  private volatile boolean over;

  /**
   * Threads that are not started yet.
   *
   * @param names gives each thread its name
   * @param round polls once and returns whether to go on
   */
  PollingThreads(Scheduler scheduler, Supplier<String> names, BooleanSupplier round) {
    this.scheduler = scheduler;
    this.names = names;
    this.round = round;
  }

  /** Starts the first thread. */
  void start() {
    newPoller().appoint();
  }

  /** Whether the current thread polls, so that it may touch what belongs to the owner. */
  boolean isPolling() {
    return owner.thread == Thread.currentThread() && owner.state.get() == State.POLLING;
  }

  /** Whether the current thread is one of these. */
  boolean include(Thread thread) {
    return pollers.stream().anyMatch(poller -> poller.thread == thread);
  }

  /** Has another thread poll if the owner is running its turn. */
  void takeOver() {
    owner.stuck();
  }

  /** Waits for each thread that is left. */
  void join(long millis) throws InterruptedException {
    for (Poller poller : pollers) {
      poller.thread.join(millis);
    }
  }

  private Poller newPoller() {
    Poller poller = new Poller();
    pollers.add(poller);
    poller.thread.start();
    return poller;
  }

  private Poller takeSpare() {
    Poller poller = spare.getAndSet(null);
    return poller != null ? poller : newPoller();
  }

  private void keepSpare(Poller poller) {
    if (!spare.compareAndSet(null, poller) || over && spare.compareAndSet(poller, null)) {
      poller.dismiss();
    }
  }

  private void end() {
    over = true;
    Poller idle = spare.getAndSet(null);
    if (idle != null) {
      idle.dismiss();
    }
  }

  /** A thread that polls when it is its turn. */
  private final class Poller implements Runnable {

    final AtomicReference<State> state = new AtomicReference<>(State.SPARE);
    final RunLoop turn = scheduler.newLoopTurn(this::stuck);
    final Thread thread = new RuntimeThread(names.get(), turn, this);

    /** Makes this spare poller the owner. */
    void appoint() {
      owner = this;
      state.set(State.POLLING);
      LockSupport.unpark(thread);
    }

    void dismiss() {
      state.set(State.DISMISSED);
      LockSupport.unpark(thread);
    }

    /** Passes the ownership on if this turn is running. Called by the watchdog. */
    void stuck() {
      if (state.get() != State.RUNNING) {
        return;
      }
      Poller next = takeSpare();
      if (state.compareAndSet(State.RUNNING, State.TAKEN)) {
        next.appoint();
      } else {
        keepSpare(next);
      }
    }

    @Override
    public void run() {
      try {
        while (awaitAppointment() && serve()) {
          state.set(State.SPARE);
          keepSpare(this);
        }
      } finally {
        scheduler.retire(turn);
        pollers.remove(this);
      }
    }

    private boolean awaitAppointment() {
      for (State now = state.get(); now != State.POLLING; now = state.get()) {
        if (now == State.DISMISSED) {
          return false;
        }
        LockSupport.park(PollingThreads.this);
      }
      return true;
    }

    /** Polls until another poller has taken over, which gives true, or the loop is over. */
    private boolean serve() {
      do {
        if (!round.getAsBoolean()) {
          end();
          turn.runQueue(); // Still POLLING: there is nothing to take over.
          return false;
        }
        state.set(State.RUNNING);
        turn.runQueue();
      } while (state.compareAndSet(State.RUNNING, State.POLLING));
      return true;
    }
  }
}

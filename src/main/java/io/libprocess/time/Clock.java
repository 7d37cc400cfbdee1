package io.libprocess.time;

import io.libprocess.internal.Activity;
import io.libprocess.internal.Pauses;
import io.libprocess.internal.ThreadContext;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;

/**
 * Time that can be stopped and moved, and timers that follow it. All methods may be called from any
 * thread.
 *
 * <p><b>Time.</b> A clock reads the system's wall clock once, when it is made, and counts on from
 * there by the monotonic {@link System#nanoTime}. So it never goes back, steps of the wall clock do
 * not reach it, and timers are not moved by them. While the clock runs, its time is that count plus
 * all that it was ever advanced; resuming does not take this back. While it is paused its time only
 * changes through {@link #advance} and {@link #update}. Time ends at {@code 2262-04-11
 * 23:47:16.854775807}: later times are cut to that.
 *
 * <p><b>Timers.</b> Due timers run one after another on a daemon thread of the clock, named {@code
 * libprocess-clock}: in the order in which they are due, and in the order of their creation where
 * that is equal. A slow one delays the others. Those that are due together are taken out before the
 * first of them runs; they can no longer be cancelled and run also if the clock is paused
 * meanwhile. What a timer throws is logged and stops no other. A timer never runs early. On an idle
 * machine it runs at most about a millisecond late; on a paused clock it is due exactly, to the
 * nanosecond.
 *
 * <p><b>Processes.</b> While a clock is paused every process that lives by it has a time of its
 * own, so that what a process does depends on what it has been told and not on when its thread gets
 * to it. {@link #advance(Duration)} does not move it. A new process starts with the time of whoever
 * makes it, one that is older with the time at which the clock was paused. It moves forward to the
 * time of whoever sends it something (elsewhere than in a process that is the clock's), spawns or
 * terminates it; to that of a process it is linked to when that ends; and to the deadline of a
 * timer that it has made when that fires. A timer made in a process counts from the process's time.
 * Resuming the clock ends all this.
 *
 * <p>The thread is started when a timer needs it first. {@link #close} ends it.
 */
public final class Clock implements AutoCloseable {

  /*
   * Lock. `lock` guards the wheel, the links of its timers and the fields that say so. It is held
   * for a few instructions, or for as long as it takes to take out what is due; nothing waits and no
   * user code runs under it. `reading` and `closed` are written under it and read without. Whoever
   * starts a timer reads the time before taking the lock: meanwhile the time can only have moved on,
   * and then the timer is due sooner from now, never before its deadline.
   *
   * Waking. `wakeAt` is the latest deadline that the thread must be woken for. While it is on its
   * way to look for due timers, or runs some, that is AWAKE, below every deadline. Before it waits,
   * it sets wakeAt to just before what it waits for, or to the frozen time. Whoever adds a timer that
   * is not later, or moves the time so that one is due, sets AWAKE and then wakes the thread. Only
   * the thread leaves AWAKE, when it has looked at the wheel under the same hold of the lock. So no
   * wake-up is lost and none is given twice. A thread that was never started counts as one that
   * waits. Cancelling wakes nobody: the thread may look and find nothing.
   */

  private static final long AWAKE = Long.MIN_VALUE;
  private static final int KEPT_CAPACITY = 4096;
  private static final Comparator<Timer> BY_DEADLINE =
      (a, b) -> Long.compare(a.deadline, b.deadline);

  private static final Clock SYSTEM = new Clock(Instant.now(), false);

  private final Reading origin; // What a running clock tells that was never advanced.
  private final ShortLock lock = new ShortLock();
  private final TimerWheel wheel; // Guarded by the lock.
  private volatile Reading reading; // Written under the lock.
  private volatile boolean closed; // Written under the lock.

  // Guarded by the lock.
  private long advanced; // Nanoseconds; it never falls.
  private long wakeAt;
  private Thread thread; // Null until a timer needs it.
  private boolean firing; // The thread has taken out timers and not yet run them all.
  private long batches; // How often it took out timers.

  private Clock(Instant start, boolean paused) {
    long time = Nanos.of(start);
    origin = Reading.running(time, System.nanoTime());
    if (paused) {
      Pauses.note();
    }
    reading = paused ? Reading.paused(time) : origin;
    wakeAt = paused ? time : Nanos.MAX;
    wheel = new TimerWheel(time);
  }

  /** The clock of this JVM, which everything shares that is not given another one. It runs. */
  public static Clock system() {
    return SYSTEM;
  }

  /** A clock of its own that runs, set to the wall clock. Close it after use. */
  public static Clock create() {
    return new Clock(Instant.now(), false);
  }

  /**
   * A clock of its own that is paused. If it is resumed, time goes on as if the clock had run from
   * {@code start} since this call. Close it after use.
   */
  public static Clock paused(Instant start) {
    Objects.requireNonNull(start, "start");
    return new Clock(start, true);
  }

  /** The clock of the runtime that the calling thread belongs to; elsewhere {@link #system()}. */
  public static Clock current() {
    return ThreadContext.clock() instanceof Clock clock ? clock : SYSTEM;
  }

  /* ------ Time ------ */

  /** The time; in a process that lives by this clock, while it is paused, that of the process. */
  public Instant now() {
    return Nanos.instant(nanos());
  }

  /** {@link #now}, in nanoseconds since 1970. */
  long nanos() {
    Reading current = reading;
    return current.nanos(current.paused() ? process() : null);
  }

  /** The PID of the process that the calling thread runs by this clock; null if there is none. */
  private Object process() {
    return ThreadContext.clock() == this ? ThreadContext.process() : null;
  }

  /** Whether the clock is paused. */
  public boolean isPaused() {
    return reading.paused();
  }

  /**
   * Stops the time; does nothing if it is stopped. Timers that are due already still run, later
   * ones wait.
   */
  public void pause() {
    lock.lock();
    try {
      if (reading.paused()) {
        return;
      }
      Pauses.note();
      reading = Reading.paused(reading.nanos());
      if (!frozenTimeNeedsThread()) {
        return;
      }
    } finally {
      lock.unlock();
    }
    wake();
  }

  /**
   * Lets the time run again; does nothing if it runs. It goes on from where it would be if it had
   * never been paused, plus all that it was ever advanced: it jumps over the length of the pause.
   */
  public void resume() {
    lock.lock();
    try {
      if (!reading.paused()) {
        return;
      }
      long mark = System.nanoTime();
      long time = Nanos.sum(origin.time(), mark - origin.mark());
      reading = Reading.running(Nanos.sum(time, advanced), mark);
      if (wakeAt == AWAKE) {
        return;
      }
      if (wheel.isEmpty()) {
        wakeAt = Nanos.MAX;
        return;
      }
      wakeAt = AWAKE;
    } finally {
      lock.unlock();
    }
    wake();
  }

  /**
   * Moves the time of a paused clock forward; does nothing if the clock runs. Timers that become
   * due run on the clock's thread, and this does not wait for them: {@link #settle} does.
   *
   * @throws IllegalArgumentException if the duration is negative
   */
  public void advance(Duration duration) {
    long nanos = Nanos.ofNotNegative(duration);
    lock.lock();
    try {
      if (!reading.paused() || !moveTo(Nanos.sum(reading.time(), nanos))) {
        return;
      }
    } finally {
      lock.unlock();
    }
    wake();
  }

  /**
   * Sets the time of a paused clock, as {@link #advance} does. Does nothing if the clock runs or is
   * past that time.
   */
  public void update(Instant time) {
    Objects.requireNonNull(time, "time");
    long nanos = Nanos.of(time);
    lock.lock();
    try {
      if (!reading.paused() || nanos <= reading.time() || !moveTo(nanos)) {
        return;
      }
    } finally {
      lock.unlock();
    }
    wake();
  }

  /** Moves the frozen time. Whether the thread must be woken. */
  private boolean moveTo(long time) {
    advanced = Nanos.sum(advanced, Nanos.sum(time, -reading.time()));
    reading = reading.movedTo(time);
    return frozenTimeNeedsThread();
  }

  private boolean frozenTimeNeedsThread() {
    if (wakeAt == AWAKE) {
      return false;
    }
    boolean due = wheel.isDue(reading.time());
    wakeAt = due ? AWAKE : reading.time();
    return due;
  }

  /* ------ The times of processes, given by their PIDs, whose clock this is ------ */

  /** The time of a process: what {@link #now} says there. */
  public Instant now(Executor process) {
    return Nanos.instant(reading.nanos(Objects.requireNonNull(process, "process")));
  }

  /**
   * Moves the time of a process forward; does nothing if the clock runs. No timer fires for it.
   *
   * @throws IllegalArgumentException if the duration is negative
   */
  public void advance(Executor process, Duration duration) {
    Objects.requireNonNull(process, "process");
    reading.advance(process, Nanos.ofNotNegative(duration));
  }

  /**
   * Sets the time of a process, as {@link #advance(Executor, Duration)} does. Does nothing if the
   * clock runs or the process is past that time. (libprocess: {@code SAFE}.)
   */
  public void update(Executor process, Instant time) {
    Objects.requireNonNull(process, "process");
    reading.raise(process, Nanos.of(Objects.requireNonNull(time, "time")));
  }

  /**
   * Sets the time of a process, also back; does nothing if the clock runs. (libprocess: {@code
   * FORCE}.)
   */
  public void reset(Executor process, Instant time) {
    Objects.requireNonNull(process, "process");
    reading.set(process, Nanos.of(Objects.requireNonNull(time, "time")));
  }

  /**
   * Moves the time of a process forward to that of another one, unless it is past that: what {@code
   * to} does now happens after what {@code from} has done. Does nothing if the clock runs.
   */
  public void order(Executor from, Executor to) {
    update(to, now(from));
  }

  /* ------ Timers ------ */

  /**
   * Runs a function once, on the clock's thread, when a duration has gone by.
   *
   * @param delay from {@link #now}; zero or negative means as soon as possible, also on a paused
   *     clock
   * @param thunk must not block, since all timers wait for it; what it throws is logged
   * @throws IllegalStateException if the clock is closed
   */
  public Timer timer(Duration delay, Runnable thunk) {
    Objects.requireNonNull(delay, "delay");
    Objects.requireNonNull(thunk, "thunk");
    Reading current = reading;
    long now = current.nanos();
    Object process = current.paused() ? process() : null;
    long start = process == null ? now : current.nanos(process);
    long deadline = Nanos.sum(start, Math.max(0, Nanos.of(delay)));
    Timer timer =
        new Timer(this, deadline, process == null ? thunk : lifting(process, deadline, thunk));
    lock.lock();
    try {
      if (closed) {
        throw new IllegalStateException("the clock is closed");
      }
      wheel.add(timer, now); // Never ahead of the clock, as a process may be.
      if (timer.deadline > wakeAt) {
        return timer;
      }
      wakeAt = AWAKE;
    } finally {
      lock.unlock();
    }
    wake();
    return timer;
  }

  /** A function that first moves the process which has started its timer. */
  private Runnable lifting(Object process, long deadline, Runnable thunk) {
    return () -> {
      reading.raise(process, deadline);
      thunk.run();
    };
  }

  boolean cancel(Timer timer) {
    lock.lock();
    try {
      if (timer.slot == TimerWheel.NOWHERE) {
        return false;
      }
      wheel.remove(timer);
    } finally {
      lock.unlock();
    }
    timer.thunk = null;
    return true;
  }

  /**
   * Drops all timers, which then never run, and ends the thread; a function that is running is not
   * waited for. The time can still be read. Idempotent.
   *
   * @throws UnsupportedOperationException if this is {@link #system()}
   */
  @Override
  public void close() {
    if (this == SYSTEM) {
      throw new UnsupportedOperationException("the system clock cannot be closed");
    }
    Thread ending;
    lock.lock();
    try {
      closed = true;
      wheel.clear();
      ending = thread;
    } finally {
      lock.unlock();
    }
    Activity.Registry.forget(this);
    LockSupport.unpark(ending);
  }

  /* ------ The thread ------ */

  /** Called without the lock by whoever set AWAKE. */
  private void wake() {
    Thread waiting;
    boolean start;
    lock.lock();
    try {
      if (closed) {
        return;
      }
      start = thread == null;
      if (start) {
        thread = new Thread(null, this::run, "libprocess-clock", 0, false);
        thread.setDaemon(true);
        thread.setContextClassLoader(Clock.class.getClassLoader());
      }
      waiting = thread;
    } finally {
      lock.unlock();
    }
    if (!start) {
      LockSupport.unpark(waiting);
      return;
    }
    try {
      waiting.start();
    } catch (Throwable outOfThreads) {
      lock.lock();
      try {
        thread = null;
        wakeAt = Nanos.MAX; // The next timer tries again.
      } finally {
        lock.unlock();
      }
      throw outOfThreads;
    }
  }

  private void run() {
    ThreadContext.bindClock(this);
    ArrayList<Timer> due = new ArrayList<>();
    while (!closed) {
      long wait = takeDue(due);
      if (due.isEmpty()) {
        LockSupport.parkNanos(this, wait);
      } else {
        fire(due);
        due = due.size() > KEPT_CAPACITY ? new ArrayList<>() : due;
        due.clear();
      }
      Thread.interrupted(); // An interrupted thread would not wait any more.
    }
    lock.lock();
    try {
      firing = false;
    } finally {
      lock.unlock();
    }
  }

  /** Takes out what is due, or says for how many nanoseconds to wait. */
  private long takeDue(ArrayList<Timer> due) {
    lock.lock();
    try {
      Reading current = reading;
      long now = current.nanos();
      wheel.take(now, due);
      firing = !due.isEmpty();
      if (firing) {
        batches++;
        wakeAt = AWAKE;
        return 0;
      }
      if (current.paused() || wheel.isEmpty()) {
        wakeAt = current.paused() ? now : Nanos.MAX;
        return Long.MAX_VALUE;
      }
      wakeAt = wheel.earliest() - 1;
      return wheel.next() - now;
    } finally {
      lock.unlock();
    }
  }

  private void fire(ArrayList<Timer> due) {
    due.sort(BY_DEADLINE); // Stable: equal deadlines stay in the order of creation.
    for (int i = 0; i < due.size(); i++) {
      due.set(i, null).fire(closed);
    }
  }

  /* ------ Settling ------ */

  /**
   * Waits until nothing is left to do at the paused time: at one instant no timer is due or
   * running, and everything in the runtimes that live by this clock is idle. What other threads are
   * about to do, and what may still arrive from sockets, files and other programs, is not covered.
   *
   * @throws IllegalStateException if the clock is not paused, also if it is resumed meanwhile; or
   *     if called on a thread of the runtime, which would wait for itself
   */
  public void settle() {
    Settling.await(this);
  }

  /** How often due timers were taken out; -1 if some are due or running. */
  long quietBatches() {
    lock.lock();
    try {
      return firing || wheel.isDue(reading.nanos()) ? -1 : batches;
    } finally {
      lock.unlock();
    }
  }

  /** The time, and whether it is paused or the clock closed; for people. */
  @Override
  public String toString() {
    return "Clock["
        + Times.rfc3339(Nanos.instant(reading.nanos()))
        + (isPaused() ? ", paused" : "")
        + (closed ? ", closed]" : "]");
  }
}

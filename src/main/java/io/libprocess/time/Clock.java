package io.libprocess.time;

import io.libprocess.internal.Activity;
import io.libprocess.internal.PauseFlag;
import io.libprocess.internal.ThreadContext;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.Executor;

/**
 * Time that can be stopped and moved, and timers that follow it. All methods may be called from any
 * thread.
 *
 * <p><b>Time.</b> While a clock runs, {@link #now} is the system's wall clock plus all that this
 * clock was ever advanced; resuming does not take that back. If the system's clock is set forward
 * or back, so is {@link #now}. {@link #nanoTime} is not: it is the monotonic count of {@link
 * System#nanoTime} plus all that this clock was ever advanced, and timers go by it. While the clock
 * is paused both stand still and change together, through {@link #advance} and {@link #update}
 * only. Time ends at {@code 2262-04-11 23:47:16.854775807}: later times are cut to that.
 *
 * <p><b>Timers.</b> Due timers run one after another on a daemon thread of the clock, named {@code
 * libprocess-clock}: in the order in which they are due, and in the order of their creation where
 * that is equal. A slow one delays the others, unless it waits for a future: before that another
 * thread takes its place. Those that are due together are taken out before the first of them runs;
 * they can no longer be cancelled and run also if the clock is paused meanwhile. What a timer
 * throws is logged and stops no other. A timer never runs early. On an idle machine it runs at most
 * about a millisecond late; on a paused clock it is due exactly, to the nanosecond.
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
 * <p>The thread is started when a timer needs it first. {@link #close} ends it. The clock of a
 * {@link ClockDriver} has no thread and its time cannot be moved through this class.
 */
public final class Clock implements AutoCloseable {

  /*
   * Lock. `lock` guards the wheel, the links of its timers and the fields that say so. It is held
   * for a few instructions, or for as long as it takes to take out what is due; nothing waits,
   * nothing is allocated and no user code runs under it. `reading` and `closed` are written under it
   * and read without. Whoever starts a timer reads the time before taking the lock: meanwhile the
   * time can only have moved on, and then the timer is due sooner from now, never before its
   * deadline.
   *
   * Waking. `wakeAt` is the latest deadline that whoever runs the timers must be woken for. While
   * that one is on its way to look for due timers, or runs some, it is AWAKE, below every deadline.
   * Before it waits, it sets wakeAt to just before what it waits for, or to the frozen time. Whoever
   * adds a timer that is not later, or moves the time so that one is due, sets AWAKE and then wakes
   * it. Only the runner leaves AWAKE, when it has looked at the wheel under the same hold of the
   * lock. So no wake-up is lost and none is given twice. A thread that was never started counts as
   * one that waits. Cancelling wakes nobody: the runner may look and find nothing.
   */

  private static final long AWAKE = Long.MIN_VALUE;

  private static final Clock SYSTEM = new Clock(TimeSource.system(), (Instant) null);

  private final TimeSource source;
  private final long origin; // The elapsed time of a running clock that was never advanced,
  private final long mark; // when the source's monotonic count was this.
  private final long wallOffset; // Of its wall time from the source's.
  private final TimerRunner runner;
  private final boolean driven; // By a ClockDriver, and moved by its time source alone.
  private final ShortLock lock = new ShortLock();
  private final TimerWheel wheel; // Guarded by the lock.
  private volatile ClockReading reading; // Written under the lock.
  private volatile boolean closed; // Written under the lock.

  // Guarded by the lock.
  private long advanced; // Nanoseconds; it never falls.
  private long wakeAt;
  private int firing; // How many batches of timers were taken out and have not all run.
  private long batches; // How often timers were taken out.

  /** A clock with a thread of its own: running, or paused at a time. */
  private Clock(TimeSource source, Instant pausedAt) {
    long wall = Nanos.of(source.wallTime());
    this.source = source;
    driven = false;
    runner = new TimerThread.Owner(this);
    origin = pausedAt == null ? wall : Nanos.of(pausedAt);
    mark = source.nanoTime();
    wallOffset = Nanos.sum(origin, -wall);
    if (pausedAt == null) {
      reading = ClockReading.running(source, origin, mark, wallOffset);
      wakeAt = Nanos.MAX;
    } else {
      PauseFlag.set();
      reading = ClockReading.paused(source, origin, 0);
      wakeAt = origin;
    }
    wheel = new TimerWheel(origin);
  }

  /** The clock of a driver. */
  Clock(TimeSource source, TimerRunner runner) {
    this.source = source;
    this.runner = runner;
    driven = true;
    origin = Nanos.of(source.wallTime());
    mark = source.nanoTime();
    wallOffset = 0;
    reading = ClockReading.running(source, origin, mark, wallOffset);
    wakeAt = Nanos.MAX;
    wheel = new TimerWheel(origin);
  }

  /** The clock of this JVM, which everything shares that is not given another one. It runs. */
  public static Clock system() {
    return SYSTEM;
  }

  /** A clock of its own that runs, set to the wall clock. Close it after use. */
  public static Clock create() {
    return new Clock(TimeSource.system(), (Instant) null);
  }

  /**
   * A clock of its own that is paused. If it is resumed, time goes on as if the clock had run from
   * {@code start} since this call. Close it after use.
   */
  public static Clock paused(Instant start) {
    Objects.requireNonNull(start, "start");
    return new Clock(TimeSource.system(), start);
  }

  /** The clock of the runtime that the calling thread belongs to; elsewhere {@link #system()}. */
  public static Clock current() {
    return ThreadContext.clock() instanceof Clock clock ? clock : SYSTEM;
  }

  /* ------ Time ------ */

  /**
   * The wall time, for dates and for what is told to others; in a process that lives by this clock,
   * while it is paused, that of the process. To find out how much time has passed use {@link
   * #nanoTime}, which no step of the system's clock moves.
   */
  public Instant now() {
    ClockReading current = reading;
    return Nanos.instant(current.wall(current.paused() ? process() : null));
  }

  /**
   * A count of nanoseconds that never goes back; only the difference of two counts of one clock
   * means something. In a process that lives by this clock, while it is paused, that of the
   * process.
   */
  public long nanoTime() {
    return nanos();
  }

  long nanos() {
    ClockReading current = reading;
    return current.nanos(current.paused() ? process() : null);
  }

  /** The wall time that this clock foresees for an elapsed time. */
  Instant wallAt(long elapsed) {
    ClockReading current = reading;
    long offset = current.paused() ? current.offset() : Nanos.sum(current.wall(), -current.nanos());
    return Nanos.instant(Nanos.sum(elapsed, offset));
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
   *
   * @throws UnsupportedOperationException if the clock belongs to a {@link ClockDriver}
   */
  public void pause() {
    requireOwnTime();
    lock.lock();
    try {
      if (reading.paused()) {
        return;
      }
      PauseFlag.set();
      long time = reading.nanos();
      reading = ClockReading.paused(source, time, Nanos.sum(reading.wall(), -time));
      if (!frozenTimeNeedsRunner()) {
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
      long now = source.nanoTime();
      long time = Nanos.sum(Nanos.sum(origin, now - mark), advanced);
      reading = ClockReading.running(source, time, now, Nanos.sum(wallOffset, advanced));
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
   * @throws UnsupportedOperationException if the clock belongs to a {@link ClockDriver}
   */
  public void advance(Duration duration) {
    long nanos = Nanos.ofNotNegative(duration);
    requireOwnTime();
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
   *
   * @throws UnsupportedOperationException if the clock belongs to a {@link ClockDriver}
   */
  public void update(Instant time) {
    Objects.requireNonNull(time, "time");
    requireOwnTime();
    lock.lock();
    try {
      long nanos = reading.elapsedAt(Nanos.of(time));
      if (!reading.paused() || nanos <= reading.time() || !moveTo(nanos)) {
        return;
      }
    } finally {
      lock.unlock();
    }
    wake();
  }

  private void requireOwnTime() {
    if (driven) {
      throw new UnsupportedOperationException("the time of this clock is moved by its driver");
    }
  }

  /** Moves the frozen time. Whether the runner must be woken. */
  private boolean moveTo(long time) {
    advanced = Nanos.sum(advanced, Nanos.sum(time, -reading.time()));
    reading = reading.movedTo(time);
    return frozenTimeNeedsRunner();
  }

  private boolean frozenTimeNeedsRunner() {
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
    return Nanos.instant(reading.wall(Objects.requireNonNull(process, "process")));
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
    Objects.requireNonNull(time, "time");
    ClockReading current = reading;
    current.raise(process, current.elapsedAt(Nanos.of(time)));
  }

  /**
   * Sets the time of a process, also back; does nothing if the clock runs. (libprocess: {@code
   * FORCE}.)
   */
  public void reset(Executor process, Instant time) {
    Objects.requireNonNull(process, "process");
    Objects.requireNonNull(time, "time");
    ClockReading current = reading;
    current.set(process, current.elapsedAt(Nanos.of(time)));
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
   * @param thunk must not block, since all timers wait for it; what it throws is logged. It may
   *     wait for a future: then other timers run meanwhile.
   * @throws IllegalStateException if the clock is closed
   */
  public Timer timer(Duration delay, Runnable thunk) {
    Objects.requireNonNull(delay, "delay");
    Objects.requireNonNull(thunk, "thunk");
    ClockReading current = reading;
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
   * Drops all timers, which then never run, and ends the clock's thread; a function that is running
   * is not waited for. The time can still be read. Idempotent.
   *
   * @throws UnsupportedOperationException if this is {@link #system()}
   */
  @Override
  public void close() {
    if (this == SYSTEM) {
      throw new UnsupportedOperationException("the system clock cannot be closed");
    }
    lock.lock();
    try {
      closed = true;
      wheel.clear();
    } finally {
      lock.unlock();
    }
    Activity.Registry.forget(this);
    runner.closed();
  }

  /* ------ Running timers; for the runner ------ */

  /** Called without the lock by whoever set AWAKE. */
  private void wake() {
    runner.wake();
  }

  boolean isClosed() {
    return closed;
  }

  /** The runner cannot run: the next timer wakes it again. */
  void runnerFailed() {
    lock.lock();
    try {
      wakeAt = Nanos.MAX;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes out what is due into an empty batch, or says for how many nanoseconds to wait. The timers
   * of the batch before have run.
   */
  long takeDue(DueTimers batch) {
    lock.lock();
    try {
      noteRun(batch);
      ClockReading current = reading;
      long now = current.nanos();
      Timer due = wheel.take(now);
      if (due != null) {
        batch.fill(due);
        firing++;
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

  /** The timers of a batch have all run. */
  void haveRun(DueTimers batch) {
    lock.lock();
    try {
      noteRun(batch);
    } finally {
      lock.unlock();
    }
  }

  private void noteRun(DueTimers batch) {
    if (batch.counted) {
      batch.counted = false;
      firing--;
    }
  }

  /** Moves what is left of a batch to one that another thread runs at the same time. */
  void split(DueTimers batch, DueTimers rest) {
    lock.lock();
    try {
      rest.fill(batch.takeAll());
      firing++;
    } finally {
      lock.unlock();
    }
  }

  /** Takes out the one timer that is due first; null if none is due. */
  Timer takeFirst() {
    lock.lock();
    try {
      return wheel.takeFirst(reading.nanos());
    } finally {
      lock.unlock();
    }
  }

  /**
   * How many nanoseconds until the first timer is due, 0 if one is due; -1 if there is none. The
   * runner is woken when a timer is added that is due sooner.
   */
  long untilFirst() {
    lock.lock();
    try {
      if (wheel.isEmpty()) {
        wakeAt = Nanos.MAX;
        return -1;
      }
      long first = wheel.firstDeadline();
      wakeAt = first - 1;
      return Math.max(0, Nanos.sum(first, -reading.nanos()));
    } finally {
      lock.unlock();
    }
  }

  /* ------ Quiescence ------ */

  /**
   * Waits until nothing is left to do at the paused time: at one instant no timer is due or
   * running, and everything in the runtimes that live by this clock is idle. What other threads are
   * about to do, and what may still arrive from sockets, files and other programs, is not covered.
   *
   * @throws IllegalStateException if the clock is not paused, also if it is resumed meanwhile; or
   *     if called on a thread of the runtime, which would wait for itself
   * @throws UnsupportedOperationException if the clock belongs to a {@link ClockDriver}
   */
  public void settle() {
    requireOwnTime();
    Quiescence.await(this);
  }

  /** How often due timers were taken out; -1 if some are due or running. */
  long quietBatches() {
    lock.lock();
    try {
      return firing > 0 || wheel.isDue(reading.nanos()) ? -1 : batches;
    } finally {
      lock.unlock();
    }
  }

  /** The time, and whether it is paused or the clock closed; for people. */
  @Override
  public String toString() {
    return "Clock["
        + Times.rfc3339(Nanos.instant(reading.wall()))
        + (isPaused() ? ", paused" : "")
        + (closed ? ", closed]" : "]");
  }
}

package io.libprocess.time;

import io.libprocess.internal.scheduler.Activity;
import io.libprocess.internal.scheduler.ThreadContext;
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

  private static final Clock SYSTEM = new Clock(TimeSource.system(), (Instant) null);

  private final boolean driven; // By a ClockDriver, and moved by its time source alone.
  final ClockState state;

  /** A clock with a thread of its own: running, or paused at a time. */
  private Clock(TimeSource source, Instant pausedAt) {
    driven = false;
    state = new ClockState(source, new TimerThread.Owner(this), pausedAt);
  }

  /** The clock of a driver. */
  Clock(TimeSource source, TimerRunner runner) {
    driven = true;
    state = new ClockState(source, runner, null);
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
    ClockReading current = state.reading();
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
    ClockReading current = state.reading();
    return current.nanos(current.paused() ? process() : null);
  }

  /** The wall time that this clock foresees for an elapsed time. */
  Instant wallAt(long elapsed) {
    ClockReading current = state.reading();
    long offset = current.paused() ? current.offset() : Nanos.sum(current.wall(), -current.nanos());
    return Nanos.instant(Nanos.sum(elapsed, offset));
  }

  /** The PID of the process that the calling thread runs by this clock; null if there is none. */
  private Object process() {
    return ThreadContext.clock() == this ? ThreadContext.process() : null;
  }

  /** Whether the clock is paused. */
  public boolean isPaused() {
    return state.reading().paused();
  }

  /**
   * Stops the time; does nothing if it is stopped. Timers that are due already still run, later
   * ones wait.
   *
   * @throws UnsupportedOperationException if the clock belongs to a {@link ClockDriver}
   */
  public void pause() {
    requireOwnTime();
    state.pause();
  }

  /**
   * Lets the time run again; does nothing if it runs. It goes on from where it would be if it had
   * never been paused, plus all that it was ever advanced: it jumps over the length of the pause.
   */
  public void resume() {
    state.resume();
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
    state.advance(nanos);
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
    state.update(Nanos.of(time));
  }

  private void requireOwnTime() {
    if (driven) {
      throw new UnsupportedOperationException("the time of this clock is moved by its driver");
    }
  }

  /* ------ The times of processes, given by their PIDs, whose clock this is ------ */

  /** The time of a process: what {@link #now} says there. */
  public Instant now(Executor process) {
    return Nanos.instant(state.reading().wall(Objects.requireNonNull(process, "process")));
  }

  /**
   * Moves the time of a process forward; does nothing if the clock runs. No timer fires for it.
   *
   * @throws IllegalArgumentException if the duration is negative
   */
  public void advance(Executor process, Duration duration) {
    Objects.requireNonNull(process, "process");
    state.reading().advance(process, Nanos.ofNotNegative(duration));
  }

  /**
   * Sets the time of a process, as {@link #advance(Executor, Duration)} does. Does nothing if the
   * clock runs or the process is past that time. (libprocess: {@code SAFE}.)
   */
  public void update(Executor process, Instant time) {
    Objects.requireNonNull(process, "process");
    Objects.requireNonNull(time, "time");
    ClockReading current = state.reading();
    current.raise(process, current.elapsedAt(Nanos.of(time)));
  }

  /**
   * Sets the time of a process, also back; does nothing if the clock runs. (libprocess: {@code
   * FORCE}.)
   */
  public void reset(Executor process, Instant time) {
    Objects.requireNonNull(process, "process");
    Objects.requireNonNull(time, "time");
    ClockReading current = state.reading();
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

  /** How many timers wait; those of all who share this clock. */
  public int timers() {
    return state.waiting();
  }

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
    ClockReading current = state.reading();
    long now = current.nanos();
    Object process = current.paused() ? process() : null;
    long start = process == null ? now : current.nanos(process);
    long deadline = Nanos.sum(start, Math.max(0, Nanos.of(delay)));
    Timer timer =
        new Timer(this, deadline, process == null ? thunk : lifting(process, deadline, thunk));
    state.add(timer, now); // Never ahead of the clock, as a process may be.
    return timer;
  }

  /** A function that first moves the process which has started its timer. */
  private Runnable lifting(Object process, long deadline, Runnable thunk) {
    return () -> {
      state.reading().raise(process, deadline);
      thunk.run();
    };
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
    state.close();
    Activity.Registry.forget(this);
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

  /** The time, and whether it is paused or the clock closed; for people. */
  @Override
  public String toString() {
    return "Clock["
        + Times.rfc3339(Nanos.instant(state.reading().wall()))
        + (isPaused() ? ", paused" : "")
        + (state.isClosed() ? ", closed]" : "]");
  }
}

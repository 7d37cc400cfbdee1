package io.libprocess.time;

import io.libprocess.internal.ContextSlot;
import io.libprocess.internal.scheduler.Activity;
import io.libprocess.internal.scheduler.ThreadContext;
import io.libprocess.internal.scheduler.WaitsForTasks;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.Executor;

/**
 * A clock whose time can be stopped and moved, with timers that follow it. All methods may be
 * called from any thread.
 *
 * <p><b>Time.</b> While a clock runs, {@link #now} is the system's wall clock plus the sum of all
 * advances of this clock; resuming does not take that back. If the system's clock is set forward or
 * back, so is {@link #now}. {@link #nanoTime} is not affected: it is the monotonic count of {@link
 * System#nanoTime} plus the sum of all advances, and timers go by it. While the clock is paused
 * both stand still and change together, only through {@link #advance} and {@link #update}. Time
 * ends at {@code 2262-04-11 23:47:16.854775807}: later times are cut off there.
 *
 * <p><b>Timers.</b> Due timers run one after another on a daemon thread of the clock, named {@code
 * libprocess-clock}: in the order in which they are due, and in the order of their creation where
 * they are due at the same time. A slow timer delays the others, unless it waits for a future:
 * another thread then takes over first. Timers that are due together are taken out before the first
 * of them runs; they can no longer be cancelled, and run even if the clock is paused meanwhile. An
 * exception of a timer is logged and does not stop the others. A timer never runs early. On an idle
 * machine it runs at most about a millisecond late; on a paused clock it is due exactly, to the
 * nanosecond.
 *
 * <p><b>Processes.</b> While a clock is paused, every process that lives by it has its own time, so
 * that the behaviour of a process depends on the events it has received and not on when its thread
 * gets to them. {@link #advance(Duration)} does not move that time. A new process starts with the
 * time of its creator, an older one with the time at which the clock was paused. The time of a
 * process moves forward to the time of a sender that sends it an event, spawns or terminates it
 * (outside a process, that is the clock's time); to that of a process it is linked to, when that
 * one ends; and to the deadline of a timer that it has made, when that fires. A timer made in a
 * process counts from the process's time. Resuming the clock ends all this.
 *
 * <p>The thread is started when a timer first needs it. {@link #close} ends it. The clock of a
 * {@link ClockDriver} has no thread and its time cannot be moved through this class.
 */
public final class Clock implements AutoCloseable {

  private static final Clock SYSTEM = new Clock(TimeSource.system(), (Instant) null);

  private final boolean driven; // A ClockDriver's: only its time source moves it.
  final ClockState state;

  /** Makes a clock with its own thread: running, or paused at a time. */
  private Clock(TimeSource source, Instant pausedAt) {
    driven = false;
    state = new ClockState(source, new TimerThread.Owner(this), pausedAt);
  }

  /** Makes the clock of a driver. */
  Clock(TimeSource source, TimerRunner runner) {
    driven = true;
    state = new ClockState(source, runner, null);
  }

  /**
   * The clock of this JVM, shared by everything that is not given another one. It runs.
   *
   * @throws IllegalStateException if called by a thread of a simulated world, whose time is another
   */
  public static Clock system() {
    checkThread();
    return SYSTEM;
  }

  private static void checkThread() {
    if (Thread.currentThread() instanceof WaitsForTasks thread) {
      thread.refuseSystemTime();
    }
  }

  /**
   * Makes a separate clock that runs, set to the wall clock. Close it after use.
   *
   * @throws IllegalStateException if called by a thread of a simulated world, whose time is another
   */
  public static Clock create() {
    checkThread();
    return new Clock(TimeSource.system(), (Instant) null);
  }

  /**
   * Makes a separate clock that is paused. If it is resumed, time goes on as if the clock had run
   * from {@code start} since this call. Close it after use.
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
   * The wall time, for dates and for use outside this JVM. In a process that lives by this clock,
   * while the clock is paused, it is the time of the process. To measure how much time has passed
   * use {@link #nanoTime}, which is not affected by steps of the system's clock.
   */
  public Instant now() {
    ClockReading current = state.reading();
    return Nanos.instant(current.wall(current.paused() ? process() : null));
  }

  /**
   * A count of nanoseconds that never goes back; only the difference of two counts of one clock is
   * meaningful. In a process that lives by this clock, while the clock is paused, it is the count
   * of the process.
   */
  public long nanoTime() {
    return nanos();
  }

  long nanos() {
    ClockReading current = state.reading();
    return current.nanos(current.paused() ? process() : null);
  }

  /** The wall time that this clock predicts for an elapsed time. */
  Instant wallAt(long elapsed) {
    ClockReading current = state.reading();
    long offset = current.paused() ? current.offset() : Nanos.sum(current.wall(), -current.nanos());
    return Nanos.instant(Nanos.sum(elapsed, offset));
  }

  /**
   * The PID of the process that the calling thread runs, if that process lives by this clock;
   * otherwise null.
   */
  private Object process() {
    return ThreadContext.clock() == this ? ThreadContext.process() : null;
  }

  /** Whether the clock is paused. */
  public boolean isPaused() {
    return state.reading().paused();
  }

  /**
   * Stops the time; does nothing if it is already stopped. Timers that are due already still run,
   * later ones wait.
   *
   * @throws UnsupportedOperationException if the clock belongs to a {@link ClockDriver}
   */
  public void pause() {
    requireOwnTime();
    state.pause();
  }

  /**
   * Lets the time run again; does nothing if it runs. It goes on from where it would be if it had
   * never been paused, plus the sum of all advances: it jumps over the length of the pause.
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

  /* ------ The times of processes that live by this clock, given by their PIDs ------ */

  /** The time of a process, which {@link #now} returns in that process. */
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
   * clock runs or if the process is past that time. (libprocess: {@code SAFE}.)
   */
  public void update(Executor process, Instant time) {
    Objects.requireNonNull(process, "process");
    Objects.requireNonNull(time, "time");
    ClockReading current = state.reading();
    current.raise(process, current.elapsedAt(Nanos.of(time)));
  }

  /**
   * Sets the time of a process, backward if need be; does nothing if the clock runs. (libprocess:
   * {@code FORCE}.)
   */
  public void reset(Executor process, Instant time) {
    Objects.requireNonNull(process, "process");
    Objects.requireNonNull(time, "time");
    ClockReading current = state.reading();
    current.set(process, current.elapsedAt(Nanos.of(time)));
  }

  /**
   * Moves the time of a process forward to that of another one, unless it is already past it: the
   * next actions of {@code to} happen after the past ones of {@code from}. Does nothing if the
   * clock runs.
   */
  public void order(Executor from, Executor to) {
    update(to, now(from));
  }

  /* ------ Timers ------ */

  /** The number of timers that wait, including those of everything else that shares this clock. */
  public int timers() {
    return state.waiting();
  }

  /**
   * Runs a function once, on the clock's thread and in the current {@link
   * io.libprocess.context.Context}, when a duration has passed.
   *
   * @param delay from {@link #now}; zero or negative means as soon as possible, even on a paused
   *     clock
   * @param thunk must not block, since all timers wait for it; its exceptions are logged. It may
   *     wait for a future: other timers then run meanwhile.
   * @throws IllegalStateException if the clock is closed
   */
  public Timer timer(Duration delay, Runnable thunk) {
    Objects.requireNonNull(delay, "delay");
    Runnable bound = ContextSlot.bind(Objects.requireNonNull(thunk, "thunk"));
    ClockReading current = state.reading();
    long now = current.nanos();
    Object process = current.paused() ? process() : null;
    long start = process == null ? now : current.nanos(process);
    long deadline = Nanos.sum(start, Math.max(0, Nanos.of(delay)));
    Timer timer =
        new Timer(this, deadline, process == null ? bound : lifting(process, deadline, bound));
    state.add(timer, now); // Never ahead of the clock, as a process may be.
    return timer;
  }

  /** Wraps a function so that it first moves forward the process which has started its timer. */
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
   * running, and everything in the runtimes that live by this clock is idle. Actions that other
   * threads are about to take, and input that may still arrive from sockets, files and other
   * programs, are not covered; nor are messages on their way to another node, even in this JVM. A
   * simulation ({@code io.libprocess.simulation}) covers these too.
   *
   * @throws IllegalStateException if the clock is not paused or is resumed meanwhile; or if called
   *     on a thread of the runtime, which would wait for itself
   * @throws UnsupportedOperationException if the clock belongs to a {@link ClockDriver}
   */
  public void settle() {
    requireOwnTime();
    Quiescence.await(this);
  }

  /** A description for people: the time, and whether the clock is paused or closed. */
  @Override
  public String toString() {
    return "Clock["
        + Times.rfc3339(Nanos.instant(state.reading().wall()))
        + (isPaused() ? ", paused" : "")
        + (state.isClosed() ? ", closed]" : "]");
  }
}

package io.libprocess.time;

import io.libprocess.internal.Log;
import java.time.Duration;
import java.time.Instant;

/**
 * A function that runs once at a point in time, made by {@link Clock#timer}. Two timers are equal
 * only if they are the same. All methods may be called from any thread.
 */
public final class Timer {

  // It is its own node in the wheel: a pending timer is one object of 40 bytes.
  final long deadline;
  private final Clock clock;

  // The clock's lock guards these while the timer is in the wheel. Whoever takes it out owns them.
  Runnable thunk; // Null once the timer was cancelled, taken out to fire, or dropped.
  Timer previous;
  Timer next;
  int slot = TimerWheel.NOWHERE;

  Timer(Clock clock, long deadline, Runnable thunk) {
    this.clock = clock;
    this.deadline = deadline;
    this.thunk = thunk;
  }

  /** Runs the function of a timer that was taken out, or only lets go of it. */
  void fire(boolean closed) {
    Runnable taken = thunk;
    thunk = null;
    if (closed) {
      return;
    }
    try {
      taken.run();
    } catch (Throwable thrown) {
      Log.error(() -> "A timer failed: " + taken.getClass().getName(), thrown);
    } finally {
      Thread.interrupted(); // What one function does to the clock's thread is not for the next.
    }
  }

  /**
   * Prevents the function from running and lets go of it. Of "cancelled" and "runs" exactly one
   * happens, unless the clock is closed first.
   *
   * @return whether this call did that: false if the timer was cancelled before, was dropped with
   *     its clock, or was taken out to fire, even if the function has not begun to run
   */
  public boolean cancel() {
    return clock.state.cancel(this);
  }

  /**
   * Whether the function is still to run: the timer has neither been cancelled nor taken out to
   * fire. The answer may be old when it arrives.
   */
  public boolean isPending() {
    return thunk != null;
  }

  /** When the timer is due, as the wall clock foresees it now. */
  public Instant deadline() {
    return clock.wallAt(deadline);
  }

  /** How long from its clock's time until the timer is due; never below zero. */
  public Duration remaining() {
    return Nanos.between(clock.nanos(), deadline);
  }

  /** The deadline, for people. */
  @Override
  public String toString() {
    return "Timer[" + Times.rfc3339(deadline()) + "]";
  }
}

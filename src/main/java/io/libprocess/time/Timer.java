package io.libprocess.time;

import io.libprocess.internal.Log;
import java.time.Duration;
import java.time.Instant;

/**
 * A function that runs once at a point in time, made by {@link Clock#timer}. Equality is identity.
 * All methods may be called from any thread.
 */
public final class Timer {

  // The timer is its own node in the wheel: a pending timer is one object of 40 bytes.
  final long deadline;
  private final Clock clock;

  // The clock's lock guards these while the timer is in the wheel. The thread that takes it out
  // owns them.
  Runnable thunk; // Null once the timer has been cancelled, taken out to fire, or dropped.
  Timer previous;
  Timer next;
  int slot = TimerWheel.NOWHERE;

  Timer(Clock clock, long deadline, Runnable thunk) {
    this.clock = clock;
    this.deadline = deadline;
    this.thunk = thunk;
  }

  /** Runs the function of a timer that was taken out or, if the clock is closed, only drops it. */
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
      Thread.interrupted(); // An interrupt caused by one function must not affect the next.
    }
  }

  /**
   * Prevents the function from running and drops it. Of "cancelled" and "runs" exactly one happens,
   * unless the clock is closed first.
   *
   * @return whether this call cancelled it: false if the timer was cancelled before, was dropped
   *     with its clock, or was taken out to fire, even if the function has not begun to run
   */
  public boolean cancel() {
    return clock.state.cancel(this);
  }

  /**
   * Whether the function has yet to run: the timer has neither been cancelled nor taken out to
   * fire. The answer may be out of date by the time it is returned.
   */
  public boolean isPending() {
    return thunk != null;
  }

  /** The time at which the timer is due, as the wall clock predicts it now. */
  public Instant deadline() {
    return clock.wallAt(deadline);
  }

  /** The time until the timer is due, by its clock; never below zero. */
  public Duration remaining() {
    return Nanos.between(clock.nanos(), deadline);
  }

  /** A description for people: the deadline. */
  @Override
  public String toString() {
    return "Timer[" + Times.rfc3339(deadline()) + "]";
  }
}

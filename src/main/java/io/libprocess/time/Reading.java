package io.libprocess.time;

/**
 * How a clock tells the time: while it is paused {@code time} itself, or while it runs {@code time}
 * and what went by since {@code mark}, a value of {@link System#nanoTime}.
 *
 * @param processes the times of processes; null while the clock runs
 */
record Reading(ProcessTimes processes, long time, long mark) {

  static Reading running(long time, long mark) {
    return new Reading(null, time, mark);
  }

  /** The beginning of a pause. */
  static Reading paused(long time) {
    return new Reading(new ProcessTimes(time), time, 0);
  }

  /** Another time in the same pause. */
  Reading movedTo(long later) {
    return new Reading(processes, later, 0);
  }

  boolean paused() {
    return processes != null;
  }

  /** The time of the clock. */
  long nanos() {
    return paused() ? time : Nanos.sum(time, System.nanoTime() - mark);
  }

  /** The time of a process, or of the clock if that is null. */
  long nanos(Object process) {
    return paused() && process != null ? processes.of(process) : nanos();
  }

  /* The times of processes change only while the clock is paused. */

  void raise(Object process, long to) {
    if (paused()) {
      processes.raise(process, to);
    }
  }

  void advance(Object process, long nanos) {
    if (paused()) {
      processes.advance(process, nanos);
    }
  }

  void set(Object process, long to) {
    if (paused()) {
      processes.set(process, to);
    }
  }
}

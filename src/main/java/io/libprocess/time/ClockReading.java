package io.libprocess.time;

/**
 * The rule by which a clock tells the time until it is next paused, moved or resumed. There are two
 * times, both in nanoseconds:
 *
 * <ul>
 *   <li>the <em>elapsed</em> time, which timers go by. It never goes back: while the clock is
 *       paused it is {@code time} itself; while it runs, {@code time} plus the growth of the
 *       source's monotonic count since {@code mark}.
 *   <li>the <em>wall</em> time, which people and protocols go by. While the clock is paused it is
 *       the elapsed time plus {@code offset}; while it runs, the source's wall time plus {@code
 *       offset}, so that it follows the steps of the system's clock.
 * </ul>
 *
 * @param processes the elapsed times of processes; null while the clock runs
 */
record ClockReading(TimeSource source, ProcessTimes processes, long time, long mark, long offset) {

  /**
   * Makes the reading of a running clock, whose monotonic count was {@code mark} at the elapsed
   * time {@code time}.
   */
  static ClockReading running(TimeSource source, long time, long mark, long offset) {
    return new ClockReading(source, null, time, mark, offset);
  }

  /** Makes the reading of a clock at the beginning of a pause. */
  static ClockReading paused(TimeSource source, long time, long offset) {
    return new ClockReading(source, new ProcessTimes(time), time, 0, offset);
  }

  /** The same pause at another elapsed time. */
  ClockReading movedTo(long later) {
    return new ClockReading(source, processes, later, 0, offset);
  }

  boolean paused() {
    return processes != null;
  }

  /* ------ Elapsed time ------ */

  /** The elapsed time of the clock. */
  long nanos() {
    return paused() ? time : Nanos.sum(time, source.nanoTime() - mark);
  }

  /** The elapsed time of a process, or of the clock if {@code process} is null. */
  long nanos(Object process) {
    return paused() && process != null ? processes.of(process) : nanos();
  }

  /* ------ Wall time ------ */

  /** The wall time of the clock. */
  long wall() {
    return Nanos.sum(paused() ? time : Nanos.of(source.wallTime()), offset);
  }

  /** The wall time of a process, or of the clock if {@code process} is null. */
  long wall(Object process) {
    return paused() && process != null ? Nanos.sum(processes.of(process), offset) : wall();
  }

  /** The elapsed time at which a paused clock has this wall time. */
  long elapsedAt(long wall) {
    return Nanos.sum(wall, -offset);
  }

  /* ------ The times of processes, which change only while the clock is paused ------ */

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

package io.libprocess.internal.scheduler;

/**
 * The counts of a scheduler since its start.
 *
 * @param handOffs tasks that a worker ran next because it had made them ready itself
 * @param takeOvers how often another worker took over from a polling one that did not return
 * @param stuck how often a worker did not return from an event for some milliseconds
 * @param busy how many workers are running a task
 * @param blocking users' blocking calls that run or wait for their thread
 * @param blockingBegun users' blocking calls begun since the start
 */
public record SchedulerCounts(
    long handOffs, long takeOvers, long stuck, int busy, long blocking, long blockingBegun) {

  /** The counts of a scheduler that does not count. */
  public static final SchedulerCounts NONE = new SchedulerCounts(0, 0, 0, 0, 0, 0);
}

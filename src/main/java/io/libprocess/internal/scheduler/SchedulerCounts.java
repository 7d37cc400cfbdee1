package io.libprocess.internal.scheduler;

/**
 * What a scheduler has counted since it was started.
 *
 * @param handOffs tasks that a worker ran next because it had made them ready itself
 * @param takeOvers how often another worker took over from one that polls and did not come back
 * @param stuck how often a worker did not come back from an event for some milliseconds
 * @param busy how many workers run a task just now
 * @param blocking blocking calls of users that run or wait for their thread
 * @param blockingBegun blocking calls of users that were ever begun
 */
public record SchedulerCounts(
    long handOffs, long takeOvers, long stuck, int busy, long blocking, long blockingBegun) {

  /** Of a scheduler that does not count. */
  public static final SchedulerCounts NONE = new SchedulerCounts(0, 0, 0, 0, 0, 0);
}

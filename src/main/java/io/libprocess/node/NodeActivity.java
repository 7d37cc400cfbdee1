package io.libprocess.node;

import io.libprocess.actor.Processes;
import io.libprocess.internal.scheduler.Activity;
import io.libprocess.internal.scheduler.Scheduler;
import io.libprocess.time.Clock;

/**
 * What {@link Clock#settle} waits for: that no process and no blocking call has anything to do.
 *
 * @param processes those of a node
 * @param scheduler runs them
 */
public record NodeActivity(Processes processes, Scheduler scheduler) implements Activity {

  @Override
  public boolean isIdle() {
    Activity calls = calls();
    return processes.areIdle() && (calls == null || calls.isIdle());
  }

  @Override
  public long progress() {
    Activity calls = calls();
    return scheduler.progress() + (calls == null ? 0 : calls.progress());
  }

  /** The blocking calls, if the scheduler's way of running them can tell; else null. */
  private Activity calls() {
    return scheduler.blocking() instanceof Activity calls ? calls : null;
  }
}

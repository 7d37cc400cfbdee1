package io.libprocess.node;

import io.libprocess.actor.Processes;
import io.libprocess.internal.scheduler.Activity;
import io.libprocess.internal.scheduler.Scheduler;
import io.libprocess.time.Clock;

/**
 * The activity for which {@link Clock#settle} waits: a node is idle when no process and no blocking
 * call has anything to do.
 *
 * @param processes the node's processes
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

  /** The activity of blocking calls, if the scheduler can report it; otherwise null. */
  private Activity calls() {
    return scheduler.blocking() instanceof Activity calls ? calls : null;
  }
}

package io.libprocess;

import io.libprocess.internal.Activity;
import io.libprocess.internal.Scheduler;
import io.libprocess.time.Clock;

/** What {@link Clock#settle} waits for: that no process has anything to do. */
record NodeActivity(Processes processes, Scheduler scheduler) implements Activity {

  @Override
  public boolean isIdle() {
    return processes.areIdle();
  }

  @Override
  public long progress() {
    return scheduler.progress();
  }
}

package io.libprocess.simulation.engine;

import io.libprocess.internal.scheduler.Task;

/** What is known about tasks, each of which the same run knows by the same number. */
public interface TaskNames {

  /** What it means that a task runs. */
  Trace.Kind kind(Task task);

  /** What the trace shows of it; may be null. */
  Object subject(Task task);

  /** A number for it that is the same in each run. */
  long identity(Task task);
}

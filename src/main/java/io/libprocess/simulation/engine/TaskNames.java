package io.libprocess.simulation.engine;

import io.libprocess.internal.scheduler.Task;

/** Names of tasks for the trace; the same run gives each the same number. */
public interface TaskNames {

  /** The kind of step in which a task runs. */
  StepTrace.Kind kind(Task task);

  /** The text for the trace; may be null. */
  Object subject(Task task);

  /** A number for it that is the same in each run. */
  long identity(Task task);
}

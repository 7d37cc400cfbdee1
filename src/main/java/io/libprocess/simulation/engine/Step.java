package io.libprocess.simulation.engine;

import io.libprocess.internal.scheduler.Task;

/**
 * Something that is ready: the next step of a process, of a channel, of the timers of a machine or
 * of a blocking call. Each of these is in the queue once at most, so that its own steps keep their
 * order.
 */
abstract class Step {

  final Machine machine;

  // Of the queue.
  long number; // In which order the steps became ready.
  long since; // When it became ready.
  long priority;

  Step(Machine machine) {
    this.machine = machine;
  }

  /** Takes the step, in the run loop that it belongs to. */
  abstract void take();

  /** The task that is to be run; null if it is something else. */
  Task task() {
    return null;
  }

  abstract StepTrace.Kind kind();

  /** The text for the trace; may be null. */
  Object subject() {
    return null;
  }

  /** A number for it that is the same in each run. */
  long identity() {
    return 1;
  }
}

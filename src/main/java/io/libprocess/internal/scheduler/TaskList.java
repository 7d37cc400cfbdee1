package io.libprocess.internal.scheduler;

/**
 * A list of tasks in the order in which they were added, linked through themselves. Not
 * thread-safe.
 */
final class TaskList {

  private Task first;
  private Task last;

  boolean isEmpty() {
    return first == null;
  }

  void add(Task task) {
    task.link = null;
    if (first == null) {
      first = task;
    } else {
      last.link = task;
    }
    last = task;
  }

  /** Removes the oldest task; null if there is none. */
  Task poll() {
    Task taken = first;
    if (taken != null) {
      first = taken.link;
      taken.link = null;
    }
    return taken;
  }

  /** Moves all tasks to another list, which must be empty. */
  void moveTo(TaskList other) {
    other.first = first;
    other.last = last;
    first = null;
    last = null;
  }
}

package io.libprocess.internal.scheduler;

/**
 * A list of tasks in the order in which they were added, linked through themselves; the last one is
 * linked to itself, so a task in a list always has a link. A task that is in a list already is not
 * added: see {@link ForkJoinScheduler} about tasks that are queued twice. Not thread-safe.
 */
final class TaskList {

  private Task first;
  private Task last;

  boolean isEmpty() {
    return first == null;
  }

  void add(Task task) {
    if (task.link != null) {
      return;
    }
    task.link = task;
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
      first = taken == last ? null : taken.link;
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

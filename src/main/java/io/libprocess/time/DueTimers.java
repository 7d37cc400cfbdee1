package io.libprocess.time;

/**
 * Timers that were taken out of the wheel together and are run one after another, by the thread
 * that this belongs to. If that is held up, another thread takes those that are left. The clock
 * counts the batches that have not all run.
 */
final class DueTimers {

  /** Whether the clock counts this as a batch that has not all run; guarded by its lock. */
  boolean counted;

  private Timer first;

  synchronized boolean isEmpty() {
    return first == null;
  }

  /** Takes over a list, which may be null; this must be empty. */
  synchronized void fill(Timer list) {
    first = list;
    counted = true;
  }

  /** The timer to be run next, which this lets go of; null if there is none. */
  synchronized Timer poll() {
    Timer timer = first;
    if (timer != null) {
      first = timer.next;
      timer.next = null;
    }
    return timer;
  }

  /** The list of those that have not run, which this lets go of. */
  synchronized Timer takeAll() {
    Timer list = first;
    first = null;
    return list;
  }
}

package io.libprocess.time;

/**
 * Timers that were taken out of the wheel together and are run one after another, by the thread
 * that owns this batch. If that thread is held up, another one takes the remaining timers. The
 * clock counts the batches that have not all run.
 */
final class DueTimers {

  /** Whether the clock counts this as a batch that has not finished; guarded by its lock. */
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

  /** Removes and returns the timer to be run next; null if there is none. */
  synchronized Timer poll() {
    Timer timer = first;
    if (timer != null) {
      first = timer.next;
      timer.next = null;
    }
    return timer;
  }

  /** Removes and returns the list of the timers that have not run. */
  synchronized Timer takeAll() {
    Timer list = first;
    first = null;
    return list;
  }
}

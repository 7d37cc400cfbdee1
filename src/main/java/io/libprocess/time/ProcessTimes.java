package io.libprocess.time;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.Map;

/**
 * A table of the times of the processes that live by a clock, for the length of one pause. All
 * methods may be called from any thread.
 *
 * <p>The table saves a field in each process and in each event. A process that is not in it has
 * existed since before the pause and has not been moved. A process is identified by its PID object,
 * which is held weakly: the time of an ended process can be read for as long as its PID is
 * referenced.
 */
final class ProcessTimes {

  private final long beginning; // The time at which the pause began.
  private final Map<Key, Long> times = new HashMap<>(); // Guarded by the monitor of this.
  private final ReferenceQueue<Object> collected = new ReferenceQueue<>();

  ProcessTimes(long beginning) {
    this.beginning = beginning;
  }

  synchronized long of(Object process) {
    return times.getOrDefault(new Key(process, null), beginning);
  }

  /** Moves the time of a process, but not back. */
  synchronized void raise(Object process, long time) {
    if (time > of(process)) {
      set(process, time);
    }
  }

  synchronized void advance(Object process, long nanos) {
    set(process, Nanos.sum(of(process), nanos));
  }

  synchronized void set(Object process, long time) {
    for (Reference<?> key = collected.poll(); key != null; key = collected.poll()) {
      times.remove(key);
    }
    times.put(new Key(process, collected), time);
  }

  /**
   * A key that equals another one of the same process; once that is collected, it equals only
   * itself.
   */
  private static final class Key extends WeakReference<Object> {
    private final int hash;

    Key(Object process, ReferenceQueue<Object> queue) {
      super(process, queue);
      hash = System.identityHashCode(process);
    }

    @Override
    public int hashCode() {
      return hash;
    }

    @Override
    public boolean equals(Object other) {
      if (this == other) {
        return true;
      }
      Object process = get();
      return process != null && other instanceof Key key && key.get() == process;
    }
  }
}

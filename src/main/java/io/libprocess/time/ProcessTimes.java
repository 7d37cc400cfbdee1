package io.libprocess.time;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.Map;

/**
 * The times of the processes that live by a clock, for the length of one pause of it. All methods
 * may be called from any thread.
 *
 * <p>This table beside the processes holds what would otherwise need a field in each of them and in
 * each event. A process that is not in it has existed since before the pause and not been moved. A
 * process is known by the identity of its PID, and held weakly: the clock of an ended one can be
 * read for as long as somebody has the PID.
 */
final class ProcessTimes {

  private final long beginning; // Of the pause.
  private final Map<Key, Long> times = new HashMap<>(); // Guarded by this.
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

  /** Equal to another one of the same process, and once that is collected, to itself. */
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

package io.libprocess.simulation.engine;

import java.util.Comparator;
import java.util.PriorityQueue;

/**
 * The steps that are due at a later time of the world: the earliest comes first, and of several at
 * the same time the one that was added first. For the thread with the baton.
 */
public final class Agenda {

  private final PriorityQueue<Entry> entries =
      new PriorityQueue<>(
          Comparator.comparingLong(Entry::time).thenComparingLong(entry -> entry.number));

  private long last;

  /** Something that happens at a time. */
  public static final class Entry {
    private final long time;
    private final long number;
    private Runnable body; // Null once it has happened or was cancelled.

    private Entry(long time, long number, Runnable body) {
      this.time = time;
      this.number = number;
      this.body = body;
    }

    private long time() {
      return time;
    }

    /** Keeps it from happening; does nothing if it has. */
    public void cancel() {
      body = null;
    }
  }

  Entry add(long time, Runnable body) {
    Entry entry = new Entry(time, ++last, body);
    entries.add(entry);
    return entry;
  }

  /** The time of the first entry; {@link Long#MAX_VALUE} if there is none. */
  long first() {
    while (!entries.isEmpty()) {
      Entry entry = entries.peek();
      if (entry.body != null) {
        return entry.time;
      }
      entries.poll();
    }
    return Long.MAX_VALUE;
  }

  /** Takes out what the first entry does, which must be there. */
  Runnable take() {
    Entry entry = entries.poll();
    Runnable body = entry.body;
    entry.body = null;
    return body;
  }
}

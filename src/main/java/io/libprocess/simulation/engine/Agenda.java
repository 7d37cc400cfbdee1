package io.libprocess.simulation.engine;

import java.util.Arrays;

/**
 * The steps that are due at a later time of the world: the earliest comes first, and of several at
 * the same time the one that was added first. A binary heap, in an array. For the thread with the
 * baton.
 */
public final class Agenda {

  private Entry[] heap = new Entry[64];
  private int size;
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

    private boolean isBefore(Entry other) {
      return time < other.time || time == other.time && number < other.number;
    }

    /** Keeps it from happening; does nothing if it has. */
    public void cancel() {
      body = null;
    }
  }

  Entry add(long time, Runnable body) {
    Entry entry = new Entry(time, ++last, body);
    if (size == heap.length) {
      heap = Arrays.copyOf(heap, 2 * size);
    }
    int at = size++;
    while (at > 0) {
      int parent = (at - 1) >>> 1;
      if (!entry.isBefore(heap[parent])) {
        break;
      }
      heap[at] = heap[parent];
      at = parent;
    }
    heap[at] = entry;
    return entry;
  }

  /** The time of the first entry; {@link Long#MAX_VALUE} if there is none. */
  long first() {
    while (size > 0) {
      Entry entry = heap[0];
      if (entry.body != null) {
        return entry.time;
      }
      poll();
    }
    return Long.MAX_VALUE;
  }

  /** Takes out what the first entry does, which must be there. */
  Runnable take() {
    Entry entry = poll();
    Runnable body = entry.body;
    entry.body = null;
    return body;
  }

  private Entry poll() {
    Entry first = heap[0];
    Entry moved = heap[--size];
    heap[size] = null;
    int at = 0;
    for (int child = 1; child < size; child = 2 * at + 1) {
      if (child + 1 < size && heap[child + 1].isBefore(heap[child])) {
        child++;
      }
      if (!heap[child].isBefore(moved)) {
        break;
      }
      heap[at] = heap[child];
      at = child;
    }
    if (size > 0) {
      heap[at] = moved;
    }
    return first;
  }
}

package io.libprocess.context;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Keeps records until somebody takes them, such as a timer that sends them off; when it is full it
 * drops what comes. It never blocks. For any thread.
 *
 * <p>{@code room} is taken before a record is queued, and given back after it was taken out, so
 * there are never more than the capacity.
 */
public final class TraceBuffer implements TraceRecorder {

  private final ConcurrentLinkedQueue<TraceRecord> records = new ConcurrentLinkedQueue<>();
  private final AtomicInteger room;
  private final AtomicLong dropped = new AtomicLong();

  /**
   * Makes an empty one.
   *
   * @param capacity how many records are kept
   * @throws IllegalArgumentException if that is less than 1
   */
  public TraceBuffer(int capacity) {
    if (capacity < 1) {
      throw new IllegalArgumentException("capacity < 1: " + capacity);
    }
    room = new AtomicInteger(capacity);
  }

  @Override
  public void record(TraceRecord record) {
    int before = room.getAndUpdate(left -> Math.max(0, left - 1));
    if (before == 0) {
      dropped.incrementAndGet();
    } else {
      records.add(record);
    }
  }

  /** Takes out all records there are, the oldest first. */
  public List<TraceRecord> takeAll() {
    List<TraceRecord> taken = new ArrayList<>();
    for (TraceRecord next = records.poll(); next != null; next = records.poll()) {
      taken.add(next);
      room.incrementAndGet();
    }
    return taken;
  }

  /** How many were dropped so far. */
  public long dropped() {
    return dropped.get();
  }
}

package io.libprocess.stream.stage;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A bounded queue between one adding and one taking thread at a time. (Lamport's ring in the form
 * of FastFlow: a slot that is null is free, so the two sides share no index.) An element is
 * published by the release store of its slot, and a slot is freed by the release store of null;
 * each index belongs to one side. The adding thread has to notify the other side separately, with a
 * full fence: {@link Emitter#ask} has one.
 *
 * @param <T> the type of the elements
 */
public final class Ring<T> {

  private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(Object[].class);

  private static final int MOST = 1 << 20;

  private final Object[] slots;
  private int tail; // The index of the next addition: used by the adding side.
  private int head; // The index of the next removal: used by the taking side.

  /**
   * Makes a ring with room for at least a number of elements.
   *
   * @throws IllegalArgumentException if the number is not in 1..2^20
   */
  public Ring(int capacity) {
    if (capacity < 1 || capacity > MOST) {
      throw new IllegalArgumentException("capacity not in 1.." + MOST + ": " + capacity);
    }
    slots = new Object[Math.max(2, Integer.highestOneBit(capacity * 2 - 1))];
  }

  /** Adds an element; false if there is no room. */
  public boolean offer(T element) {
    int index = tail & slots.length - 1;
    if (SLOT.getAcquire(slots, index) != null) {
      return false;
    }
    tail++;
    SLOT.setRelease(slots, index, element);
    return true;
  }

  /** Whether there is no room; for the taking side the answer may be out of date. */
  public boolean isFull() {
    return SLOT.getAcquire(slots, head + slots.length - 1 & slots.length - 1) != null;
  }

  /** Whether the ring is empty. */
  public boolean isEmpty() {
    return SLOT.getAcquire(slots, head & slots.length - 1) == null;
  }

  /** Takes the oldest element; null if there is none. */
  @SuppressWarnings("unchecked") // Only offer inserts elements.
  public T poll() {
    int index = head & slots.length - 1;
    Object element = SLOT.getAcquire(slots, index);
    if (element != null) {
      head++;
      SLOT.setRelease(slots, index, null);
    }
    return (T) element;
  }
}

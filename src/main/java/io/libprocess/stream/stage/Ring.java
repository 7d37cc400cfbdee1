package io.libprocess.stream.stage;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A bounded queue between one thread that adds and one that takes, at a time. (Lamport's ring as
 * FastFlow has it: a slot that is null is free, so the two share no index.) An element is published
 * by the release store of its slot, and a slot is freed by that of null; the indices belong to one
 * side each. Whoever adds has to tell the other side by other means, with a full fence: {@link
 * Emitter#ask} has one.
 *
 * @param <T> the type of the elements
 */
public final class Ring<T> {

  private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(Object[].class);

  private static final int MOST = 1 << 20;

  private final Object[] slots;
  private int tail; // Where the next one is added: used by the adding side.
  private int head; // Where the next one is taken: used by the taking side.

  /**
   * Makes a ring with room for a number of elements at least.
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

  /** Whether there is no room; for the side that takes it may be old. */
  public boolean isFull() {
    return SLOT.getAcquire(slots, head + slots.length - 1 & slots.length - 1) != null;
  }

  /** Whether there is nothing to take. */
  public boolean isEmpty() {
    return SLOT.getAcquire(slots, head & slots.length - 1) == null;
  }

  /** Takes the oldest element; null if there is none. */
  @SuppressWarnings("unchecked") // Only offer puts elements in.
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

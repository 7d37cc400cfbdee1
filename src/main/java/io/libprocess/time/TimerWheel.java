package io.libprocess.time;

/**
 * Timers ordered by deadline, with O(1) {@link #add} and {@link #remove}: a hierarchical timing
 * wheel (Varghese and Lauck, 1987, scheme 7) with lists that link the timers themselves. No method
 * allocates, so none fails halfway for lack of memory. Not thread safe.
 *
 * <p>Overview. A tick is 2^18 ns, about a quarter of a millisecond. The 46-bit number of a tick is
 * read as eight digits of six bits, one per level, and a timer lies on the level of the highest
 * digit in which its tick differs from {@code time}, the tick that the wheel stands at; on that
 * level the digit picks one of 64 slots. So level 0 holds one tick per slot, level 1 holds 64, and
 * the top level reaches to the end of time: no deadline is too far.
 *
 * <p>This placement is kept at every moment: before {@code time} enters a slot of a higher level,
 * that slot is emptied into the levels below (a cascade; a timer takes part in at most seven).
 * Three things follow.
 *
 * <ul>
 *   <li>On a level no slot before the digit of {@code time} is occupied, and every occupied slot is
 *       earlier than all slots of the levels above. The earliest timers are in the first occupied
 *       slot of the lowest occupied level, which two bit counts find. Moving over years costs no
 *       more than moving over a tick.
 *   <li>Timers with equal deadlines are always in the same slot. Slots are appended to and emptied
 *       in order, so that equal deadlines stay in the order of creation.
 *   <li>Between two moves no timer changes place, and the slot it remembers is right.
 * </ul>
 *
 * <p>A deadline before {@code time} goes to the slot of {@code time}. Ticks only find a timer; its
 * deadline in nanoseconds decides whether it is due.
 */
final class TimerWheel {

  /** The slot of a timer that is in no wheel. */
  static final int NOWHERE = -1;

  private static final int TICK_BITS = 18;
  private static final int DIGIT_BITS = 6;
  private static final int SLOTS = 1 << DIGIT_BITS;
  private static final int LEVELS = 8;

  private volatile int size;
  private final Timer[] heads = new Timer[LEVELS * SLOTS];
  private final Timer[] tails = new Timer[LEVELS * SLOTS];
  private final long[] occupied = new long[LEVELS]; // One bit per slot, for each level.
  private int levels; // One bit per level that has an occupied slot.
  private long time; // A tick; it never decreases.

  TimerWheel(long now) {
    time = tick(now);
  }

  // Flipping the sign turns the order from the earliest to the latest time into that of unsigned
  // numbers.
  private static long tick(long nanos) {
    return (nanos ^ Long.MIN_VALUE) >>> TICK_BITS;
  }

  private static long nanos(long tick) {
    return (tick << TICK_BITS) ^ Long.MIN_VALUE;
  }

  /**
   * The number of timers that wait. May be called without the lock; the number may then be slightly
   * out of date.
   */
  int size() {
    return size;
  }

  boolean isEmpty() {
    return levels == 0;
  }

  /** Adds a timer that is in no wheel, behind those with the same deadline. */
  void add(Timer timer, long now) {
    size = size + 1; // Only the holder of the lock writes.
    if (levels == 0) {
      time = Math.max(time, tick(now)); // Nothing is in between.
    }
    place(timer);
  }

  private void place(Timer timer) {
    long tick = Math.max(tick(timer.deadline), time);
    // The lowest digit is set so that equal ticks, too, have a highest difference: on level 0.
    int level = (63 - Long.numberOfLeadingZeros(tick ^ time | SLOTS - 1)) / DIGIT_BITS;
    int index = (int) (tick >>> level * DIGIT_BITS) & SLOTS - 1;
    int slot = level * SLOTS + index;
    Timer tail = tails[slot];
    if (tail == null) {
      heads[slot] = timer;
      occupied[level] |= 1L << index;
      levels |= 1 << level;
    } else {
      tail.next = timer;
      timer.previous = tail;
    }
    tails[slot] = timer;
    timer.slot = slot;
  }

  /** Takes a timer out of this wheel. */
  void remove(Timer timer) {
    size = size - 1;
    Timer previous = timer.previous;
    Timer next = timer.next;
    int slot = timer.slot;
    if (previous == null) {
      heads[slot] = next;
    } else {
      previous.next = next;
    }
    if (next == null) {
      tails[slot] = previous;
    } else {
      next.previous = previous;
    }
    if (previous == null && next == null) {
      vacate(slot);
    }
    unlink(timer);
  }

  private static void unlink(Timer timer) {
    timer.previous = null;
    timer.next = null;
    timer.slot = NOWHERE;
  }

  private void vacate(int slot) {
    int level = slot / SLOTS;
    occupied[level] &= ~(1L << slot % SLOTS);
    if (occupied[level] == 0) {
      levels &= ~(1 << level);
    }
  }

  /**
   * Moves to {@code now}, or to the earliest timer that is due.
   *
   * @return whether a timer is due, in which case the wheel stands at its slot
   */
  boolean isDue(long now) {
    long target = tick(now);
    while (levels != 0) {
      int slot = firstSlot();
      long start = start(slot);
      if (start > target) {
        break;
      }
      time = start;
      if (slot < SLOTS) {
        return start < target || isDue(slot, now);
      }
      cascade(slot);
    }
    time = Math.max(time, target);
    return false;
  }

  private boolean isDue(int slot, long now) {
    for (Timer timer = heads[slot]; timer != null; timer = timer.next) {
      if (timer.deadline <= now) {
        return true;
      }
    }
    return false;
  }

  private void cascade(int slot) {
    Timer timer = heads[slot];
    heads[slot] = null;
    tails[slot] = null;
    vacate(slot);
    while (timer != null) {
      Timer next = timer.next;
      unlink(timer);
      place(timer);
      timer = next;
    }
  }

  /**
   * Moves to {@code now} and takes out all timers that are due.
   *
   * @return the first of them, each linked to the {@code next}: in the order of deadlines, and of
   *     creation where these are equal; null if none is due
   */
  Timer take(long now) {
    Timer first = null;
    Timer last = null;
    while (isDue(now)) {
      Timer timer = heads[firstSlot()];
      while (timer != null) {
        Timer next = timer.next;
        if (timer.deadline <= now) {
          remove(timer);
          if (first == null) {
            first = timer;
          } else {
            last.next = timer;
          }
          last = timer;
        }
        timer = next;
      }
    }
    return sorted(first);
  }

  /** Takes out the timer that is due first; null if none is due. */
  Timer takeFirst(long now) {
    if (!isDue(now)) {
      return null;
    }
    Timer first = firstOf(heads[firstSlot()]);
    remove(first);
    return first;
  }

  /** The earliest deadline; the wheel must not be empty. */
  long firstDeadline() {
    return firstOf(heads[firstSlot()]).deadline;
  }

  private static Timer firstOf(Timer list) {
    Timer first = list;
    for (Timer timer = list; timer != null; timer = timer.next) {
      if (timer.deadline < first.deadline) {
        first = timer;
      }
    }
    return first;
  }

  /** Merge sort of a list, stable, in place. */
  private static Timer sorted(Timer list) {
    if (isSorted(list)) {
      return list;
    }
    Timer middle = list;
    for (Timer end = list.next; end != null && end.next != null; end = end.next.next) {
      middle = middle.next;
    }
    Timer second = middle.next;
    middle.next = null;
    return merged(sorted(list), sorted(second));
  }

  private static boolean isSorted(Timer list) {
    for (Timer timer = list; timer != null && timer.next != null; timer = timer.next) {
      if (timer.deadline > timer.next.deadline) {
        return false;
      }
    }
    return true;
  }

  private static Timer merged(Timer a, Timer b) {
    Timer first = null;
    Timer last = null;
    while (a != null && b != null) {
      Timer smaller;
      if (b.deadline < a.deadline) {
        smaller = b;
        b = b.next;
      } else {
        smaller = a;
        a = a.next;
      }
      if (first == null) {
        first = smaller;
      } else {
        last.next = smaller;
      }
      last = smaller;
    }
    last.next = a == null ? b : a;
    return first;
  }

  /** Takes out all timers and drops their functions. */
  void clear() {
    while (levels != 0) {
      int slot = firstSlot();
      for (Timer timer = heads[slot]; timer != null; timer = heads[slot]) {
        remove(timer);
        timer.thunk = null;
      }
    }
  }

  /** The first slot that is occupied; there must be one. */
  private int firstSlot() {
    int level = Integer.numberOfTrailingZeros(levels);
    return level * SLOTS + Long.numberOfTrailingZeros(occupied[level]);
  }

  /** The first tick of an occupied slot. */
  private long start(int slot) {
    int shift = slot / SLOTS * DIGIT_BITS;
    long above = time >>> shift + DIGIT_BITS << DIGIT_BITS;
    return above + slot % SLOTS << shift;
  }

  /** A time before which nothing becomes due; the wheel must not be empty. */
  long earliest() {
    return nanos(start(firstSlot()));
  }

  /**
   * The time to look again: the end of the tick of the earliest timers, so that timers close
   * together are found at once; or the time of the next cascade, if that comes first. The wheel
   * must not be empty.
   */
  long next() {
    int slot = firstSlot();
    long start = start(slot);
    return nanos(start) + (slot < SLOTS ? (1L << TICK_BITS) - 1 : 0);
  }
}

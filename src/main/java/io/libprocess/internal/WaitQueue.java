package io.libprocess.internal;

/**
 * A queue of waiting entries, in the order in which they came. An entry can be removed in constant
 * time, however many wait. Not thread-safe: its owner's lock guards it and the entries in it.
 *
 * @param <E> the type of the entries
 */
public final class WaitQueue<E extends WaitQueue.Entry> {

  /** One place in a queue. An entry is added at most once, to one queue. */
  public abstract static class Entry {
    private Entry before; // Null in the first entry and outside.
    private Entry behind; // Null in the last entry and outside.
    private boolean inside;

    /** Makes an entry that has not been added yet. */
    protected Entry() {}
  }

  private Entry first;
  private Entry last;
  private int size;

  /** Makes an empty queue. */
  public WaitQueue() {}

  /** Whether the queue is empty. */
  public boolean isEmpty() {
    return first == null;
  }

  /** The number of entries. */
  public int size() {
    return size;
  }

  /** Adds an entry at the end. */
  public void add(E entry) {
    Entry added = entry;
    added.inside = true;
    added.before = last;
    if (last == null) {
      first = added;
    } else {
      last.behind = added;
    }
    last = added;
    size++;
  }

  /** The first entry, or null if the queue is empty. */
  @SuppressWarnings("unchecked") // Only add inserts entries.
  public E peek() {
    return (E) first;
  }

  /** Takes out the first entry; null if the queue is empty. */
  public E poll() {
    E entry = peek();
    if (entry != null) {
      remove(entry);
    }
    return entry;
  }

  /**
   * Takes out all entries, without allocating.
   *
   * @return the first of them, or null; {@link #next} leads to the others
   */
  public E takeAll() {
    E all = peek();
    for (Entry entry = first; entry != null; entry = entry.behind) {
      entry.before = null;
      entry.inside = false;
    }
    first = null;
    last = null;
    size = 0;
    return all;
  }

  /**
   * The entry that was taken out together with this one and follows it; null after the last one.
   */
  @SuppressWarnings("unchecked") // Only add inserts entries.
  public static <E extends Entry> E next(E taken) {
    E next = (E) ((Entry) taken).behind;
    ((Entry) taken).behind = null;
    return next;
  }

  /** Takes out an entry, if it is still in the queue. */
  public boolean remove(E entry) {
    Entry removed = entry;
    if (!removed.inside) {
      return false;
    }
    if (removed.before == null) {
      first = removed.behind;
    } else {
      removed.before.behind = removed.behind;
    }
    if (removed.behind == null) {
      last = removed.before;
    } else {
      removed.behind.before = removed.before;
    }
    removed.before = null;
    removed.behind = null;
    removed.inside = false;
    size--;
    return true;
  }
}

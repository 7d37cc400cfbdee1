package io.libprocess.http.hpack;

/** The dynamic table of a decoder: a ring of entries, which grows with their number. */
final class DecoderTable {

  private static final int FIRST_CAPACITY = 8; // A power of two.

  private TableEntry[] ring = new TableEntry[FIRST_CAPACITY];
  private int newest; // The place of the entry that was added last.
  private int count;
  private int size;
  private int limit;

  DecoderTable(int limit) {
    this.limit = limit;
  }

  /** How many entries there are. */
  int count() {
    return count;
  }

  /** The size up to which entries are kept. */
  int limit() {
    return limit;
  }

  /** The entry before which some newer ones were added. */
  TableEntry get(int newer) {
    return ring[newest - newer & ring.length - 1];
  }

  void resize(int newLimit) {
    limit = newLimit;
    evictTo(newLimit);
  }

  private void evictTo(int most) {
    while (size > most) {
      int oldest = newest - --count & ring.length - 1;
      size -= ring[oldest].size();
      ring[oldest] = null;
    }
  }

  /** Removes the entries that are in the way of a new one of a size, which may be too large. */
  void makeRoom(int wanted) {
    evictTo(Math.max(0, limit - wanted));
  }

  /** Adds an entry for which there is room. */
  void add(TableEntry entry) {
    if (count == ring.length) {
      grow();
    }
    newest = newest + 1 & ring.length - 1;
    ring[newest] = entry;
    count++;
    size += entry.size();
  }

  private void grow() {
    TableEntry[] grown = new TableEntry[2 * ring.length];
    for (int i = 0; i < count; i++) {
      grown[count - 1 - i] = get(i);
    }
    ring = grown;
    newest = count - 1;
  }
}

package io.libprocess.http.hpack;

import java.util.Arrays;

/**
 * The dynamic table of an encoder: a ring of entries, which are found by a hash of the name and by
 * one of the whole field.
 *
 * <p>Entries are numbered in the order in which they are added. Each bucket has the number of its
 * newest entry, and each entry that of the next older one in the same bucket. An entry is never
 * taken out of a bucket: a number that is too old ends the search, since all after it are older.
 */
final class EncoderTable {

  private static final int FIRST_CAPACITY = 16; // Powers of two.
  private static final int BUCKETS = 64;
  private static final int NONE = -1; // The first number is 0.

  private final int[] names = new int[BUCKETS];
  private final int[] fields = new int[BUCKETS];

  // For each place of the ring.
  private TableEntry[] ring = new TableEntry[FIRST_CAPACITY];
  private int[] olderName = new int[FIRST_CAPACITY];
  private int[] olderField = new int[FIRST_CAPACITY];

  private int added; // The number of the next entry; wraps around.
  private int count;
  private int size;
  private int limit;

  EncoderTable(int limit) {
    this.limit = limit;
    Arrays.fill(names, NONE);
    Arrays.fill(fields, NONE);
  }

  int limit() {
    return limit;
  }

  void resize(int newLimit) {
    limit = newLimit;
    evictTo(newLimit);
  }

  private void evictTo(int most) {
    while (size > most) {
      int place = added - count-- & ring.length - 1;
      size -= ring[place].size();
      ring[place] = null;
    }
  }

  private static int bucket(int hash) {
    return hash * 0x9E3779B9 >>> 26;
  }

  /** A hash of a field, given that of its name. */
  static int hash(int name, String value) {
    return 31 * name + value.hashCode();
  }

  /**
   * Whether there is an entry of this number. When the numbers have wrapped around, an old one may
   * be taken for the new one that is equal to it: then it leads to an entry of another bucket,
   * which is compared like any other.
   */
  private boolean isKept(int number) {
    int age = added - number;
    return age > 0 && age <= count;
  }

  /** How many entries are newer than one of a name in any case; -1 if there is none. */
  int findName(String name, int hash) {
    int number = names[bucket(hash)];
    while (isKept(number)) {
      int place = number & ring.length - 1;
      if (ring[place].name().equalsIgnoreCase(name)) {
        return added - 1 - number;
      }
      number = olderName[place];
    }
    return -1;
  }

  /** How many entries are newer than one that is a field; -1 if there is none. */
  int find(String name, String value, int hash) {
    int number = fields[bucket(hash)];
    while (isKept(number)) {
      int place = number & ring.length - 1;
      TableEntry entry = ring[place];
      if (entry.value().equals(value) && entry.name().equalsIgnoreCase(name)) {
        return added - 1 - number;
      }
      number = olderField[place];
    }
    return -1;
  }

  /** Adds a field that is not larger than the limit, and removes others if that is necessary. */
  void add(String name, String value, int nameHash, int fieldHash) {
    TableEntry entry = new TableEntry(name, value, null, null);
    evictTo(limit - entry.size());
    if (count == ring.length) {
      grow();
    }
    int place = added & ring.length - 1;
    ring[place] = entry;
    olderName[place] = names[bucket(nameHash)];
    olderField[place] = fields[bucket(fieldHash)];
    names[bucket(nameHash)] = added;
    fields[bucket(fieldHash)] = added;
    added++;
    count++;
    size += entry.size();
  }

  private void grow() {
    TableEntry[] oldRing = ring;
    int[] oldNames = olderName;
    int[] oldFields = olderField;
    int capacity = 2 * oldRing.length;
    ring = new TableEntry[capacity];
    olderName = new int[capacity];
    olderField = new int[capacity];
    for (int i = 0; i < count; i++) {
      int number = added - count + i;
      int from = number & oldRing.length - 1;
      int to = number & capacity - 1;
      ring[to] = oldRing[from];
      olderName[to] = oldNames[from];
      olderField[to] = oldFields[from];
    }
  }
}

package io.libprocess.simulation.disk;

import io.libprocess.simulation.engine.Draws;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/** The bytes of a file: those that programs see, and those that would survive a crash. */
final class Content implements Entry {

  static final int PAGE = 4096;

  private static final int SECTOR = 512;
  private static final int LARGEST = Integer.MAX_VALUE - PAGE;

  final long number; // The same in each run.
  final List<DiskLock> locks = new ArrayList<>();
  Instant modified;
  boolean linked = true; // Whether it has a name.

  private byte[] bytes = {};
  private int size;
  private byte[] durable = {}; // As long as it is durable.
  private final BitSet dirty = new BitSet(); // Pages that differ from what is durable.
  private boolean sizeIsDirty;

  Content(long number, Instant created) {
    this.number = number;
    modified = created;
  }

  long size() {
    return size;
  }

  /** Reads from a position; -1 if that is at or behind the end. */
  int read(long position, ByteBuffer into) {
    if (position >= size) {
      return into.hasRemaining() ? -1 : 0;
    }
    int count = Math.min(into.remaining(), size - (int) position);
    into.put(bytes, (int) position, count);
    return count;
  }

  /** Whether a file may have a size. */
  static boolean fits(long size) {
    return size <= LARGEST;
  }

  /** Writes all at a position, and fills what is between that and the end with zeros. */
  void write(long position, ByteBuffer from) {
    int count = from.remaining();
    if (count == 0) {
      return;
    }
    int end = (int) position + count;
    if (end > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(end, (int) Math.min(LARGEST, 2L * bytes.length)));
    }
    from.get(bytes, (int) position, count);
    dirty.set(Math.min(size, (int) position) / PAGE, (end - 1) / PAGE + 1);
    if (end > size) {
      size = end;
      sizeIsDirty = true;
    }
  }

  /** Cuts off what is behind a size. */
  void truncate(long shorter) {
    if (shorter < size) {
      Arrays.fill(bytes, (int) shorter, size, (byte) 0);
      dirty.set((int) shorter / PAGE, (size - 1) / PAGE + 1);
      size = (int) shorter;
      sizeIsDirty = true;
    }
  }

  /** Makes all durable that was written. */
  void force() {
    durable = Arrays.copyOf(durable, size);
    for (int page = dirty.nextSetBit(0); page >= 0; page = dirty.nextSetBit(page + 1)) {
      copy(page * PAGE, page * PAGE + PAGE, durable);
    }
    dirty.clear();
    sizeIsDirty = false;
  }

  /**
   * What was written is not going to be durable, and a later {@link #force} does not change that:
   * as in Linux, where a page that could not be written is taken for clean.
   */
  void failToForce() {
    dirty.clear();
    sizeIsDirty = false;
  }

  private void copy(int from, int to, byte[] target) {
    int end = Math.min(to, Math.min(size, target.length));
    if (from < end) {
      System.arraycopy(bytes, from, target, from, end - from);
    }
  }

  /** How many pages are not durable. */
  int dirtyPages() {
    return dirty.cardinality();
  }

  /** The power fails: each page that is not durable is kept, lost or torn; how many were kept. */
  int crash(Draws draws) {
    boolean keepsSize = sizeIsDirty && draws.chance(0.5);
    byte[] left = Arrays.copyOf(durable, keepsSize ? size : durable.length);
    int kept = 0;
    for (int page = dirty.nextSetBit(0); page >= 0; page = dirty.nextSetBit(page + 1)) {
      int from = page * PAGE;
      switch ((int) draws.below(3)) {
        case 0 -> {} // It is lost.
        case 1 -> {
          copy(from, from + PAGE, left);
          kept++;
        }
        default -> {
          int torn = from + SECTOR * (int) draws.between(1, PAGE / SECTOR - 1);
          if (draws.chance(0.5)) {
            copy(from, torn, left);
          } else {
            copy(torn, from + PAGE, left);
          }
        }
      }
    }
    durable = left;
    bytes = left.clone();
    size = left.length;
    dirty.clear();
    sizeIsDirty = false;
    locks.clear();
    return kept;
  }

  /** A bit turns over, now and for good. */
  void rot(Draws draws) {
    if (size > 0) {
      int at = (int) draws.below(size);
      int bit = 1 << draws.below(8);
      bytes[at] ^= (byte) bit;
      if (at < durable.length) {
        durable[at] ^= (byte) bit;
      }
    }
  }

  /** A number that the bytes decide. */
  static long hash(ByteBuffer bytes) {
    long hash = 1;
    for (int i = bytes.position(); i < bytes.limit(); i++) {
      hash = hash * 31 + bytes.get(i);
    }
    return hash;
  }
}

package io.libprocess.stream.collect;

import io.libprocess.stream.Chunk;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Collects chunks up to a number of bytes, to be joined to one. Once there are more it keeps
 * nothing.
 *
 * <p>Small pieces are copied together, so that what comes byte by byte takes no more memory than
 * anything else. Not thread-safe: its calls follow each other, as the steps of a loop do.
 */
public final class ChunkCollector {

  /** A piece that is smaller than this is copied to those before it. */
  private static final int SMALL = 4 << 10;

  private static final int LARGEST_TAIL = 16 << 10;
  private static final int FIRST_TAIL = 256;
  private static final byte[] NONE = {};

  private final long most;
  private final List<Chunk> chunks = new ArrayList<>();
  private byte[] tail = NONE; // Small pieces behind the chunks.
  private int tailSize;
  private long size; // Also of what is not kept.

  /**
   * Makes a collector of nothing yet.
   *
   * @param most how many bytes it takes
   */
  public ChunkCollector(long most) {
    this.most = most;
  }

  /**
   * Adds a piece, which it owns; false if there are too many bytes, of which nothing is kept from
   * then on.
   */
  public boolean add(Chunk piece) {
    size += piece.size();
    if (isOver()) {
      clear();
      piece.release();
      return false;
    }
    keep(piece);
    return true;
  }

  /** Whether there have been too many bytes. */
  public boolean isOver() {
    return size > most;
  }

  /** How many bytes there have been. */
  public long size() {
    return size;
  }

  /** Everything in one chunk; keeps nothing any more. */
  public Chunk whole() {
    endTail();
    Chunk whole = Chunk.join(chunks);
    clear();
    return whole;
  }

  /** Keeps nothing any more. */
  public void clear() {
    chunks.clear();
    tail = NONE;
    tailSize = 0;
  }

  private void keep(Chunk piece) {
    if (piece.size() >= SMALL) {
      endTail();
      chunks.add(piece.detached());
      return;
    }
    int needed = tailSize + piece.size();
    if (needed > LARGEST_TAIL) {
      endTail();
      needed = piece.size();
    }
    if (needed > tail.length) {
      int capacity = Math.max(FIRST_TAIL, Math.min(LARGEST_TAIL, 2 * tail.length));
      tail = Arrays.copyOf(tail, Math.max(capacity, needed));
    }
    piece.copyTo(tail, tailSize);
    piece.release();
    tailSize = needed;
  }

  private void endTail() {
    if (tailSize > 0) {
      chunks.add(Chunk.of(tail, 0, tailSize));
      tail = NONE;
      tailSize = 0;
    }
  }
}

package io.libprocess.stream.collect;

import io.libprocess.stream.Chunk;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Collects chunks up to a number of bytes, to be joined into one. Once there are more bytes it
 * keeps nothing.
 *
 * <p>Small pieces are copied together, so that input arriving byte by byte takes no more memory
 * than any other. Not thread-safe: its calls must follow each other, as the steps of a loop do.
 */
public final class ChunkCollector {

  /** A piece that is smaller than this is copied to the pieces before it. */
  private static final int SMALL = 4 << 10;

  private static final int LARGEST_TAIL = 16 << 10;
  private static final int FIRST_TAIL = 256;
  private static final byte[] NONE = {};

  private final long most;
  private final List<Chunk> chunks = new ArrayList<>();
  private byte[] tail = NONE; // Small pieces that come after the chunks.
  private int tailSize;
  private long size; // Includes the bytes that are not kept.

  /**
   * Makes an empty collector.
   *
   * @param most how many bytes it may keep
   */
  public ChunkCollector(long most) {
    this.most = most;
  }

  /**
   * Adds a piece, which the collector then owns; returns false if there are too many bytes, from
   * when on nothing is kept.
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

  /** Whether too many bytes were added. */
  public boolean isOver() {
    return size > most;
  }

  /** The number of bytes that were added. */
  public long size() {
    return size;
  }

  /** Returns all bytes in one chunk, and keeps nothing. */
  public Chunk whole() {
    endTail();
    Chunk whole = Chunk.join(chunks);
    clear();
    return whole;
  }

  /** Drops everything. */
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

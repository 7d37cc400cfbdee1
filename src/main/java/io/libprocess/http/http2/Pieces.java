package io.libprocess.http.http2;

import io.libprocess.stream.Chunk;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The pieces of a body that wait, in order. Small ones are merged, so that a peer which sends
 * single octets costs little more than their number. For one thread at a time.
 */
public final class Pieces {

  private static final int SMALL = 1 << 10;
  private static final int MOST_MERGED = 8 << 10;
  private static final byte[] NONE = {};

  private final ArrayDeque<Chunk> waiting = new ArrayDeque<>(0);
  private byte[] merged = NONE; // Pieces that come after those that wait.
  private int mergedSize;
  private long size;

  /** The bytes of all pieces. */
  public long size() {
    return size;
  }

  /** Whether there are none. */
  public boolean isEmpty() {
    return size == 0;
  }

  /** Adds a piece after the others. */
  public void add(Chunk piece) {
    size += piece.size();
    if (piece.size() >= SMALL || mergedSize + piece.size() > MOST_MERGED) {
      queueMerged();
    }
    if (piece.size() >= SMALL) {
      waiting.add(piece);
      return;
    }
    if (mergedSize + piece.size() > merged.length) {
      merged = Arrays.copyOf(merged, Math.max(2 * merged.length, mergedSize + piece.size()));
    }
    piece.copyTo(merged, mergedSize);
    mergedSize += piece.size();
    piece.release();
  }

  private void queueMerged() {
    if (mergedSize > 0) {
      waiting.add(Chunk.of(merged, 0, mergedSize));
      merged = NONE;
      mergedSize = 0;
    }
  }

  /** Takes the first piece; null if there is none. */
  public Chunk poll() {
    if (waiting.isEmpty()) {
      queueMerged();
    }
    Chunk piece = waiting.poll();
    if (piece != null) {
      size -= piece.size();
    }
    return piece;
  }

  /** Takes all pieces as one. */
  public Chunk takeAll() {
    List<Chunk> all = new ArrayList<>(waiting.size() + 1);
    for (Chunk piece = poll(); piece != null; piece = poll()) {
      all.add(piece);
    }
    return Chunk.join(all);
  }

  /** Drops all pieces. */
  public void clear() {
    waiting.clear();
    merged = NONE;
    mergedSize = 0;
    size = 0;
  }
}

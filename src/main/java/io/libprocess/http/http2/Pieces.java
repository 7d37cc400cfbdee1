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

  private Chunk first; // Is often the only one, so it is not copied; null if there is none.
  private ArrayDeque<Chunk> waiting; // After the first; null if there were none.
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
    if (size == 0) {
      first = piece;
      size = piece.size();
      return;
    }
    size += piece.size();
    if (piece.size() >= SMALL || mergedSize + piece.size() > MOST_MERGED) {
      queueMerged();
    }
    if (piece.size() >= SMALL) {
      queue(piece);
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
      queue(Chunk.of(merged, 0, mergedSize));
      merged = NONE;
      mergedSize = 0;
    }
  }

  private void queue(Chunk piece) {
    if (waiting == null) {
      waiting = new ArrayDeque<>(4);
    }
    waiting.add(piece);
  }

  /** Takes the first piece; null if there is none. */
  public Chunk poll() {
    Chunk piece = first;
    first = null;
    if (piece == null) {
      if (waiting == null || waiting.isEmpty()) {
        queueMerged();
      }
      piece = waiting == null ? null : waiting.poll();
    }
    if (piece != null) {
      size -= piece.size();
    }
    return piece;
  }

  /** Takes all pieces as one. */
  public Chunk takeAll() {
    if (first != null && size == first.size()) {
      return poll();
    }
    List<Chunk> all = new ArrayList<>();
    for (Chunk piece = poll(); piece != null; piece = poll()) {
      all.add(piece);
    }
    return Chunk.join(all);
  }

  /** Drops all pieces. */
  public void clear() {
    first = null;
    waiting = null;
    merged = NONE;
    mergedSize = 0;
    size = 0;
  }
}

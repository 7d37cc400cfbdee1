package io.libprocess.stream.bytes;

import io.libprocess.stream.Chunk;
import java.nio.ByteBuffer;

/**
 * Cuts pooled buffers into consecutive blocks of up to 16 KiB, for stages that produce bytes little
 * by little. For one thread at a time.
 */
final class Blocks {

  /** The size of the largest block. */
  static final int SIZE = 16 << 10;

  private final ChunkPool pool;
  private ChunkPool.Borrowed borrowed; // Null if no buffer is open.
  private Chunk whole; // Of the open buffer, which stays open until this is released.
  private ByteBuffer block; // The part that may be written to.
  private int start; // The part's index in the whole.

  Blocks(ChunkPool pool) {
    this.pool = pool;
  }

  /** The block to write to, always the same until {@link #take}. */
  ByteBuffer block() {
    if (borrowed == null) {
      borrowed = pool.borrow();
      start = 0;
      block = null;
      borrowed.buffer().position(ChunkPool.SIZE); // The chunk has all of it.
      ByteBuffer writable = borrowed.buffer().duplicate().clear();
      whole = borrowed.chunk();
      block = writable.slice(0, SIZE);
      return block;
    }
    return block;
  }

  /** Takes the bytes written to the block; empty if there are none. */
  Chunk take() {
    if (block == null || block.position() == 0) {
      return Chunk.empty();
    }
    int end = start + block.position();
    Chunk taken = whole.slice(start, end);
    start = end;
    int left = ChunkPool.SIZE - start;
    if (left < SIZE / 2) {
      close();
    } else {
      block = writable(left);
    }
    return taken;
  }

  private ByteBuffer writable(int left) {
    return borrowed.buffer().duplicate().clear().slice(start, Math.min(SIZE, left));
  }

  /** Releases the memory; taken bytes stay. Idempotent. */
  void close() {
    if (borrowed != null) {
      borrowed = null;
      block = null;
      Chunk closed = whole;
      whole = null;
      closed.release();
    }
  }
}

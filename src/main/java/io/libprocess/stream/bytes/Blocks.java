package io.libprocess.stream.bytes;

import io.libprocess.stream.Chunk;
import java.nio.ByteBuffer;

/**
 * Cuts pooled buffers into blocks of 16 KiB or less, one behind another, for stages that make bytes
 * little by little. For one thread at a time.
 */
final class Blocks {

  /** How long a block is at most. */
  static final int SIZE = 16 << 10;

  private final ChunkPool pool;
  private ChunkPool.Borrowed borrowed; // Null if no buffer is open.
  private Chunk whole; // Of the open buffer, which stays open until this is released.
  private ByteBuffer block; // The part that may be written to.
  private int start; // Of the part in the whole.

  Blocks(ChunkPool pool) {
    this.pool = pool;
  }

  /** Where to write to, always the same until {@link #take}. */
  ByteBuffer block() {
    if (borrowed == null) {
      borrowed = pool.borrow();
      start = 0;
      block = null;
      borrowed.buffer().position(ChunkPool.SIZE); // The chunk is of all of it.
      ByteBuffer writable = borrowed.buffer().duplicate().clear();
      whole = borrowed.chunk();
      block = writable.slice(0, SIZE);
      return block;
    }
    return block;
  }

  /** What was written to the block; empty if nothing was. */
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

  /** Lets go of the memory; what was taken stays. Idempotent. */
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

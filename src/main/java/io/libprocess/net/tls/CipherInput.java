package io.libprocess.net.tls;

import io.libprocess.net.nio.BufferPool;
import java.nio.ByteBuffer;

/**
 * What has arrived on a channel and is not decrypted yet. While a read is being looked at it stays
 * where it is, or is put behind what was left of the one before in a borrowed buffer. What is left
 * of it in turn, mostly a part of a record, is copied to memory that is not much larger: a channel
 * that waits for the peer borrows nothing, and a peer that sends one byte costs about as much. For
 * one thread at a time.
 */
final class CipherInput {

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  /** How much more than what is left is allocated at most, for bytes that trickle in. */
  private static final int MOST_SPARE = 8 * 1024;

  private static final int LEAST_SPARE = 16;

  private final BufferPool pool;
  private ByteBuffer current = NOTHING; // To be read from its position on.
  private ByteBuffer kept; // Our own, or null; if not null it is current.
  private ByteBuffer borrowed; // Null if nothing is; if not null it is current.

  CipherInput(BufferPool pool) {
    this.pool = pool;
  }

  /** What there is; reading it moves the position. */
  ByteBuffer bytes() {
    return current;
  }

  /** Adds what has arrived. It is used in place until {@link #keep}, which has to follow. */
  void add(ByteBuffer arrived) {
    if (kept == null) {
      current = arrived;
      return;
    }
    int size = kept.remaining() + arrived.remaining();
    if (size <= kept.capacity()) {
      current = kept.compact().put(arrived).flip();
      return;
    }
    ByteBuffer both;
    if (size <= pool.bufferSize()) {
      both = borrowed = pool.borrow();
    } else {
      both = ByteBuffer.allocate(size);
    }
    current = both.put(kept).put(arrived).flip();
    kept = null;
  }

  /** Copies what is left of the bytes that are not ours, and lets go of what is used up. */
  void keep() {
    int left = current.remaining();
    if (left == 0) {
      release();
    } else if (kept == null) {
      int spare = Math.max(LEAST_SPARE, Math.min(left, MOST_SPARE));
      ByteBuffer copy = ByteBuffer.allocate(left + spare).put(current).flip();
      release();
      kept = copy;
      current = copy;
    }
  }

  /** How many bytes of memory it holds between two calls. */
  int held() {
    return kept == null ? 0 : kept.capacity();
  }

  /** Drops everything. */
  void release() {
    if (borrowed != null) {
      pool.giveBack(borrowed);
    }
    borrowed = null;
    kept = null;
    current = NOTHING;
  }
}

package io.libprocess.net.tls;

import io.libprocess.net.nio.BufferPool;
import java.nio.ByteBuffer;

/**
 * The input of a channel that is not decrypted yet. A read is used in place, or appended to the
 * rest of the one before in a borrowed buffer. Its own rest, usually a part of a record, is copied
 * to memory that is not much larger: a channel that waits for the peer borrows nothing, and a peer
 * that sends one byte costs about as much. For one thread at a time.
 */
final class CipherInput {

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  /** The most spare memory that is allocated for input that trickles in. */
  private static final int MOST_SPARE = 8 * 1024;

  private static final int LEAST_SPARE = 16;

  private final BufferPool pool;
  private ByteBuffer current = NOTHING; // Read from its position on.
  private ByteBuffer kept; // This object's own memory, or null; otherwise it is current.
  private ByteBuffer borrowed; // Null if nothing is borrowed; otherwise it is current.

  CipherInput(BufferPool pool) {
    this.pool = pool;
  }

  /** The input; reading it moves the position. */
  ByteBuffer bytes() {
    return current;
  }

  /** Adds input. It is used in place until {@link #keep}, which must follow. */
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

  /**
   * Copies the rest of input that is not in this object's own memory, and releases memory that is
   * used up.
   */
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

  /** The bytes of memory held between two calls. */
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

package io.libprocess.net.tls;

import io.libprocess.net.nio.BufferPool;
import java.nio.ByteBuffer;

/**
 * What has arrived on a channel and is not decrypted yet. While a read is being looked at it stays
 * where it is; only what is left of it, mostly a part of a record, is copied to a borrowed buffer.
 * So a channel that waits for the peer holds no buffer. For one thread at a time.
 */
final class CipherInput {

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final BufferPool pool;
  private ByteBuffer current = NOTHING; // To be read from its position on.
  private ByteBuffer kept; // Ours, or null; then it is current.

  CipherInput(BufferPool pool) {
    this.pool = pool;
  }

  /** What there is; whoever reads it moves the position. */
  ByteBuffer bytes() {
    return current;
  }

  /** Adds what has arrived. It is used in place until {@link #keep}, which has to follow. */
  void add(ByteBuffer arrived) {
    if (kept == null) {
      current = arrived;
      return;
    }
    kept.compact();
    if (kept.remaining() < arrived.remaining()) {
      ByteBuffer larger = ByteBuffer.allocate(kept.position() + arrived.remaining());
      larger.put(kept.flip());
      release();
      kept = larger;
    }
    current = kept.put(arrived).flip();
  }

  /** Copies what is left of the bytes that are not ours, and lets go of what is used up. */
  void keep() {
    if (!current.hasRemaining()) {
      release();
    } else if (kept == null) {
      ByteBuffer left = current;
      kept = left.remaining() <= pool.bufferSize() ? pool.borrow() : allocate(left);
      current = kept.put(left).flip();
    }
  }

  private static ByteBuffer allocate(ByteBuffer content) {
    return ByteBuffer.allocate(content.remaining());
  }

  /** Drops everything. */
  void release() {
    if (kept != null && kept.capacity() == pool.bufferSize()) {
      pool.giveBack(kept);
    }
    kept = null;
    current = NOTHING;
  }
}

package io.libprocess.net.nio;

import io.libprocess.stream.Chunk;
import java.nio.ByteBuffer;

/** Bytes to be sent whose memory is given back afterwards. */
final class LentBytes {

  final ByteBuffer bytes; // The bytes that have not been sent.
  private final Chunk chunk;

  /** The bytes of a chunk, which is released with this. */
  LentBytes(Chunk chunk) {
    this.chunk = chunk;
    this.bytes = chunk.asByteBuffer();
  }

  /** Releases the memory: no more of it is sent. */
  void release() {
    chunk.release();
  }
}

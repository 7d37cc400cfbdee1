package io.libprocess.net.nio;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/**
 * Copies queued output into one buffer, so that one call of the system sends many entries.
 *
 * <p>Most entries are small heap buffers, which NIO would copy into direct memory one by one and
 * pass to the system as a vector. Copying them one behind another into a pooled direct buffer costs
 * the same and leaves one plain write. It also keeps large heap buffers from making NIO allocate
 * direct ones of their size. Only large direct buffers are written from where they are.
 *
 * <p>Large parts of files go to the socket without passing through memory here. Small ones are read
 * into the buffer if something else leaves with them: a frame of HTTP/2 has a head of nine bytes,
 * and two calls of the system for each frame, and two packets, cost more than to copy it.
 *
 * <p>Used by the flusher of a {@link WriteQueue}. Nothing that is copied changes, except the
 * buffer.
 */
final class Staging {

  /** From this size on a direct buffer is not copied. */
  private static final int LARGE = 16 * 1024;

  /** The largest part of a file that is copied. */
  private static final int LARGEST_PART = BufferPool.BUFFER_SIZE;

  private Staging() {}

  /**
   * Whether a part of a file at the head of a queue is copied.
   *
   * @param entries the size of the queue
   */
  static boolean takes(QueuedFile part, int entries) {
    return entries > 1 && part.left() <= LARGEST_PART;
  }

  /** The buffer of an entry in memory that is not copied; null for others. */
  static ByteBuffer large(Object entry) {
    ByteBuffer buffer = bufferOf(entry);
    return buffer != null && isLarge(buffer) ? buffer : null;
  }

  /** The buffer of an entry in memory; null for a part of a file. */
  private static ByteBuffer bufferOf(Object entry) {
    if (entry instanceof ByteBuffer buffer) {
      return buffer;
    }
    return entry instanceof LentBytes lent ? lent.bytes : null;
  }

  private static boolean isLarge(ByteBuffer buffer) {
    return buffer.isDirect() && buffer.remaining() >= LARGE;
  }

  /** Copies the entries that fit, and a part of the next one. */
  static void fill(ByteBuffer staging, ArrayDeque<Object> entries) throws IOException {
    for (Object entry : entries) {
      if (!staging.hasRemaining()) {
        return;
      }
      if (entry instanceof QueuedFile part) {
        if (part.left() > LARGEST_PART) {
          return;
        }
        part.read(staging);
        continue;
      }
      ByteBuffer buffer = bufferOf(entry);
      if (isLarge(buffer)) {
        return;
      }
      int size = Math.min(buffer.remaining(), staging.remaining());
      staging.put(staging.position(), buffer, buffer.position(), size);
      staging.position(staging.position() + size);
    }
  }

  /** How much of an entry has not been sent. */
  static int size(Object entry) {
    return entry instanceof QueuedFile part ? part.left() : bufferOf(entry).remaining();
  }

  /** Notes that bytes of an entry have been sent, and returns how many of them were of this one. */
  static int skip(Object entry, int sent) {
    int count = Math.min(size(entry), sent);
    if (entry instanceof QueuedFile part) {
      part.skip(count);
    } else {
      ByteBuffer buffer = bufferOf(entry);
      buffer.position(buffer.position() + count);
    }
    return count;
  }
}

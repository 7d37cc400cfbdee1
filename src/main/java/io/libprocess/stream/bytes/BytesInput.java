package io.libprocess.stream.bytes;

import io.libprocess.future.Future;
import io.libprocess.internal.Reason;
import io.libprocess.stream.Chunk;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A blocking input of bytes that come as chunks; it waits for the next chunk. A failure becomes the
 * cause of an {@link IOException}. For one thread at a time.
 */
public final class BytesInput extends InputStream {

  /** A source of chunks. */
  public interface Chunks {

    /** Reads the next chunk; empty at the end. */
    Future<Optional<Chunk>> read();

    /** Notes that no more chunks are wanted. */
    void close();
  }

  private final Supplier<Chunks> opener;
  private Chunks chunks; // Null before the first read.
  private Chunk chunk; // Not used up; null if there is none.
  private int position; // In the chunk.
  private boolean ended;
  private boolean closed;

  /**
   * Makes an input of chunks.
   *
   * @param opener called when the first byte is read, or at the close
   */
  public BytesInput(Supplier<Chunks> opener) {
    this.opener = opener;
  }

  private Chunks chunks() {
    if (chunks == null) {
      chunks = opener.get();
    }
    return chunks;
  }

  @Override
  public int read() throws IOException {
    if (!fill()) {
      return -1;
    }
    int value = chunk.at(position++) & 0xFF;
    releaseUsed();
    return value;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, target.length);
    if (length == 0) {
      return 0;
    }
    if (!fill()) {
      return -1;
    }
    int count = Math.min(length, chunk.size() - position);
    chunk.asByteBuffer().get(position, target, offset, count);
    position += count;
    releaseUsed();
    return count;
  }

  @Override
  public int available() {
    return chunk == null ? 0 : chunk.size() - position;
  }

  /** Waits for a chunk that is not used up; false at the end. */
  private boolean fill() throws IOException {
    if (closed) {
      throw new IOException("the input is closed");
    }
    while (chunk == null && !ended) {
      Optional<Chunk> next = await(chunks().read());
      ended = next.isEmpty();
      chunk = next.orElse(null);
      position = 0;
      releaseUsed();
    }
    return !ended;
  }

  private static Optional<Chunk> await(Future<Optional<Chunk>> read) throws IOException {
    read.await();
    if (read.isFailed()) {
      Throwable why = read.failure();
      throw new IOException(Reason.of(why), why);
    }
    if (!read.isReady()) {
      throw new IOException("the read of the bytes was discarded");
    }
    return read.get();
  }

  private void releaseUsed() {
    if (chunk != null && position == chunk.size()) {
      Chunk used = chunk;
      chunk = null;
      used.release();
    }
  }

  /** Closes the input; idempotent. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      if (chunk != null) {
        chunk.release();
        chunk = null;
      }
      chunks().close();
    }
  }
}

package io.libprocess.stream.bytes;

import io.libprocess.future.Future;
import io.libprocess.stream.Chunk;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Objects;

/**
 * A blocking output that makes chunks of the bytes written, of 16 KiB or at each flush; it waits
 * while they are not taken. For one thread at a time.
 */
public final class BytesOutput extends OutputStream {

  /** A destination of chunks. */
  public interface Chunks {

    /** Takes a chunk, when there is room; false if no more are wanted. */
    Future<Boolean> write(Chunk chunk);

    /** Notes the end. */
    void close();
  }

  private static final int SIZE = 16 << 10;
  private static final byte[] NONE = {};

  private final Chunks chunks;
  private byte[] bytes = NONE;
  private int size;
  private boolean closed;

  /** Makes an output to chunks. */
  public BytesOutput(Chunks chunks) {
    this.chunks = chunks;
  }

  @Override
  public void write(int value) throws IOException {
    write(new byte[] {(byte) value}, 0, 1);
  }

  @Override
  public void write(byte[] source, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, source.length);
    checkOpen();
    for (int done = 0; done < length; ) {
      if (bytes.length == 0) {
        bytes = new byte[SIZE];
      }
      int count = Math.min(length - done, SIZE - size);
      System.arraycopy(source, offset + done, bytes, size, count);
      size += count;
      done += count;
      if (size == SIZE) {
        send();
      }
    }
  }

  private void checkOpen() throws IOException {
    if (closed) {
      throw new IOException("the output is closed");
    }
  }

  private void send() throws IOException {
    if (size == 0) {
      return;
    }
    Chunk chunk = Chunk.of(bytes, 0, size);
    bytes = NONE;
    size = 0;
    await(chunks.write(chunk));
  }

  private static void await(Future<Boolean> written) throws IOException {
    written.await();
    if (written.isFailed()) {
      throw new IOException("the bytes were not taken", written.failure());
    }
    if (!written.isReady() || !written.get()) {
      throw new IOException("the bytes are no longer read");
    }
  }

  @Override
  public void flush() throws IOException {
    checkOpen();
    send();
  }

  /** Sends the rest, and the end; idempotent. */
  @Override
  public void close() throws IOException {
    if (!closed) {
      try {
        send();
      } finally {
        closed = true;
        chunks.close();
      }
    }
  }
}

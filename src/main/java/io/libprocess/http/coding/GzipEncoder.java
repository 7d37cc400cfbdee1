package io.libprocess.http.coding;

import io.libprocess.stream.Chunk;
import java.io.ByteArrayOutputStream;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * Applies gzip (RFC 1952) to bytes while they come. The output up to a piece can be decoded without
 * the output for later pieces. For one thread at a time.
 *
 * <p>It holds native memory, which {@link #close} or {@link #finish} frees.
 */
public final class GzipEncoder implements AutoCloseable {

  // The magic number, deflate, no flags, no time, no extra flags, an unknown system.
  private static final byte[] HEADER = {0x1F, (byte) 0x8B, 8, 0, 0, 0, 0, 0, 0, (byte) 0xFF};

  private static final int MOST_AT_ONCE = 8 << 10;

  private final Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
  private final CRC32 sum = new CRC32();
  private final ByteArrayOutputStream output = new ByteArrayOutputStream();
  private boolean closed;

  public GzipEncoder() {
    output.writeBytes(HEADER);
  }

  /** Compresses complete content at once. */
  public static Chunk encode(Chunk whole) {
    try (GzipEncoder encoder = new GzipEncoder()) {
      encoder.put(whole, Deflater.NO_FLUSH);
      return encoder.finish();
    }
  }

  /** Compresses a piece; the output of the first one begins with the header. */
  public Chunk next(Chunk piece) {
    put(piece, Deflater.SYNC_FLUSH);
    return take();
  }

  /** The output after the last piece. */
  Chunk finish() {
    deflater.finish();
    deflate(Deflater.NO_FLUSH);
    putNumber(sum.getValue());
    putNumber(deflater.getBytesRead());
    close();
    return take();
  }

  /** Frees the memory. Idempotent. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      deflater.end();
    }
  }

  private void put(Chunk piece, int flush) {
    byte[] bytes = piece.toArray();
    sum.update(bytes);
    deflater.setInput(bytes);
    deflate(flush);
  }

  private void deflate(int flush) {
    byte[] buffer = new byte[MOST_AT_ONCE];
    int size;
    do {
      size = deflater.deflate(buffer, 0, buffer.length, flush);
      output.write(buffer, 0, size);
    } while (size == buffer.length || !deflater.needsInput() && !deflater.finished());
  }

  private void putNumber(long number) {
    for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
      output.write((int) (number >>> shift));
    }
  }

  private Chunk take() {
    Chunk taken = Chunk.of(output.toByteArray());
    output.reset();
    return taken;
  }
}

package io.libprocess.stream.bytes;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.ZipException;

/** A parser of the checksum and the length after the data of gzip, as they arrive. */
final class GzipTrailer {

  private static final int SIZE = 8;

  private final ByteBuffer bytes = ByteBuffer.allocate(SIZE).order(ByteOrder.LITTLE_ENDIAN);

  /** Parses bytes, and tells whether the trailer is complete. */
  boolean parse(ByteBuffer input) {
    while (bytes.hasRemaining() && input.hasRemaining()) {
      bytes.put(input.get());
    }
    return !bytes.hasRemaining();
  }

  /** Compares the trailer with the actual values, and prepares for another one. */
  void check(int sum, int length) throws ZipException {
    bytes.clear();
    if (bytes.getInt(0) != sum) {
      throw new ZipException("wrong checksum in gzip");
    }
    if (bytes.getInt(Integer.BYTES) != length) {
      throw new ZipException("wrong length in gzip");
    }
  }
}

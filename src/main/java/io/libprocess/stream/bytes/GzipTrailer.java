package io.libprocess.stream.bytes;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.ZipException;

/** The checksum and the length behind the data of gzip, as they arrive. */
final class GzipTrailer {

  private static final int SIZE = 8;

  private final ByteBuffer bytes = ByteBuffer.allocate(SIZE).order(ByteOrder.LITTLE_ENDIAN);

  /** Takes bytes; whether it has all it needs. */
  boolean parse(ByteBuffer input) {
    while (bytes.hasRemaining() && input.hasRemaining()) {
      bytes.put(input.get());
    }
    return !bytes.hasRemaining();
  }

  /** Compares with what there was, and is ready for another trailer. */
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

package io.libprocess.stream;

import static java.util.Objects.checkFromIndexSize;
import static java.util.Objects.requireNonNull;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * A part of an open file. A holder of a region keeps the file open.
 *
 * @param file the file, open for reading; its position is neither used nor changed
 * @param position where the part begins, in bytes
 * @param count its length, in bytes, at least 1
 */
public record FileRegion(FileChannel file, long position, int count) {

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if the numbers are not those of a part of a file
   */
  public FileRegion {
    requireNonNull(file, "file");
    if (position < 0 || count < 1) {
      throw new IllegalArgumentException("not a part of a file: " + count + " at " + position);
    }
  }

  FileRegion part(int from, int length) {
    checkFromIndexSize(from, length, count);
    return from == 0 && length == count ? this : new FileRegion(file, position + from, length);
  }

  /** Reads the bytes; blocks. */
  ByteBuffer read() {
    ByteBuffer bytes = ByteBuffer.allocate(count);
    try {
      while (bytes.hasRemaining()) {
        if (file.read(bytes, position + bytes.position()) < 0) {
          throw new EOFException("file truncated: it ends before " + (position + count));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.flip();
  }
}

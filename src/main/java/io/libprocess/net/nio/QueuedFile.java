package io.libprocess.net.nio;

import io.libprocess.stream.FileRegion;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;

/** A part of a file on its way to a socket, through the memory of this process or past it. */
final class QueuedFile {

  private final FileChannel file;
  private final boolean last; // No more of the file is sent.
  private final Runnable close;
  private long position;
  private int left;

  /**
   * Makes a part that has not been sent.
   *
   * @param last whether to close the file after it
   * @param close closes the file; runs once, without a lock, when the last part has been sent, or
   *     this one will not be
   */
  QueuedFile(FileChannel file, long position, int count, boolean last, Runnable close) {
    this.file = file;
    this.position = position;
    this.left = count;
    this.last = last;
    this.close = close;
  }

  /** Makes a part that is the last one, as far as its owner is concerned. */
  static QueuedFile of(FileRegion part, Runnable close) {
    return new QueuedFile(part.file(), part.position(), part.count(), true, close);
  }

  /** The number of bytes that have not been sent. */
  int left() {
    return left;
  }

  /**
   * Sends as many bytes as the target takes.
   *
   * @throws EOFException if the file has become shorter meanwhile
   */
  int transferTo(WritableByteChannel target) throws IOException {
    int sent = (int) file.transferTo(position, left, target);
    if (sent == 0 && file.size() <= position) {
      throw truncated();
    }
    skip(sent);
    return sent;
  }

  /**
   * Reads as many bytes as a buffer has room for, without counting them as sent.
   *
   * @throws EOFException if the file has become shorter meanwhile
   */
  void read(ByteBuffer target) throws IOException {
    int end = target.limit();
    int count = Math.min(left, target.remaining());
    int start = target.position();
    target.limit(start + count);
    while (target.hasRemaining()) {
      if (file.read(target, position + target.position() - start) < 0) {
        throw truncated();
      }
    }
    target.limit(end);
  }

  /** Notes that bytes have been sent. */
  void skip(int sent) {
    position += sent;
    left -= sent;
  }

  private EOFException truncated() {
    return new EOFException(
        "file truncated: it has become shorter than " + (position + left) + " bytes");
  }

  /** Releases the part: no more of it is sent. */
  void release() {
    if (last || left > 0) {
      close.run();
    }
  }
}

package io.libprocess.net.nio;

import io.libprocess.stream.FileRegion;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;

/** A part of a file that is to be sent, without passing through the memory of this process. */
final class QueuedFile {

  private final FileChannel file;
  private final boolean last; // Nothing more of the file is sent.
  private final Runnable close;
  private long position;
  private int left;

  /**
   * A part that was not sent.
   *
   * @param last whether to close the file behind it
   * @param close closes the file; run once, without a lock, when the last part was sent, or this
   *     one will not be
   */
  QueuedFile(FileChannel file, long position, int count, boolean last, Runnable close) {
    this.file = file;
    this.position = position;
    this.left = count;
    this.last = last;
    this.close = close;
  }

  /** A part that is the last one, as far as its owner is concerned. */
  static QueuedFile of(FileRegion part, Runnable close) {
    return new QueuedFile(part.file(), part.position(), part.count(), true, close);
  }

  /** How many bytes were not sent. */
  int left() {
    return left;
  }

  /**
   * Sends as much as is taken.
   *
   * @throws EOFException if the file has become shorter meanwhile
   */
  int transferTo(WritableByteChannel target) throws IOException {
    int sent = (int) file.transferTo(position, left, target);
    if (sent == 0 && file.size() <= position) {
      throw new EOFException(
          "file truncated: it has become shorter than " + (position + left) + " bytes");
    }
    position += sent;
    left -= sent;
    return sent;
  }

  /** Nothing of it is sent any more. */
  void release() {
    if (last || left > 0) {
      close.run();
    }
  }
}

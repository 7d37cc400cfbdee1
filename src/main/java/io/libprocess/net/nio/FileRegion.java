package io.libprocess.net.nio;

import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;

/** A part of a file that is to be sent, without passing through the memory of this process. */
final class FileRegion {

  private final FileChannel file;
  private final boolean last; // Nothing more of the file is sent.
  private long position;
  private int left;

  FileRegion(FileChannel file, long position, int count, boolean last) {
    this.file = file;
    this.position = position;
    this.left = count;
    this.last = last;
  }

  /** How many bytes were not sent. */
  int left() {
    return left;
  }

  /**
   * Sends as much as is taken, and closes the file after its last part.
   *
   * @throws EOFException if the file has become shorter meanwhile
   */
  int transferTo(WritableByteChannel target) throws IOException {
    int sent = (int) file.transferTo(position, left, target);
    if (sent == 0 && file.size() <= position) {
      throw new EOFException("a file has become shorter while it was sent");
    }
    position += sent;
    left -= sent;
    if (left == 0 && last) {
      release();
    }
    return sent;
  }

  /** Closes the file; nothing of it is sent any more. */
  void release() {
    EventLoop.closeQuietly(file);
  }
}

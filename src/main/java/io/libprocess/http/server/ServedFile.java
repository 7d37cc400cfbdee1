package io.libprocess.http.server;

import io.libprocess.http.http1.OutgoingStream;
import io.libprocess.internal.Log;
import io.libprocess.net.Transport;
import java.io.IOException;
import java.nio.channels.FileChannel;

/**
 * A part of an open file, for a response that is about to be sent. It is sent piece by piece as the
 * client takes it, so that its size does not matter. Used by the thread that works on the
 * connection; the file is closed by the channel after the last piece, or here.
 */
final class ServedFile {

  /** How much is handed to the channel at once; if it is copied, that much memory is used. */
  private static final int PIECE = 1 << 20;

  private final FileChannel file;
  private long position;
  private long left;

  ServedFile(FileChannel file, long position, long length) {
    this.file = file;
    this.position = position;
    this.left = length;
  }

  /** The number of bytes that have not been handed to the channel. */
  long left() {
    return left;
  }

  /** Hands over as much as there is room for, after earlier output; true when that was all. */
  boolean send(Transport.Channel channel) throws IOException {
    while (left > 0 && channel.queued() <= OutgoingStream.HIGH_WATER) {
      int count = (int) Math.min(PIECE, left);
      channel.write(file, position, count, count == left);
      position += count;
      left -= count;
    }
    return left == 0;
  }

  /** Closes the file if no more of it will be sent. */
  void close() {
    try {
      file.close();
    } catch (IOException e) {
      Log.debug("A served file could not be closed", e);
    }
  }
}

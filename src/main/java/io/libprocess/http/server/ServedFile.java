package io.libprocess.http.server;

import io.libprocess.http.http1.OutgoingStream;
import io.libprocess.internal.Log;
import io.libprocess.net.Transport;
import java.io.IOException;
import java.nio.channels.FileChannel;

/**
 * A part of a file that is open, for a response that is about to be sent. It is sent piece by piece
 * as the client takes it, so that its size does not matter. Used by the thread that works on the
 * connection; the file is closed by the channel behind the last piece, or here.
 */
final class ServedFile {

  /** How much is handed to the channel at once; where it is copied, that much memory is used. */
  private static final int PIECE = 1 << 20;

  private final FileChannel file;
  private long position;
  private long left;

  ServedFile(FileChannel file, long position, long length) {
    this.file = file;
    this.position = position;
    this.left = length;
  }

  /** How many bytes were not handed to the channel. */
  long left() {
    return left;
  }

  /** Hands over what there is room for, after what was written before; whether that was all. */
  boolean send(Transport.Channel channel) throws IOException {
    while (left > 0 && channel.queued() <= OutgoingStream.HIGH_WATER) {
      int count = (int) Math.min(PIECE, left);
      channel.write(file, position, count, count == left);
      position += count;
      left -= count;
    }
    return left == 0;
  }

  /** Closes the file if nothing of it, or no more of it, is to be sent. */
  void close() {
    try {
      file.close();
    } catch (IOException e) {
      Log.debug("Closing a file failed", e);
    }
  }
}

package io.libprocess.http.channel;

import io.libprocess.internal.Log;
import io.libprocess.net.Transport;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.FileRegion;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A part of an open file, for a response that is about to be sent. It is sent piece by piece as the
 * client takes it, so that its size does not matter. Used by the thread that works on the
 * connection; the file is closed by the channel after the last piece, or here.
 */
public final class ServedFile {

  /** How much is handed to the channel at once; if it is copied, that much memory is used. */
  private static final int PIECE = 1 << 20;

  private final FileChannel file;
  private long position;
  private long left;
  private boolean closed;
  private final AtomicInteger users = new AtomicInteger(1); // The parts that are sent, and this.

  /** A part of a file, which belongs to this from now on. */
  public ServedFile(FileChannel file, long position, long length) {
    this.file = file;
    this.position = position;
    this.left = length;
  }

  /** The number of bytes that have not been handed to the channel. */
  public long left() {
    return left;
  }

  /** Hands over as much as there is room for, after earlier output; true when that was all. */
  public boolean send(Transport.Channel channel) throws IOException {
    while (left > 0 && channel.queued() <= ChannelTask.HIGH_WATER) {
      int count = (int) Math.min(PIECE, left);
      channel.write(file, position, count, count == left);
      position += count;
      left -= count;
    }
    return left == 0;
  }

  /**
   * The next bytes as a chunk, no more than are left. The file is closed after the chunks of all
   * parts have been released, and this was closed or had no more left.
   */
  public Chunk part(int count) {
    users.incrementAndGet();
    Chunk part = Chunk.of(new FileRegion(file, position, count), this::released);
    position += count;
    left -= count;
    if (left == 0) {
      close();
    }
    return part;
  }

  private void released() {
    if (users.decrementAndGet() == 0) {
      closeFile();
    }
  }

  /** Closes the file if no more of it will be sent, after what has been handed over. */
  public void close() {
    if (!closed) {
      closed = true;
      released();
    }
  }

  private void closeFile() {
    try {
      file.close();
    } catch (IOException e) {
      Log.debug("A served file could not be closed", e);
    }
  }
}

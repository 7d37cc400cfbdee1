package io.libprocess.simulation.disk;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileLock;

/** A lock of a part of a file, which the host has until it is released, closed or crashes. */
final class DiskLock extends FileLock {

  private final Content content;

  DiskLock(DiskChannel channel, Content content, long position, long size, boolean shared) {
    super(channel, position, size, shared);
    this.content = content;
  }

  @Override
  public boolean isValid() {
    return acquiredBy().isOpen() && content.locks.contains(this);
  }

  @Override
  public void release() throws IOException {
    if (!acquiredBy().isOpen()) {
      throw new ClosedChannelException();
    }
    content.locks.remove(this);
  }
}

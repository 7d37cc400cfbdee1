package io.libprocess.simulation.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.OverlappingFileLockException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.FileSystemException;

/** An open file, or a directory that is opened so that its names can be forced. */
final class DiskChannel extends FileChannel {

  /**
   * How a file was opened.
   *
   * @param syncs whether each write is durable when it returns
   */
  record Mode(boolean reads, boolean writes, boolean appends, boolean syncs) {}

  private static final int PIECE = 8192; // Of what is transferred.

  private final Disk disk;
  private final Entry entry;
  private final String name; // For people.
  private final Mode mode;
  private final Runnable whenClosed;
  private final int start; // Of the disk.
  private long position;

  DiskChannel(Disk disk, Entry entry, String name, Mode mode, Runnable whenClosed) {
    this.disk = disk;
    this.entry = entry;
    this.name = name;
    this.mode = mode;
    this.whenClosed = whenClosed;
    start = disk.starts();
  }

  private void checkOpen() throws IOException {
    if (!isOpen()) {
      throw new ClosedChannelException();
    }
    if (start != disk.starts()) {
      throw new FileSystemException(name, null, "opened before the host failed");
    }
  }

  private Content content() throws IOException {
    checkOpen();
    if (entry instanceof Content content) {
      return content;
    }
    throw new FileSystemException(name, null, "Is a directory");
  }

  private static void checkNotNegative(String what, long value) {
    if (value < 0) {
      throw new IllegalArgumentException(what + " < 0: " + value);
    }
  }

  /* ------ Bytes ------ */

  @Override
  public int read(ByteBuffer into) throws IOException {
    int count = read(into, position);
    position += Math.max(0, count);
    return count;
  }

  @Override
  public int read(ByteBuffer into, long at) throws IOException {
    checkNotNegative("position", at);
    Content content = content();
    if (!mode.reads) {
      throw new NonReadableChannelException();
    }
    disk.begin(Disk.Action.READ, name);
    checkOpen();
    return content.read(at, into);
  }

  @Override
  public long read(ByteBuffer[] into, int offset, int length) throws IOException {
    long total = 0;
    for (int i = offset; i < offset + length; i++) {
      while (into[i].hasRemaining()) {
        int count = read(into[i]);
        if (count < 0) {
          return total == 0 ? -1 : total;
        }
        total += count;
      }
    }
    return total;
  }

  @Override
  public int write(ByteBuffer from) throws IOException {
    long at = mode.appends ? content().size() : position;
    int count = write(from, at);
    position = at + count;
    return count;
  }

  @Override
  public int write(ByteBuffer from, long at) throws IOException {
    checkNotNegative("position", at);
    Content content = content();
    if (!mode.writes) {
      throw new NonWritableChannelException();
    }
    int count = from.remaining();
    disk.begin(Disk.Action.WRITE, name);
    checkOpen();
    long end = at + count;
    if (!Content.fits(end)) {
      throw new FileSystemException(name, null, "File too large");
    }
    if (count > 0) {
      disk.grow(content, Math.max(0, end - content.size()), name);
      disk.done(Disk.Action.WRITE, name, Content.hash(from) + at);
      content.write(at, from);
      content.modified = disk.now();
    }
    if (mode.syncs) {
      force(true);
    }
    return count;
  }

  @Override
  public long write(ByteBuffer[] from, int offset, int length) throws IOException {
    long total = 0;
    for (int i = offset; i < offset + length; i++) {
      total += write(from[i]);
    }
    return total;
  }

  @Override
  public long position() throws IOException {
    checkOpen();
    return position;
  }

  @Override
  public FileChannel position(long next) throws IOException {
    checkNotNegative("position", next);
    checkOpen();
    position = next;
    return this;
  }

  @Override
  public long size() throws IOException {
    checkOpen();
    return entry instanceof Content content ? content.size() : 0;
  }

  @Override
  public FileChannel truncate(long size) throws IOException {
    checkNotNegative("size", size);
    Content content = content();
    if (!mode.writes) {
      throw new NonWritableChannelException();
    }
    disk.begin(Disk.Action.WRITE, name);
    checkOpen();
    disk.done(Disk.Action.WRITE, name, size);
    disk.grow(content, Math.min(0, size - content.size()), name);
    content.truncate(size);
    content.modified = disk.now();
    position = Math.min(position, size);
    return this;
  }

  /** Makes durable what was written, or the names in a directory. */
  @Override
  public void force(boolean metaData) throws IOException {
    checkOpen();
    try {
      disk.begin(Disk.Action.FORCE, name);
    } catch (FileSystemException failed) {
      if (entry instanceof Content content) {
        content.failToForce();
      }
      throw failed;
    }
    checkOpen();
    disk.done(Disk.Action.FORCE, name, 0);
    if (entry instanceof Content content) {
      content.force();
    } else if (entry instanceof NameTable directory) {
      disk.force(directory);
    }
  }

  @Override
  public long transferTo(long at, long count, WritableByteChannel target) throws IOException {
    checkNotNegative("count", count);
    long done = 0;
    while (done < count) {
      ByteBuffer piece = ByteBuffer.allocate((int) Math.min(PIECE, count - done));
      if (read(piece, at + done) <= 0) {
        break;
      }
      piece.flip();
      int written = target.write(piece);
      done += written;
      if (piece.hasRemaining()) {
        break;
      }
    }
    return done;
  }

  @Override
  public long transferFrom(ReadableByteChannel source, long at, long count) throws IOException {
    checkNotNegative("count", count);
    if (at > size()) {
      return 0;
    }
    long done = 0;
    while (done < count) {
      ByteBuffer piece = ByteBuffer.allocate((int) Math.min(PIECE, count - done));
      if (source.read(piece) <= 0) {
        break;
      }
      done += write(piece.flip(), at + done);
    }
    return done;
  }

  @Override
  public MappedByteBuffer map(MapMode how, long at, long size) {
    throw new UnsupportedOperationException("files of a simulated host cannot be mapped");
  }

  /* ------ Locks ------ */

  @Override
  public FileLock lock(long at, long size, boolean shared) throws IOException {
    return tryLock(at, size, shared); // Nobody but the host itself could have it.
  }

  @Override
  public FileLock tryLock(long at, long size, boolean shared) throws IOException {
    Content content = content();
    if (content.locks.stream().anyMatch(lock -> lock.overlaps(at, size))) {
      throw new OverlappingFileLockException();
    }
    DiskLock lock = new DiskLock(this, content, at, size, shared);
    content.locks.add(lock);
    return lock;
  }

  @Override
  protected void implCloseChannel() {
    if (start == disk.starts()) {
      if (entry instanceof Content content) {
        content.locks.removeIf(lock -> lock.acquiredBy() == this);
      }
      whenClosed.run();
    }
  }
}

package io.libprocess.stream.bytes;

import io.libprocess.stream.FileMode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicLong;

/** A file that is being written. Each call blocks; one is made at a time. */
final class FileTarget {

  private static final AtomicLong NUMBERS = new AtomicLong();
  private static final int MOST_NAMES = 10_000;

  private final Path path;
  private final FileMode mode;
  private FileChannel channel; // Null if it is not open.
  private Path temporary; // Null if there is none.

  FileTarget(Path path, FileMode mode) {
    this.path = path;
    this.mode = mode;
  }

  /** Opens the file if it is not open. */
  void open() throws IOException {
    if (channel == null) {
      channel =
          switch (mode) {
            case CREATE ->
                FileChannel.open(
                    path,
                    StandardOpenOption.WRITE,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING);
            case APPEND ->
                FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            case ATOMIC -> openTemporary();
          };
    }
  }

  private FileChannel openTemporary() throws IOException {
    Path name = path.getFileName();
    if (name == null) {
      throw new IOException("not the name of a file: " + path);
    }
    long process = ProcessHandle.current().pid();
    for (int i = 0; ; i++) {
      Path beside =
          path.resolveSibling("." + name + "." + process + "-" + NUMBERS.incrementAndGet());
      try {
        FileChannel opened =
            FileChannel.open(beside, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
        temporary = beside;
        return opened;
      } catch (FileAlreadyExistsException e) {
        if (i == MOST_NAMES) {
          throw e;
        }
      }
    }
  }

  /** Writes all bytes of the buffers. */
  void write(ByteBuffer[] buffers) throws IOException {
    for (int first = 0; first < buffers.length; ) {
      if (buffers[first].hasRemaining()) {
        channel.write(buffers, first, buffers.length - first);
      } else {
        first++;
      }
    }
  }

  /** Finishes the file, after all bytes have been written. */
  void finish() throws IOException {
    if (mode == FileMode.ATOMIC) {
      channel.force(true);
    }
    FileChannel open = channel;
    channel = null;
    open.close();
    if (temporary != null) {
      Files.move(temporary, path, StandardCopyOption.ATOMIC_MOVE);
      temporary = null;
    }
  }

  /** Closes the file, if it is open, and deletes it if it must not be kept. */
  void abandon() throws IOException {
    FileChannel open = channel;
    Path unfinished = temporary;
    channel = null;
    temporary = null;
    try {
      if (open != null) {
        open.close();
      }
    } finally {
      if (unfinished != null) {
        Files.deleteIfExists(unfinished);
      }
    }
  }
}

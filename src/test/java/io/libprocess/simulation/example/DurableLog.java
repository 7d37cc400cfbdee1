package io.libprocess.simulation.example;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;

/**
 * Numbers in files, which are kept whatever happens once {@link #append} has returned. For one
 * thread at a time.
 */
final class DurableLog {

  /** What is wrong with it. */
  enum Bug {
    /** Nothing. */
    NONE,
    /** It returns when it has written, and does not force. */
    DOES_NOT_FORCE,
    /** It makes new files without forcing their directory. */
    FORGETS_THE_DIRECTORY,
    /** It believes what it reads, without a checksum. */
    TRUSTS_TORN_RECORDS,
    /** It forces again when that has failed, and takes success for success. */
    FORCES_AGAIN
  }

  private static final int COPIES = 250; // Of a number in its record, which pages may tear.
  private static final int LENGTH = 4 * COPIES + 8;
  private static final int IN_A_FILE = 6;

  private final Path directory;
  private final Bug bug;
  private final List<Integer> numbers = new ArrayList<>();
  private FileChannel file;
  private int files;
  private int inFile;

  private DurableLog(Path directory, Bug bug) {
    this.directory = directory;
    this.bug = bug;
  }

  /** Reads what is there; what was not written to its end is as if it had not been written. */
  static DurableLog open(Path directory, Bug bug) {
    DurableLog log = new DurableLog(directory, bug);
    try {
      log.read();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return log;
  }

  List<Integer> numbers() {
    return List.copyOf(numbers);
  }

  int last() {
    return numbers.isEmpty() ? 0 : numbers.get(numbers.size() - 1);
  }

  private Path path(int number) {
    return directory.resolve(String.format("log.%06d", number));
  }

  private void read() throws IOException {
    for (int i = 1; Files.exists(path(i)); i++) {
      files = i;
      file = FileChannel.open(path(i), StandardOpenOption.READ, StandardOpenOption.WRITE);
      inFile = 0;
      while (readOne()) {
        inFile++;
      }
      if (inFile < IN_A_FILE) {
        break; // Files behind it are of a time when it was whole, or nobody was told of them.
      }
    }
    if (file != null) {
      file.truncate((long) inFile * LENGTH);
      file.position(file.size());
      file.force(true);
    }
    for (int i = files + 1; Files.deleteIfExists(path(i)); i++) {}
    forceDirectory();
  }

  private boolean readOne() throws IOException {
    ByteBuffer record = ByteBuffer.allocate(LENGTH);
    while (record.hasRemaining()) {
      if (file.read(record, (long) inFile * LENGTH + record.position()) < 0) {
        return false;
      }
    }
    if (bug == Bug.TRUSTS_TORN_RECORDS ? number(record) == 0 : isTorn(record)) {
      return false;
    }
    numbers.add(number(record));
    return true;
  }

  private static boolean isTorn(ByteBuffer record) {
    return sum(record) != record.getLong(LENGTH - 8);
  }

  /** All of its bytes count. */
  private static int number(ByteBuffer record) {
    long sum = 0;
    for (int i = 0; i < COPIES; i++) {
      sum += record.getInt(4 * i);
    }
    return (int) (sum / COPIES);
  }

  private static long sum(ByteBuffer record) {
    CRC32 sum = new CRC32();
    sum.update(record.array(), 0, LENGTH - 8);
    return sum.getValue() + 1; // Zeros are no record.
  }

  private void forceDirectory() throws IOException {
    if (bug != Bug.FORGETS_THE_DIRECTORY) {
      try (FileChannel names = FileChannel.open(directory, StandardOpenOption.READ)) {
        names.force(true);
      }
    }
  }

  /** Appends some numbers. */
  void append(List<Integer> some) throws IOException {
    for (int number : some) {
      if (file == null || inFile == IN_A_FILE) {
        next();
      }
      ByteBuffer record = ByteBuffer.allocate(LENGTH);
      for (int i = 0; i < COPIES; i++) {
        record.putInt(number);
      }
      record.putLong(sum(record)).flip();
      while (record.hasRemaining()) {
        file.write(record, (long) inFile * LENGTH + record.position());
      }
      inFile++;
      numbers.add(number);
    }
    force();
  }

  private void next() throws IOException {
    if (file != null) {
      force();
      file.close();
    }
    files++;
    file =
        FileChannel.open(
            path(files),
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE);
    inFile = 0;
    forceDirectory();
  }

  private void force() throws IOException {
    if (bug == Bug.DOES_NOT_FORCE) {
      return;
    }
    try {
      file.force(false);
    } catch (IOException failed) {
      if (bug != Bug.FORCES_AGAIN) {
        throw failed;
      }
      force();
    }
  }
}

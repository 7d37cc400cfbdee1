package io.libprocess.net.nio;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.stream.Chunk;
import io.libprocess.stream.FileRegion;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What of a queue of output is copied into the buffer that is written next. */
class StagingTest {

  private static final int HEAD = 9;
  private static final int PART = 16 << 10;
  private static final int CAPACITY = 64 << 10;

  @TempDir Path directory;

  private final byte[] content = new byte[16 * PART];
  private final ArrayDeque<Object> entries = new ArrayDeque<>();
  private final ByteArrayOutputStream expected = new ByteArrayOutputStream();
  private final ByteBuffer staging = ByteBuffer.allocateDirect(CAPACITY);
  private Path path;
  private FileChannel file;

  @BeforeEach
  void open() throws IOException {
    new Random(1).nextBytes(content);
    path = directory.resolve("file");
    Files.write(path, content);
    file = FileChannel.open(path, StandardOpenOption.READ);
  }

  @AfterEach
  void close() throws IOException {
    file.close();
  }

  private QueuedFile part(int position, int count) {
    return new QueuedFile(file, position, count, false, () -> {});
  }

  /** Takes as many bytes as it is told. */
  private static WritableByteChannel target(int room) {
    return new WritableByteChannel() {
      @Override
      public int write(ByteBuffer bytes) {
        int count = Math.min(room, bytes.remaining());
        bytes.position(bytes.position() + count);
        return count;
      }

      @Override
      public boolean isOpen() {
        return true;
      }

      @Override
      public void close() {}
    };
  }

  @Test
  void part_thatIsNotTakenWaits() throws IOException {
    QueuedFile part = part(0, 100);
    assertEquals(0, part.transferTo(target(0)));
    assertEquals(100, part.left());
    assertEquals(100, part.transferTo(target(1000)));
    assertEquals(0, part.left());
    QueuedFile beyond = part(content.length, 1);
    assertThrows(EOFException.class, () -> beyond.transferTo(target(1000)));
  }

  @Test
  void region_isTheLastPartOfItsOwner() {
    List<String> closed = new ArrayList<>();
    QueuedFile part = QueuedFile.of(new FileRegion(file, 3, 5), () -> closed.add("closed"));
    assertEquals(5, part.left());
    part.skip(5);
    assertEquals(List.of(), closed);
    part.release();
    assertEquals(List.of("closed"), closed);
  }

  /** Adds frames: bytes, and a part of the file after each. */
  private void addFrames(int frames) {
    for (int i = 0; i < frames; i++) {
      byte[] head = new byte[HEAD];
      Arrays.fill(head, (byte) i);
      entries.add(ByteBuffer.wrap(head));
      expected.writeBytes(head);
      entries.add(part(i * PART, PART));
      expected.write(content, i * PART, PART);
    }
  }

  private byte[] fill() throws IOException {
    Staging.fill(staging.clear(), entries);
    byte[] copied = new byte[staging.flip().remaining()];
    staging.get(copied);
    return copied;
  }

  /** Notes that some bytes were sent, as a queue does it. */
  private void skip(int sent) {
    int left = sent;
    while (left > 0) {
      left -= Staging.skip(entries.peek(), left);
      if (Staging.size(entries.peek()) == 0) {
        entries.poll();
      }
    }
  }

  @Test
  void fill_takesSmallPartsOfFilesBetweenOtherBytes() throws IOException {
    addFrames(5);

    byte[] copied = fill();

    assertEquals(CAPACITY, copied.length);
    assertArrayEquals(Arrays.copyOf(expected.toByteArray(), CAPACITY), copied);
  }

  @Test
  void fill_goesOnBehindWhatTheSystemTook_howeverLittleThatIs() throws IOException {
    addFrames(3);
    entries.add(new LentBytes(Chunk.lent(new byte[] {1, 2, 3}, 0, 3, () -> {})));
    expected.writeBytes(new byte[] {1, 2, 3});
    byte[] whole = expected.toByteArray();
    Random random = new Random(7);
    int sent = 0;
    while (sent < whole.length) {
      byte[] copied = fill();
      assertArrayEquals(Arrays.copyOfRange(whole, sent, sent + copied.length), copied);
      int taken = Math.min(copied.length, 1 + random.nextInt(sent < 30 ? 1 : 700));
      skip(taken);
      sent += taken;
    }
    assertTrue(entries.isEmpty());
  }

  @Test
  void fill_stopsAtALargePartOfAFileAndAtALargeDirectBuffer() throws IOException {
    entries.add(ByteBuffer.wrap(new byte[HEAD]));
    entries.add(part(0, CAPACITY + 1));
    assertEquals(HEAD, fill().length);

    entries.clear();
    ByteBuffer large = ByteBuffer.allocateDirect(PART);
    entries.add(part(0, 10));
    entries.add(large);
    assertEquals(10, fill().length);
    assertEquals(large, Staging.large(large));
    assertNull(Staging.large(ByteBuffer.allocate(PART)));
  }

  @Test
  void takes_leavesAPartToTheSystemThatIsLargeOrAlone() {
    assertTrue(Staging.takes(part(0, CAPACITY), 2));
    assertFalse(Staging.takes(part(0, CAPACITY + 1), 2));
    assertFalse(Staging.takes(part(0, 1), 1));
  }

  @Test
  void fill_failsIfAFileHasBecomeShorter() throws IOException {
    addFrames(1);
    Files.write(path, new byte[PART - 1]);

    assertThrows(EOFException.class, this::fill);
  }
}

package io.libprocess.stream;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChunkTest {

  @Test
  void of_partOfAnArray() {
    Chunk chunk = Chunk.of(new byte[] {1, 2, 3, 4}, 1, 2);

    assertEquals(2, chunk.size());
    assertEquals(2, chunk.at(0));
    assertEquals(3, chunk.at(1));
    assertArrayEquals(new byte[] {2, 3}, chunk.toArray());
  }

  @Test
  void of_partThatIsNotThere() {
    assertThrows(IndexOutOfBoundsException.class, () -> Chunk.of(new byte[4], 3, 2));
    assertThrows(IndexOutOfBoundsException.class, () -> Chunk.of(new byte[4], -1, 2));
  }

  @Test
  void at_outsideOfItsPart() {
    Chunk chunk = Chunk.of(new byte[] {1, 2, 3, 4}, 1, 2);

    assertThrows(IndexOutOfBoundsException.class, () -> chunk.at(2));
    assertThrows(IndexOutOfBoundsException.class, () -> chunk.at(-1));
  }

  @Test
  void copyOf_consumesAndCopies() {
    byte[] bytes = {1, 2, 3};
    ByteBuffer buffer = ByteBuffer.wrap(bytes, 1, 2);
    Chunk chunk = Chunk.copyOf(buffer);
    bytes[1] = 9;

    assertEquals(0, buffer.remaining());
    assertArrayEquals(new byte[] {2, 3}, chunk.toArray());
  }

  @Test
  void empty_isAlwaysTheSame() {
    assertTrue(Chunk.empty().isEmpty());
    assertSame(Chunk.empty(), Chunk.of(new byte[0]));
    assertSame(Chunk.empty(), Chunk.of(new byte[3], 1, 0));
    assertSame(Chunk.empty(), Chunk.utf8(""));
    assertSame(Chunk.empty(), Chunk.utf8("abc").slice(2, 2));
    assertSame(Chunk.empty(), Chunk.join(List.of()));
  }

  @Test
  void utf8_thereAndBack() {
    assertEquals("zwölf €", Chunk.utf8("zwölf €").utf8());
    assertEquals(10, Chunk.utf8("zwölf €").size());
  }

  @Test
  void slice_ofASlice() {
    Chunk chunk = Chunk.utf8("0123456789").slice(2, 8).slice(1, 4);

    assertEquals("345", chunk.utf8());
    assertSame(chunk, chunk.slice(0, 3));
    assertThrows(IndexOutOfBoundsException.class, () -> chunk.slice(1, 4));
    assertThrows(IndexOutOfBoundsException.class, () -> chunk.slice(2, 1));
  }

  @Test
  void join_keepsTheOrder() {
    assertEquals(
        "abcdef", Chunk.join(List.of(Chunk.utf8("ab"), Chunk.empty(), Chunk.utf8("cdef"))).utf8());
  }

  @Test
  void asByteBuffer_isReadOnlyAndFresh() {
    Chunk chunk = Chunk.utf8("hello").slice(1, 4);
    chunk.asByteBuffer().get();
    ByteBuffer buffer = chunk.asByteBuffer();

    assertEquals(0, buffer.position());
    assertEquals(3, buffer.capacity());
    assertEquals('e', buffer.get());
    assertThrows(ReadOnlyBufferException.class, () -> buffer.put((byte) 1));
  }

  @Test
  void copyTo_bufferAndArray() {
    Chunk chunk = Chunk.utf8("hello").slice(1, 4);
    ByteBuffer buffer = ByteBuffer.allocate(5);
    chunk.copyTo(buffer);
    byte[] array = new byte[5];
    chunk.copyTo(array, 2);

    assertArrayEquals(new byte[] {'e', 'l', 'l', 0, 0}, buffer.array());
    assertArrayEquals(new byte[] {0, 0, 'e', 'l', 'l'}, array);
  }

  @Test
  void toArray_isACopy() {
    Chunk chunk = Chunk.utf8("ab");
    chunk.toArray()[0] = 'x';

    assertEquals("ab", chunk.utf8());
  }

  @Test
  void equals_byContent() {
    Chunk chunk = Chunk.utf8("xaby").slice(1, 3);

    assertEquals(Chunk.utf8("ab"), chunk);
    assertEquals(Chunk.utf8("ab").hashCode(), chunk.hashCode());
    assertNotEquals(Chunk.utf8("aby"), chunk);
    assertNotEquals(Chunk.utf8("ac"), chunk);
  }

  @Test
  void toString_showsFewBytes() {
    assertEquals("Chunk[2 bytes: 61 ff]", Chunk.of(new byte[] {'a', -1}).toString());
    assertEquals("Chunk[17 bytes]", Chunk.of(new byte[17]).toString());
    assertEquals("Chunk[0 bytes]", Chunk.empty().toString());
  }

  /* ------ Memory of other kinds ------ */

  private static Chunk direct(int... values) {
    ByteBuffer buffer = ByteBuffer.allocateDirect(values.length + 1).put((byte) 99);
    for (int value : values) {
      buffer.put((byte) value);
    }
    return Chunk.lent(buffer.flip().position(1), () -> {});
  }

  @Test
  void directMemory_looksLikeAnArray() {
    Chunk array = Chunk.of(new byte[] {1, 2, 3, 4});
    Chunk direct = direct(1, 2, 3, 4);

    assertEquals(array, direct);
    assertEquals(direct, array);
    assertEquals(array.hashCode(), direct.hashCode());
    assertEquals(array.toString(), direct.toString());
    assertEquals(3, direct.at(2));
    assertThrows(IndexOutOfBoundsException.class, () -> direct.at(4));
    assertArrayEquals(new byte[] {2, 3}, direct.slice(1, 3).toArray());
    assertEquals(3, direct.slice(1, 4).slice(1, 2).at(0));
    assertEquals(array.asByteBuffer(), direct.asByteBuffer());
    assertTrue(direct.asByteBuffer().isReadOnly());
    byte[] target = new byte[6];
    direct.slice(0, 2).copyTo(target, 3);
    assertArrayEquals(new byte[] {0, 0, 0, 1, 2, 0}, target);
    assertThrows(IndexOutOfBoundsException.class, () -> direct.copyTo(target, 3));
    ByteBuffer buffer = ByteBuffer.allocate(4);
    direct.copyTo(buffer);
    assertEquals(4, buffer.position());
    assertEquals("AB", direct('A', 'B').utf8());
    assertEquals(
        Chunk.of(new byte[] {1, 2, 1, 2}),
        Chunk.join(List.of(direct(1, 2), Chunk.of(new byte[] {1, 2}))));
    assertNotEquals(array, direct(1, 2, 3, 5));
  }

  @Test
  void filesLookLikeArrays(@TempDir Path directory) throws IOException {
    Path path = Files.write(directory.resolve("f"), new byte[] {9, 1, 2, 3, 4, 9});
    try (FileChannel file = FileChannel.open(path)) {
      AtomicInteger closed = new AtomicInteger();
      Chunk chunk = Chunk.of(new FileRegion(file, 1, 4), closed::incrementAndGet);

      assertEquals(Chunk.of(new byte[] {1, 2, 3, 4}), chunk);
      assertEquals(4, chunk.size());
      Chunk part = chunk.slice(1, 3);
      assertEquals(Chunk.of(new byte[] {2, 3}), part);
      assertEquals(new FileRegion(file, 2, 2), part.region().orElseThrow());
      chunk.release();
      assertEquals(0, closed.get());
      part.release();
      assertEquals(1, closed.get());

      Chunk beyond = Chunk.of(new FileRegion(file, 4, 4), () -> {});
      assertEquals(
          "java.io.EOFException: file truncated: it ends before 8",
          assertThrows(UncheckedIOException.class, beyond::toArray).getMessage());
    }
  }

  @Test
  void detached_isACopyOfWhatIsLentAndReleasesIt() {
    AtomicInteger given = new AtomicInteger();
    Chunk lent = Chunk.lent(ByteBuffer.allocateDirect(2), given::incrementAndGet);
    Chunk kept = Chunk.of(new byte[2]);

    assertSame(kept, kept.detached());
    assertEquals(kept, lent.detached());
    assertEquals(1, given.get());
    assertFalse(kept.isLent());
    assertTrue(lent.isLent());
  }

  @Test
  void lent_bufferOfAnArray() {
    Chunk chunk = Chunk.lent(ByteBuffer.wrap(new byte[] {0, 1, 2, 3}, 1, 2), () -> {});

    assertEquals(Chunk.of(new byte[] {1, 2}), chunk);
  }
}

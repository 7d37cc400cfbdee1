package io.libprocess.stream;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.util.List;
import org.junit.jupiter.api.Test;

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
}

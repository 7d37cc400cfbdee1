package io.libprocess.stream.collect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.stream.Chunk;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChunkCollectorTest {

  private static final int SIZE = 50_000;

  private static byte[] someBytes() {
    byte[] bytes = new byte[SIZE];
    new Random(7).nextBytes(bytes);
    return bytes;
  }

  /** Pieces below, at and above the sizes at which they are copied together. */
  @ParameterizedTest
  @ValueSource(ints = {1, 3, 255, 256, 4095, 4096, 16_384, 20_000, SIZE})
  void whole_isAllPiecesInOrder(int piece) {
    byte[] bytes = someBytes();
    ChunkCollector collector = new ChunkCollector(SIZE);
    for (int at = 0; at < SIZE; at += piece) {
      assertTrue(collector.add(Chunk.of(bytes, at, Math.min(piece, SIZE - at))));
    }
    assertEquals(SIZE, collector.size());
    assertEquals(Chunk.of(bytes, 0, SIZE), collector.whole());
    assertEquals(0, collector.whole().size());
  }

  @Test
  void whole_mixesSmallAndLargePiecesInOrder() {
    byte[] bytes = someBytes();
    ChunkCollector collector = new ChunkCollector(SIZE);
    int at = 0;
    for (int n = 0; at < SIZE; n++) {
      int size = Math.min(n % 2 == 0 ? 10 : 5000, SIZE - at);
      assertTrue(collector.add(Chunk.of(bytes, at, size)));
      at += size;
    }
    assertEquals(Chunk.of(bytes, 0, SIZE), collector.whole());
  }

  @Test
  void add_refusesTheByteThatIsTooMuchAndAllBehindIt() {
    ChunkCollector collector = new ChunkCollector(3);
    assertTrue(collector.add(Chunk.of(new byte[3])));
    assertFalse(collector.isOver());
    assertFalse(collector.add(Chunk.of(new byte[1])));
    assertTrue(collector.isOver());
    assertFalse(collector.add(Chunk.empty()));
    assertEquals(4, collector.size());
    assertEquals(0, collector.whole().size());
  }

  @Test
  void add_neverOverflows() {
    ChunkCollector collector = new ChunkCollector(Long.MAX_VALUE);
    assertTrue(collector.add(Chunk.of(new byte[1])));
    assertEquals(1, collector.whole().size());
  }
}

package io.libprocess.http.http2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.stream.Chunk;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PiecesTest {

  private final Pieces pieces = new Pieces();

  @Test
  void smallPieces_areMerged() {
    for (int i = 0; i < 65_535; i++) {
      pieces.add(Chunk.of(new byte[] {(byte) i}));
    }
    assertEquals(65_535, pieces.size());
    int count = 0;
    int next = 0;
    for (Chunk piece = pieces.poll(); piece != null; piece = pieces.poll()) {
      count++;
      for (int i = 0; i < piece.size(); i++) {
        assertEquals((byte) next++, piece.at(i));
      }
    }
    assertEquals(65_535, next);
    assertTrue(count <= 9, "pieces: " + count); // The first one is kept as it is.
    assertTrue(pieces.isEmpty());
    assertNull(pieces.poll());
  }

  @Test
  void largePieces_areNotCopied() {
    byte[] large = new byte[5000];
    pieces.add(Chunk.utf8("a"));
    pieces.add(Chunk.of(large));
    pieces.add(Chunk.utf8("b"));
    assertEquals("a", pieces.poll().utf8());
    large[0] = 'x';
    assertEquals('x', pieces.poll().at(0));
    assertEquals("b", pieces.poll().utf8());
  }

  @Test
  void anyPieces_keepTheirOrder() {
    Random random = new Random(1);
    StringBuilder expected = new StringBuilder();
    for (int i = 0; i < 200; i++) {
      String text = Integer.toString(i).repeat(random.nextInt(10) == 0 ? 1000 : 3);
      expected.append(text);
      pieces.add(Chunk.utf8(text));
    }
    assertEquals(expected.toString(), pieces.takeAll().utf8());
    assertEquals(0, pieces.size());
    pieces.add(Chunk.utf8("x"));
    pieces.clear();
    assertNull(pieces.poll());
  }
}

package io.libprocess.stream.bytes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.stream.Chunk;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChunkPoolTest {

  private final ChunkPool pool = new ChunkPool(2);

  private static Chunk filled(ChunkPool.Borrowed borrowed, int... values) {
    for (int value : values) {
      borrowed.buffer().put((byte) value);
    }
    return borrowed.chunk();
  }

  @Test
  void buffers_areUsedAgainWhenTheLastOwnerHasReleased() {
    ChunkPool.Borrowed borrowed = pool.borrow();
    ByteBuffer buffer = borrowed.buffer();
    Chunk chunk = filled(borrowed, 1, 2, 3);
    Chunk part = chunk.slice(1, 3);
    chunk.release();

    assertEquals(1, pool.open());
    assertEquals(Chunk.of(new byte[] {2, 3}), part);
    assertTrue(buffer.isDirect());

    part.release();

    assertEquals(0, pool.open());
    assertSame(buffer, pool.borrow().buffer());
    assertThrows(IllegalStateException.class, part::release);
  }

  @Test
  void buffers_areMadeWhenNoneIsFreeAndDroppedWhenEnoughAre() {
    List<ChunkPool.Borrowed> borrowed = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      borrowed.add(pool.borrow());
    }
    borrowed.forEach(ChunkPool.Borrowed::giveBack);

    assertEquals(2, pool.kept());
    assertEquals(0, pool.open());
  }

  @Test
  void emptyChunks_holdNothing() {
    Chunk chunk = pool.borrow().chunk();
    chunk.release();

    assertTrue(chunk.isEmpty());
    assertEquals(0, pool.open());
  }

  @Test
  void tracking_tellsWhereABufferWasBorrowed() {
    ChunkPool.Borrowed before = pool.borrow();
    pool.track();
    ChunkPool.Borrowed borrowed = pool.borrow();

    assertEquals(1, pool.openSince().size());
    StackTraceElement[] where = pool.openSince().iterator().next().getStackTrace();
    assertTrue(List.of(where).toString().contains("tracking_tells"));

    borrowed.giveBack();
    before.giveBack();

    assertEquals(0, pool.openSince().size());
  }

  @Test
  void blocks_shareABufferAndEndWithIt() {
    Blocks blocks = new Blocks(pool);
    List<Chunk> taken = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      ByteBuffer block = blocks.block();
      while (block.hasRemaining()) {
        block.put((byte) i);
      }
      taken.add(blocks.take());
    }
    blocks.close();

    assertEquals(3, pool.open());
    for (int i = 0; i < 10; i++) {
      assertEquals(Blocks.SIZE, taken.get(i).size());
      assertEquals(i, taken.get(i).at(0));
      assertEquals(i, taken.get(i).at(Blocks.SIZE - 1));
    }
    taken.forEach(Chunk::release);
    assertEquals(0, pool.open());
  }

  @Test
  void blocks_giveWhatWasWritten() {
    Blocks blocks = new Blocks(pool);
    assertTrue(blocks.take().isEmpty());
    blocks.block().put((byte) 1);
    Chunk first = blocks.take();
    blocks.block().put((byte) 2).put((byte) 3);
    Chunk second = blocks.take();
    assertTrue(blocks.take().isEmpty());
    blocks.close();
    blocks.close();

    assertEquals(Chunk.of(new byte[] {1}), first);
    assertEquals(Chunk.of(new byte[] {2, 3}), second);
    first.release();
    second.release();
    assertEquals(0, pool.open());
  }
}

package io.libprocess.net.nio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

class BufferPoolTest {

  private final BufferPool pool = new BufferPool(8);

  @Test
  void borrow_givesBackTheSameBufferEmpty() {
    ByteBuffer buffer = pool.borrow();
    buffer.putInt(1).limit(10);
    pool.giveBack(buffer);

    assertSame(buffer, pool.borrow());
    assertEquals(0, buffer.position());
    assertEquals(BufferPool.BUFFER_SIZE, buffer.remaining());
    assertTrue(buffer.isDirect());
  }

  @Test
  void borrow_neverGivesOneBufferTwice() {
    Set<ByteBuffer> borrowed = Collections.newSetFromMap(new IdentityHashMap<>());
    for (int i = 0; i < 20; i++) {
      assertTrue(borrowed.add(pool.borrow()));
    }
    borrowed.forEach(pool::giveBack);
    Set<ByteBuffer> again = Collections.newSetFromMap(new IdentityHashMap<>());
    for (int i = 0; i < 20; i++) {
      assertTrue(again.add(pool.borrow()));
    }
    again.retainAll(borrowed);
    assertEquals(8, again.size());
  }

  @Test
  void manyThreads_haveABufferEachToThemselves() throws InterruptedException {
    ConcurrentLinkedQueue<String> violations = new ConcurrentLinkedQueue<>();
    Set<Thread> threads = new HashSet<>();
    for (int i = 0; i < 4; i++) {
      int own = i;
      Thread thread =
          new Thread(
              () -> {
                for (int round = 0; round < 20_000; round++) {
                  ByteBuffer buffer = pool.borrow();
                  buffer.putInt(0, own * 100_000 + round);
                  if (buffer.getInt(0) != own * 100_000 + round) {
                    violations.add("shared");
                  }
                  pool.giveBack(buffer);
                }
              });
      threads.add(thread);
      thread.start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertTrue(violations.isEmpty());
    assertNotSame(pool.borrow(), pool.borrow());
  }
}

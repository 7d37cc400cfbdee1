package io.libprocess.net.tls;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.net.nio.BufferPool;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CipherInputTest {

  private static final int POOLED = 4096;

  private final BufferPool pool = new BufferPool(8, POOLED, false);
  private final CipherInput input = new CipherInput(pool);

  @Test
  void keep_holdsHardlyMoreThanIsLeft() {
    for (int size = 1; size <= 20_000; size = size * 2 + 1) {
      input.add(ByteBuffer.allocate(size));
      input.keep();
      int held = input.bytes().capacity();
      assertTrue(held <= 2 * size + 16, held + " bytes are held for " + size);
      assertTrue(held <= size + 8 * 1024 + 16, held + " bytes are held for " + size);
      input.bytes().position(size);
      input.keep();
      assertEquals(0, input.bytes().capacity());
    }
  }

  @Test
  void keep_copiesWhatIsNotOurs() {
    byte[] theirs = {1, 2, 3};
    input.add(ByteBuffer.wrap(theirs));
    input.keep();
    theirs[0] = 9;
    assertEquals(1, input.bytes().get(0));
  }

  /** Makes the input borrow a buffer, which it shows. */
  private ByteBuffer borrowed() {
    input.add(ByteBuffer.allocate(1));
    input.keep();
    input.add(ByteBuffer.allocate(POOLED / 2));
    return input.bytes();
  }

  @Test
  void borrowedBuffer_isGivenBackOnce() {
    ByteBuffer kept = borrowed();
    input.keep();
    assertSame(kept, pool.borrow());
    input.release();
    ByteBuffer released = borrowed();
    input.release();
    assertSame(released, pool.borrow());
    input.release();
    assertNotSame(released, pool.borrow());
  }

  @Test
  void held_isNothingOnceAllIsReadOrReleased() {
    assertEquals(0, input.held());
    input.add(ByteBuffer.allocate(100));
    input.keep();
    assertEquals(input.bytes().capacity(), input.held());
    input.bytes().position(100);
    input.keep();
    assertEquals(0, input.held());
    input.add(ByteBuffer.allocate(100));
    input.keep();
    input.release();
    assertEquals(0, input.held());
  }

  @Test
  void bytes_comeOutAsTheyWentInHoweverTheyAreCut() {
    for (int seed = 0; seed < 50; seed++) {
      Random random = new Random(seed);
      byte[] all = new byte[60_000];
      random.nextBytes(all);
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      int most = 1 + random.nextInt(seed % 2 == 0 ? 30 : 9000);
      for (int from = 0; from < all.length; ) {
        int to = Math.min(all.length, from + 1 + random.nextInt(most));
        int before = Math.min(from, 7);
        byte[] piece = Arrays.copyOfRange(all, from - before, to);
        input.add(ByteBuffer.wrap(piece, before, to - from));
        from = to;
        int taken = random.nextInt(input.bytes().remaining() + 1);
        byte[] some = new byte[from == all.length ? input.bytes().remaining() : taken];
        input.bytes().get(some);
        out.writeBytes(some);
        input.keep();
      }
      assertArrayEquals(all, out.toByteArray(), "seed " + seed);
    }
  }
}

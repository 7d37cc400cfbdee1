package io.libprocess.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import org.junit.jupiter.api.Test;

class CountDownLatchTest {

  @Test
  void triggered() {
    CountDownLatch latch = new CountDownLatch(5);
    Future<Void> triggered = latch.triggered();
    for (int i = 0; i < 5; i++) {
      assertTrue(triggered.isPending());
      latch.decrement();
    }
    assertTrue(triggered.isReady());
    assertTrue(latch.triggered().isReady());
  }

  @Test
  void threads() throws Exception {
    CountDownLatch latch = new CountDownLatch(5);
    Stress.inParallel(5, thread -> latch.decrement());
    assertTrue(latch.triggered().isReady());
  }

  @Test
  void decrement_atZeroDoesNothing() {
    CountDownLatch latch = new CountDownLatch();
    latch.decrement();
    latch.decrement();
    assertEquals(0, latch.count());
  }

  @Test
  void triggered_ofALatchThatStartsAtZeroIsReady() {
    CountDownLatch latch = new CountDownLatch(0);
    assertTrue(latch.triggered().isReady());
    latch.decrement();
    assertEquals(0, latch.count());
    assertTrue(latch.triggered().isReady());
  }

  @Test
  void triggered_discardConcernsNobodyElse() {
    CountDownLatch latch = new CountDownLatch();
    Future<Void> first = latch.triggered();
    Future<String> second = latch.triggered().map(none -> "seen");
    first.discard();
    assertTrue(first.isDiscarded());
    latch.decrement();
    assertEquals("seen", second.get());
  }

  @Test
  void misuse_isNamed() {
    assertEquals(
        "count < 0: -1",
        assertThrows(IllegalArgumentException.class, () -> new CountDownLatch(-1)).getMessage());
  }
}

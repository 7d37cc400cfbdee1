package io.libprocess.sync;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.support.SmallStack;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LatchTest {

  private final Latch latch = new Latch();

  @Test
  void trigger_isTrueOnce() {
    Future<Void> triggered = latch.triggered();
    assertFalse(latch.isTriggered());
    assertTrue(latch.trigger());
    assertFalse(latch.trigger());
    assertTrue(latch.isTriggered());
    assertTrue(triggered.isReady());
    assertTrue(latch.triggered().isReady());
  }

  @Test
  void await_saysWhetherItWasTriggeredInTime() throws Exception {
    assertFalse(latch.await(Duration.ZERO));
    assertFalse(latch.await(Duration.ofMillis(1)));
    Stress.inParallel(
        2,
        thread -> {
          if (thread == 0) {
            assertTrue(latch.await(Duration.ofSeconds(30)));
          } else {
            latch.trigger();
          }
        });
    assertTrue(latch.await(Duration.ZERO));
  }

  @Test
  void triggered_discardConcernsNobodyElse() {
    Future<Void> first = latch.triggered();
    Future<Void> second = latch.triggered();
    first.discard();
    latch.trigger();

    assertTrue(first.isDiscarded());
    assertTrue(second.isReady());
  }

  @Test
  void trigger_ofAMillionLatchesInTheirCallbacksKeepsTheStack() {
    Latch first = new Latch();
    Latch last = first;
    for (int i = 0; i < SmallStack.MILLION; i++) {
      Latch next = new Latch();
      last.triggered().onReady(none -> next.trigger());
      last = next;
    }
    SmallStack.run(first::trigger);
    assertTrue(last.isTriggered());
  }
}

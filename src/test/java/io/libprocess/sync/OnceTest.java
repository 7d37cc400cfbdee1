package io.libprocess.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import org.junit.jupiter.api.Test;

class OnceTest {

  private final Once once = new Once();

  @Test
  void once_firstDoesItWhileOthersWait() {
    assertFalse(once.once().get());
    Future<Boolean> second = once.once();
    Future<Boolean> third = once.once();
    assertTrue(second.isPending());

    once.done();
    assertTrue(second.get());
    assertTrue(third.get());
    assertTrue(once.once().get());
  }

  @Test
  void once_discardConcernsNobodyElse() {
    once.once();
    Future<Boolean> second = once.once();
    Future<Boolean> third = once.once();
    second.discard();
    once.done();

    assertTrue(second.isDiscarded());
    assertTrue(third.get());
  }

  @Test
  void done_outOfTurnThrows() {
    assertEquals(
        "done() before once()", assertThrows(IllegalStateException.class, once::done).getMessage());
    once.once();
    once.done();
    assertEquals(
        "done() a second time", assertThrows(IllegalStateException.class, once::done).getMessage());
  }
}

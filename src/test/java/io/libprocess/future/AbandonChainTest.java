package io.libprocess.future;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.support.SmallStack;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Abandonment that leads to abandonment needs no stack, however long the chain is. */
@Timeout(60)
class AbandonChainTest {

  private static final int LENGTH = 100_000;

  private static Future<Integer> chain(Future<Integer> first) {
    Future<Integer> last = first;
    for (int i = 0; i < LENGTH; i++) {
      last =
          Futures.select(List.of(last))
              .map(Future::get)
              .recover(none -> Future.failed("none was ready"));
    }
    return last;
  }

  @Test
  void failedInput_endsAChainOfSelects() throws Exception {
    SmallStack.call(
        () -> {
          Promise<Integer> promise = new Promise<>();
          Future<Integer> last = chain(promise.future());
          assertTrue(promise.fail("first"));
          assertEquals("none was ready", last.failure().getMessage());
          return null;
        });
  }

  @Test
  void abandonedInput_endsAChainOfSelects() throws Exception {
    SmallStack.call(
        () -> {
          Promise<Integer> promise = new Promise<>();
          Future<Integer> last = chain(promise.future());
          assertTrue(promise.abandon());
          assertEquals("none was ready", last.failure().getMessage());
          return null;
        });
  }

  @Test
  void callbacksThatAbandonOthers_needNoStack() throws Exception {
    SmallStack.call(
        () -> {
          Promise<Integer> first = new Promise<>();
          Promise<Integer> last = first;
          for (int i = 0; i < LENGTH; i++) {
            Promise<Integer> next = new Promise<>();
            last.future().onAbandoned(next::abandon);
            last = next;
          }
          first.abandon();
          assertTrue(last.future().isAbandoned());
          return null;
        });
  }
}

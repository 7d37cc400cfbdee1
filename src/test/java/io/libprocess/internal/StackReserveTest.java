package io.libprocess.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.support.SmallStack;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A check of the stack leaves room for the smaller ones, whoever has compiled them. */
@Timeout(120)
class StackReserveTest {

  private static final int ROUNDS = 40; // Until the compilers have had their turn.

  private final Runnable[] checks = {
    StackReserve::checkLittle,
    StackReserve::check,
    StackReserve::checkForCallbacks,
    StackReserve::checkForOperation
  };

  private int passed;
  private int broken;

  private void recurse(int outer, int depth) {
    checks[outer].run();
    passed++;
    try {
      nest(depth % 8, outer - 1);
    } catch (StackOverflowError e) {
      broken++;
    }
    recurse(outer, depth + 1);
  }

  /** A few frames, and then a check. */
  private void nest(int frames, int inner) {
    if (frames > 0) {
      nest(frames - 1, inner);
    } else {
      checks[inner].run();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void check_leavesRoomForTheSmallerOne(int outer) {
    for (int round = 0; round < ROUNDS; round++) {
      overflow(outer, round % 97);
    }
    assertTrue(passed > ROUNDS, "passed: " + passed);
    assertEquals(0, broken);
  }

  private void overflow(int outer, int shift) {
    SmallStack.call(
        () -> {
          try {
            shifted(outer, shift);
          } catch (StackOverflowError expected) {
            // The point of it.
          }
          return null;
        });
  }

  private void shifted(int outer, int shift) {
    if (shift == 0) {
      recurse(outer, 0);
    } else {
      shifted(outer, shift - 1);
    }
  }

  private boolean wasShort;

  /** Inside of callbacks less is enough, because the rest is put off. */
  @Test
  void check_insideOfCallbacksIsContentWithLess() {
    SmallStack.run(
        () -> {
          Trampoline trampoline = Trampoline.enter();
          try {
            untilShort();
          } finally {
            trampoline.exit();
          }
        });
    assertTrue(wasShort);
  }

  private void untilShort() {
    if (StackReserve.isShort()) {
      StackReserve.checkForCallbacks();
      wasShort = true;
      return;
    }
    untilShort();
  }
}

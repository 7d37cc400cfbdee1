package io.libprocess.future;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.libprocess.internal.Trampoline;
import io.libprocess.support.SmallStack;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A user's recursion that ends with a {@link StackOverflowError} somewhere inside a future leaves
 * the thread as it was: deeply nested steps still run on it afterwards.
 */
@Timeout(300)
class OverflowTest {

  private static final int SHIFTS = 97;

  @Test
  void endOfTheStack_leavesTheNestingOfTheThreadRight() {
    assertEquals("overflows 97, still nested 0", Program.run());
  }

  /** The recursion, and a look at the thread after each end of the stack. */
  static final class Program {

    private Program() {}

    private static int recurse(int shift) {
      if (shift > 0) {
        return recurse(shift - 1) + 1;
      }
      return step() + 1;
    }

    private static int step() {
      Promise<Integer> promise = new Promise<>();
      promise.future().onReady(value -> {}).then(value -> Future.of(value + 1));
      promise.set(1);
      Future.of(1).onAny(future -> {});
      return step() + 1;
    }

    /** Whether a step that is put off runs when the outermost level returns. */
    private static boolean runsWhatIsPutOff() {
      boolean[] ran = {false};
      Trampoline trampoline = Trampoline.enter();
      trampoline.putOff(
          new Trampoline.Step() {
            @Override
            protected void run() {
              ran[0] = true;
            }
          });
      trampoline.exit();
      return ran[0];
    }

    static String run() {
      int[] overflows = {0};
      int[] nested = {0};
      SmallStack.run(
          () -> {
            for (int shift = 0; shift < SHIFTS; shift++) {
              try {
                recurse(shift);
              } catch (StackOverflowError expected) {
                overflows[0]++;
              }
              if (!runsWhatIsPutOff()) {
                nested[0]++;
              }
            }
          });
      return "overflows " + overflows[0] + ", still nested " + nested[0];
    }
  }
}

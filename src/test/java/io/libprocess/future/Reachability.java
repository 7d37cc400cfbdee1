package io.libprocess.future;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.ref.WeakReference;

/** Asks the garbage collector. */
final class Reachability {

  private static final int ATTEMPTS = 50;

  private Reachability() {}

  /** Asserts that nothing holds the object. */
  static void assertCleared(WeakReference<?> reference) {
    for (int i = 0; i < ATTEMPTS && reference.get() != null; i++) {
      System.gc();
    }
    assertTrue(reference.get() == null, () -> "still reachable: " + reference.get());
  }
}

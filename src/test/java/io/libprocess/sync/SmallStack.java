package io.libprocess.sync;

import static org.junit.jupiter.api.Assertions.assertFalse;

/** Runs code where recursion would show. */
final class SmallStack {

  static final int MILLION = 1_000_000;

  private SmallStack() {}

  static void run(Runnable code) {
    Thread thread = new Thread(null, code, "small-stack", 512 * 1024);
    thread.setDaemon(true);
    thread.start();
    try {
      thread.join(60_000);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    assertFalse(thread.isAlive());
  }
}

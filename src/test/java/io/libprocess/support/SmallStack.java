package io.libprocess.support;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/** Runs code on a thread with 512 KiB of stack, where recursion shows. */
public final class SmallStack {

  /** More levels than any stack holds. */
  public static final int MILLION = 1_000_000;

  private static final long BYTES = 512 * 1024;

  private SmallStack() {}

  /** Runs code to its end, and rethrows its exceptions. */
  public static <T> T call(Callable<T> code) {
    FutureTask<T> task = new FutureTask<>(code);
    Thread thread = new Thread(null, task, "small-stack", BYTES);
    thread.setDaemon(true);
    thread.start();
    try {
      return task.get(Expect.SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new AssertionError(e.getCause());
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** Runs code to its end, and rethrows its exceptions. */
  public static void run(Runnable code) {
    call(
        () -> {
          code.run();
          return null;
        });
  }
}

package io.libprocess.future;

import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/** Runs code on a thread with 512 KiB of stack. */
final class SmallStack {

  private SmallStack() {}

  static <T> T call(Callable<T> code) throws Exception {
    FutureTask<T> task = new FutureTask<>(code);
    Thread thread = new Thread(null, task, "small-stack", 512 * 1024);
    thread.setDaemon(true);
    thread.start();
    return task.get(60, TimeUnit.SECONDS);
  }
}

package io.libprocess.future;

import io.libprocess.internal.scheduler.ThreadContext;
import io.libprocess.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;

/** A paused clock, and threads that live by it. */
final class PausedClock implements AutoCloseable {

  private final Clock clock = Clock.paused(Instant.EPOCH);

  /** Starts code on a thread that lives by this clock. */
  <T> FutureTask<T> start(Callable<T> code) {
    FutureTask<T> task =
        new FutureTask<>(
            () -> {
              ThreadContext.bindClock(clock);
              return code.call();
            });
    Thread thread = new Thread(task, "paused-clock");
    thread.setDaemon(true);
    thread.start();
    return task;
  }

  /** Runs code on a thread that lives by this clock. */
  <T> T call(Callable<T> code) throws Exception {
    return start(code).get();
  }

  /** Lets time pass, and waits until all timers that are due have run. */
  void advance(Duration duration) {
    clock.advance(duration);
    clock.settle();
  }

  @Override
  public void close() {
    clock.close();
  }
}

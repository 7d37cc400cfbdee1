package io.libprocess.internal;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.time.Clock;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Turns of event-loop threads. */
class TurnTest {

  /** Counts down when it is run. */
  private static final class Signal extends Task {
    private static final long serialVersionUID = 1L;

    private final transient CountDownLatch ran = new CountDownLatch(1);

    @Override
    protected void run(RunLoop turn) {
      ran.countDown();
    }
  }

  @Test
  void taskThatAFlushMakesReady_isRunThoughTheLoopRests() throws Exception {
    Signal signal = new Signal();
    ForkJoinScheduler scheduler =
        new ForkJoinScheduler(
            "turn-test", 1, false, Clock.system(), Duration.ofSeconds(10), (thread, context) -> {});
    RunLoop turn = scheduler.newLoopTurn(() -> {});
    Thread loop =
        new RuntimeThread(
            "turn-test-loop",
            turn,
            () -> {
              RunLoop.atEnd(() -> scheduler.ready(signal));
              turn.runQueue(); // And never again.
            });
    loop.start();
    try {
      assertTrue(signal.ran.await(30, TimeUnit.SECONDS));
    } finally {
      loop.join();
      scheduler.close();
    }
  }
}

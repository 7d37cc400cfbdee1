package io.libprocess.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.internal.MemoryBudget;
import io.libprocess.internal.scheduler.PollingScheduler;
import io.libprocess.time.Clock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class DefaultRuntimeTest {

  private static DefaultRuntime.Threads threads(String name) {
    return new DefaultRuntime.Threads(
        name, 1, false, 1, Duration.ofSeconds(1), (thread, context) -> {});
  }

  private static List<Thread> running(String name) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith(name))
        .toList();
  }

  @Test
  void networkThatCannotBeUsed_leavesNoThreads() throws Exception {
    for (Throwable thrown :
        List.of(
            new UncheckedIOException(new IOException("no descriptors")),
            new OutOfMemoryError("no direct memory"))) {
      AtomicReference<PollingScheduler> made = new AtomicReference<>();
      DefaultRuntime.TransportSource broken =
          (scheduler, ioThreads, memory) -> {
            made.set(scheduler);
            assertFalse(running("broken").isEmpty());
            if (thrown instanceof Error error) {
              throw error;
            }
            throw (RuntimeException) thrown;
          };

      Throwable seen =
          assertThrows(
              Throwable.class,
              () ->
                  DefaultRuntime.start(
                      threads("broken"), Clock.system(), MemoryBudget.ofHeap(), broken));

      assertSame(thrown, seen);
      assertTrue(made.get().isClosed());
      for (Thread thread : running("broken")) {
        thread.join(20_000);
      }
      assertEquals(List.of(), running("broken"));
    }
  }

  @Test
  void close_twiceIsAllRight() {
    Runtime runtime = DefaultRuntime.start(threads("twice"), Clock.system(), MemoryBudget.ofHeap());
    runtime.close();
    runtime.close();
    assertTrue(runtime.scheduler().isClosed());
  }
}

package io.libprocess.subprocess;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.internal.scheduler.BlockingExecutor;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class StartLineTest {

  private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
  private final List<Object> seen = new ArrayList<>();
  private final StartLine line = new StartLine(2);

  private void enter(Executor threads, Object name) {
    line.enter(threads, () -> seen.add(name), refusal -> seen.add(name + " " + refusal));
  }

  private static void refuse(Runnable task) {
    throw new RejectedExecutionException("closed");
  }

  @Test
  void starts_waitForPlacesInTheirOrder() {
    for (int i = 0; i < 4; i++) {
      enter(tasks::add, i);
    }

    assertEquals(2, tasks.size());
    tasks.remove().run();
    line.leave();
    assertEquals(2, tasks.size());
    tasks.remove().run();
    tasks.remove().run();
    line.leave();
    line.leave();
    tasks.remove().run();
    line.leave();
    assertEquals(List.of(0, 1, 2, 3), seen);
    for (int i = 0; i < 3; i++) {
      enter(tasks::add, i);
    }
    assertEquals(2, tasks.size());
  }

  @Test
  void refusals_costNoPlaces() {
    for (int i = 0; i < 3; i++) {
      enter(StartLineTest::refuse, "early");
    }
    enter(tasks::add, 1);
    enter(tasks::add, 2);
    enter(StartLineTest::refuse, "late");
    enter(tasks::add, 3);
    assertEquals(2, tasks.size());
    line.leave();

    assertEquals(3, tasks.size());
    String refusal = " " + new RejectedExecutionException("closed");
    assertEquals(
        List.of("early" + refusal, "early" + refusal, "early" + refusal, "late" + refusal), seen);
  }

  @Test
  void places_areForStartsThatSurelyEnd() {
    try (BlockingExecutor own = new BlockingExecutor("line-", false, () -> {})) {
      assertTrue(StartLine.isFor(own, Stdio.pipe(), Stdio.nothing()));
      assertFalse(StartLine.isFor(own, Stdio.pipe(), Stdio.path(Path.of("fifo"))));
      assertFalse(StartLine.isFor(Runnable::run, Stdio.pipe()));
    }
  }
}

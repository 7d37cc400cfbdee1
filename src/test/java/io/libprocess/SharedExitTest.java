package io.libprocess;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.actor.Exits;
import io.libprocess.future.Future;
import io.libprocess.support.Expect;
import io.libprocess.sync.Latch;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Futures of one process with several holders: none of them affects the others. */
class SharedExitTest {

  private static final class Idle extends Process<Idle> {}

  @Test
  void exit_whoGivesUpDoesNotGiveUpForOthers() {
    try (Node node = Node.start(Config.builder().workers(1).build())) {
      PID<Idle> pid = node.spawn(new Idle());
      Future<Exit.Reason> other = node.exit(pid).map(Exit::reason);
      Future<Exit> mine = node.exit(pid);
      assertTrue(mine.discard());
      assertTrue(mine.isDiscarded());
      assertFalse(other.hasDiscard());
      Future<Exit> late = node.exit(pid).after(Duration.ofMillis(1), f -> giveUp(f));
      late.await();
      node.terminate(pid);
      assertEquals(Exit.Reason.TERMINATED, Expect.ready(other));
      assertEquals(Exits.NO_PROCESS, Expect.ready(node.exit(pid).map(exit -> exit)));
    }
  }

  private static Future<Exit> giveUp(Future<Exit> late) {
    late.discard();
    return Future.failed("too late");
  }

  @Test
  void callAsync_thatReturnsItsOwnFutureFailsAndTheProcessLivesOn() {
    try (Node node = Node.start(Config.builder().workers(1).build())) {
      PID<Idle> pid = node.spawn(new Idle());
      AtomicReference<Future<Integer>> own = new AtomicReference<>();
      Latch known = new Latch();
      own.set(
          pid.callAsync(
              process -> {
                known.await(Duration.ofSeconds(20));
                return own.get();
              }));
      known.trigger();
      own.get().await();
      assertEquals("a future cannot wait for itself", own.get().failure().getMessage());
      assertEquals("alive", Expect.ready(pid.call(process -> "alive")));
    }
  }
}

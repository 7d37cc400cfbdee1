package io.libprocess;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.support.Expect;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The result of {@link Node#exit} belongs to its caller alone. */
class ExitFutureTest {

  private final Node node = Node.start(Config.builder().workers(1).build());

  @AfterEach
  void end() {
    node.close();
  }

  @Test
  void discardOfOneCaller_reachesNoOther() throws Exception {
    PID<Plain> pid = node.spawn(new Plain());
    Future<Exit> mine = node.exit(pid);
    Future<String> others = node.exit(pid).map(exit -> "told of " + exit.reason());
    mine.discard();
    Future<Exit> later = node.exit(pid);
    assertTrue(others.isPending());
    node.terminate(pid);
    assertEquals("told of TERMINATED", Expect.ready(others));
    assertEquals(Exit.Reason.TERMINATED, Expect.ready(later).reason());
    assertTrue(mine.isDiscarded());
  }

  @Test
  void discardBeforeTheEnd_doesNotReachTheSupervisor() throws Exception {
    CountDownLatch restarted = new CountDownLatch(2);
    PID<Supervisor> supervisor = node.spawn(new Supervisor(3, java.time.Duration.ofSeconds(5)));
    PID<Plain> child =
        Expect.ready(
            supervisor.call(s -> s.start(() -> new Plain("child", p -> restarted.countDown()))));
    node.exit(child).discard();
    node.terminate(child);
    Expect.opened(restarted);
  }
}

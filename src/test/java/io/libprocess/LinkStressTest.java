package io.libprocess;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.libprocess.future.Future;
import io.libprocess.future.Race;
import io.libprocess.future.Race.Role;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Links against ends: each linker is told exactly once, and before anything learns that the end is
 * over.
 */
class LinkStressTest {

  private static final int ROUNDS = 20_000;
  private static final int LOOKS = 32; // Until who waits gives way to whoever ends the process.

  private final Node node = Node.start(Config.builder().workers(2).build());
  private final Linker linkedBefore = new Linker();
  private final Linker linkedMeanwhile = new Linker();
  private final PID<Linker> before = node.spawn(linkedBefore);
  private final PID<Linker> meanwhile = node.spawn(linkedMeanwhile);

  @AfterEach
  void close() {
    node.close();
  }

  /** Counts how often it is told of each end, until a check takes the count away. */
  private static final class Linker extends Process<Linker> {
    private final Map<UPID, Integer> told = new ConcurrentHashMap<>();

    @Override
    protected void exited(UPID pid, Exit exit) {
      told.merge(pid, 1, Integer::sum);
    }

    int toldOf(UPID pid) {
      return told.getOrDefault(pid, 0);
    }

    int forget(UPID pid) {
      Integer times = told.remove(pid);
      return times == null ? 0 : times;
    }
  }

  private static final class Idle extends Process<Idle> {}

  /** A process that is linked to before the race and in it, ends in it, and is waited for in it. */
  private final class Victim {
    private final PID<Idle> pid = node.spawn(new Idle());
    private volatile Future<Integer> toldWhenGone;

    Victim() {
      before.dispatch(linker -> linker.link(pid));
    }

    void link() {
      meanwhile.dispatch(linker -> linker.link(pid));
    }

    void terminate() {
      // Behind the link of the constructor, and from a process, as most ends.
      before.dispatch(linker -> linker.node().terminate(pid));
    }

    void awaitByPid() {
      for (int looks = 1; !node.await(pid, Duration.ZERO); looks++) { // To meet every instant.
        if (looks % LOOKS == 0) {
          Thread.yield(); // Whoever ends the process may wait for this very core.
        }
      }
      toldWhenGone = before.call(linker -> linker.toldOf(pid));
    }

    void awaitTheExit() {
      Future<Exit> exit = node.exit(pid);
      toldWhenGone = exit.then(ended -> before.call(linker -> linker.toldOf(pid)));
    }

    void check() {
      assertEquals(1, toldWhenGone.get(), "when it was over");
      assertEquals(1, linkedBefore.forget(pid), "linked before");
      if (linkedMeanwhile.toldOf(pid) == 0) {
        serveAll(); // The request to link may still wait.
      }
      assertEquals(1, linkedMeanwhile.forget(pid), "linked meanwhile");
    }
  }

  /** Makes the linkers serve their events, and the events that result from these. */
  private void serveAll() {
    for (PID<Linker> linker : List.of(before, meanwhile, before, meanwhile)) {
      linker.call(itself -> itself).get();
    }
  }

  private void race(Role<Victim> awaiting) throws Exception {
    Race.play(
        ROUNDS, Victim::new, Victim::check, List.of(Victim::link, Victim::terminate, awaiting));
    serveAll();
    assertEquals(Map.of(), linkedBefore.told, "told again after the check");
    assertEquals(Map.of(), linkedMeanwhile.told, "told again after the check");
  }

  @Test
  void whoWaitsByPid_isReleasedWhenAllLinkersAreTold() throws Exception {
    race(Victim::awaitByPid);
  }

  @Test
  void whoWaitsForTheExit_isReleasedWhenAllLinkersAreTold() throws Exception {
    race(Victim::awaitTheExit);
  }
}

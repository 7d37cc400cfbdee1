package io.libprocess;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.libprocess.future.Future;
import io.libprocess.future.Race;
import io.libprocess.future.Race.Role;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Links against ends: each is told exactly once, and before anybody is told that it is over. */
class LinkStressTest {

  private static final int ROUNDS = 20_000;

  private final Node node = Node.start(Config.builder().workers(2).build());
  private final PID<Linker> before = node.spawn(new Linker());
  private final PID<Linker> meanwhile = node.spawn(new Linker());

  @AfterEach
  void close() {
    node.close();
  }

  /** Counts how often it is told of each end. */
  private static final class Linker extends Process<Linker> {
    private final Map<UPID, Integer> told = new HashMap<>();

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
      while (!node.await(
          pid, Duration.ZERO)) { // Again and again, to meet every instant of the end.
        Thread.onSpinWait();
      }
      toldWhenGone = before.call(linker -> linker.toldOf(pid));
    }

    void awaitTheExit() {
      Future<Exit> exit = node.exit(pid);
      toldWhenGone = exit.then(ended -> before.call(linker -> linker.toldOf(pid)));
    }

    void check() {
      assertEquals(1, toldWhenGone.get(), "when it was over");
      node.await(pid);
      assertEquals(1, before.call(linker -> linker.forget(pid)).get(), "linked before");
      meanwhile.call(linker -> linker).get(); // The link is served: now it is told at the latest.
      assertEquals(1, meanwhile.call(linker -> linker.forget(pid)).get(), "linked meanwhile");
    }
  }

  private void race(Role<Victim> awaiting) throws Exception {
    Race.play(
        ROUNDS, Victim::new, Victim::check, List.of(Victim::link, Victim::terminate, awaiting));
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

package io.libprocess;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.Exit.Reason;
import io.libprocess.Plain.Gone;
import io.libprocess.future.Future;
import io.libprocess.support.Expect;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Links between processes of one node. */
class ExitedTest {

  private final Node node = Node.start(Config.builder().workers(2).build());
  private final Plain linker = new Plain("linker");
  private final PID<Plain> linking = node.spawn(linker);

  @AfterEach
  void close() {
    node.close();
  }

  private void link(UPID to) throws Exception {
    Expect.ready(
        linking.call(
            p -> {
              p.link(to);
              return null;
            }));
  }

  private void noMore() throws Exception {
    Expect.ready(linking.call(p -> null)); // Behind whatever was queued before.
    assertTrue(linker.gone.isEmpty(), linker.gone::toString);
  }

  @Test
  void terminatingALinkedProcess_callsExitedWithItsPid() throws Exception {
    PID<Plain> pid = node.spawn(new Plain());
    link(pid);
    noMore();
    node.terminate(pid);
    Expect.next(new Gone(pid, Reason.TERMINATED), linker.gone);
    noMore();
  }

  @Test
  void linkingAgain_countsOnce() throws Exception {
    PID<Plain> pid = node.spawn(new Plain());
    link(pid);
    link(pid);
    link(new UPID(pid.id(), pid.address()));
    node.terminate(pid);
    Expect.next(new Gone(pid, Reason.TERMINATED), linker.gone);
    noMore();
  }

  @Test
  void linkingToNobody_callsExitedAtOnce() throws Exception {
    UPID nobody = new UPID("nobody", node.address());
    link(nobody);
    Expect.next(new Gone(nobody, Reason.NO_PROCESS), linker.gone);
    link(UPID.NONE);
    noMore();
  }

  @Test
  void linkingToTheDeadOrUnborn_callsExitedAtOnce() throws Exception {
    Plain later = new Plain();
    PID<Plain> pid = node.pid(later);
    link(pid);
    Expect.next(new Gone(pid, Reason.NO_PROCESS), linker.gone);
    node.spawn(later);
    node.terminate(pid);
    node.await(pid);
    link(pid);
    Expect.next(new Gone(pid, Reason.NO_PROCESS), linker.gone);
    noMore();
  }

  @Test
  void exited_isQueuedBeforeWaitersAreReleased() throws Exception {
    for (int i = 0; i < 200; i++) {
      PID<Plain> pid = node.spawn(new Plain());
      link(pid);
      node.terminate(pid);
      node.await(pid);
      int told = Expect.ready(linking.call(p -> p.gone.size()));
      assertEquals(1, told);
      linker.gone.clear();
    }
  }

  /** With many linkers there is time to ask between the first and the last that is told. */
  @Test
  void exited_isQueuedToAllBeforeLateWaitersAreReleased() throws Exception {
    List<PID<Plain>> linkers = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      linkers.add(node.spawn(new Plain()));
    }
    for (int round = 1; round <= 200; round++) {
      PID<Plain> pid = node.spawn(new Plain());
      for (PID<Plain> one : linkers) {
        Expect.ready(
            one.call(
                p -> {
                  p.link(pid);
                  return null;
                }));
      }
      node.terminate(pid);
      while (node.exit(pid).isPending()) {
        Thread.onSpinWait();
      }
      int told = Expect.ready(linkers.get(linkers.size() - 1).call(p -> p.gone.size()));
      assertEquals(round, told, "of the linker that is told last");
    }
  }

  @Test
  void manyLinkers_areAllTold() throws Exception {
    PID<Plain> pid = node.spawn(new Plain());
    Plain[] all = new Plain[100];
    for (int i = 0; i < all.length; i++) {
      all[i] = Plain.with(p -> p.link(pid));
      node.spawn(all[i]);
    }
    for (Plain one : all) {
      Expect.ready(node.pid(one).call(p -> null));
    }
    node.terminate(pid);
    for (Plain one : all) {
      Expect.next(new Gone(pid, Reason.TERMINATED), one.gone);
    }
  }

  @Test
  void linksOfAnEndedProcess_areForgotten() throws Exception {
    PID<Plain> pid = node.spawn(new Plain());
    link(pid);
    node.terminate(linking);
    node.await(linking);
    Plain next = new Plain("linker");
    PID<Plain> nextPid = node.spawn(next); // With the same name, but another.
    node.terminate(pid);
    node.await(pid);
    Expect.ready(nextPid.call(p -> null));
    assertTrue(next.gone.isEmpty(), next.gone::toString);
  }

  @Test
  void exitedOnTheWay_isNotForTheNextProcessOfThatName() throws Exception {
    PID<Plain> pid = node.spawn(new Plain());
    link(pid);
    CountDownLatch busy = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    linking.dispatch(
        p -> {
          busy.countDown();
          goOn.await();
        });
    Expect.opened(busy);
    node.terminate(linking, false);
    node.terminate(pid);
    node.await(pid); // So the linker's event is queued behind its own end.
    Future<Exit> ended = node.exit(linking);
    goOn.countDown();
    Expect.ready(ended);
    Plain next = new Plain("linker");
    Expect.ready(node.spawn(next).call(p -> p));
    assertTrue(next.gone.isEmpty(), next.gone::toString);
  }

  @Test
  void linkingToItself_tellsNobody() throws Exception {
    link(linking);
    Future<Exit> ended = node.exit(linking);
    node.terminate(linking);
    Expect.ready(ended);
    assertTrue(linker.gone.isEmpty());
  }

  @Test
  void aNewProcessOfTheSameName_isLinkedAnew() throws Exception {
    for (int i = 0; i < 200; i++) {
      PID<Plain> pid = node.spawn(new Plain("again"));
      link(pid);
      Future<Exit> ended = node.exit(pid);
      node.terminate(pid);
      Expect.next(new Gone(pid, Reason.TERMINATED), linker.gone);
      Expect.ready(ended);
    }
    noMore();
  }
}

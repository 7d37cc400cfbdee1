package io.libprocess;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.actor.Exits;
import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.support.Expect;
import io.libprocess.support.LogCapture;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SpawnTest {

  private final Node node = Node.start(Config.builder().build());

  @AfterEach
  void close() {
    node.close();
  }

  @Test
  void pid_isKnownBeforeSpawn() throws Exception {
    Plain plain = new Plain("early");
    PID<Plain> before = node.pid(plain);
    assertSame(before, node.spawn(plain));
    assertEquals(new UPID("early", node.address()), before);
    assertEquals("early@" + node.address(), before.toString());
    assertSame(before, Expect.ready(before.call(Process::self)));
  }

  @Test
  void self_isUnknownBeforeSpawnAndWithoutNode() {
    assertThrows(IllegalStateException.class, () -> new Plain("lonely").self());
  }

  @Test
  void spawn_initializesAndFinishesOnce() throws Exception {
    Plain plain = new Plain();
    PID<Plain> pid = node.spawn(plain);
    assertFalse(node.await(pid, Duration.ZERO));
    Expect.next("initialize", plain.lifeCycle);
    node.terminate(pid);
    assertTrue(node.await(pid) || node.await(pid, Duration.ZERO));
    Expect.next("finish", plain.lifeCycle);
    assertTrue(plain.lifeCycle.isEmpty());
  }

  @Test
  void initialize_runsOnAWorkerBeforeWhatWasSentAtOnce() throws Exception {
    AtomicReference<Thread> thread = new AtomicReference<>();
    Plain plain = Plain.with(p -> thread.set(Thread.currentThread()));
    Future<Thread> early = node.pid(plain).call(p -> thread.get());
    assertTrue(early.isPending());
    node.spawn(plain);
    assertNotSame(Thread.currentThread(), Expect.ready(early));
  }

  @Test
  void terminateAtOnce_initializesFirst() throws Exception {
    Plain plain = new Plain();
    PID<Plain> pid = node.spawn(plain);
    node.terminate(pid);
    node.await(pid);
    Expect.next("initialize", plain.lifeCycle);
    Expect.next("finish", plain.lifeCycle);
  }

  @Test
  void spawn_refusesATakenId() throws Exception {
    PID<Plain> first = node.spawn(new Plain("taken"));
    Plain second = new Plain("taken");
    IllegalStateException refused =
        assertThrows(IllegalStateException.class, () -> node.spawn(second));
    assertTrue(refused.getMessage().contains("taken@"), refused.getMessage());
    node.terminate(first);
    node.await(first);
    node.spawn(second); // Now it may.
    Expect.next("initialize", second.lifeCycle);
  }

  @Test
  void spawn_refusesWhatWasSpawnedBefore() {
    Plain plain = new Plain();
    PID<Plain> pid = node.spawn(plain);
    assertThrows(IllegalStateException.class, () -> node.spawn(plain));
    node.terminate(pid);
    node.await(pid);
    assertThrows(IllegalStateException.class, () -> node.spawn(plain));
  }

  @Test
  void spawn_refusesAProcessOfAnotherNode() {
    try (Node other = Node.start(Config.builder().build())) {
      Plain plain = new Plain();
      node.spawn(plain);
      assertThrows(IllegalArgumentException.class, () -> other.spawn(plain));
    }
  }

  @Test
  void ids_mustNotConfuseAddresses() {
    for (String bad : new String[] {"", "a/b", "a@b", "a\r\nb"}) {
      assertThrows(IllegalArgumentException.class, () -> new Plain(bad));
    }
  }

  private static final class Unnamed extends Process<Unnamed> {}

  @Test
  void processWithoutAnId_isFoundByTheTextOfItsPid() throws Exception {
    PID<Unnamed> pid = node.spawn(new Unnamed());
    UPID text = UPID.parse(pid.toString()).orElseThrow();
    assertEquals(text, pid);
    assertEquals(pid, text);
    assertEquals(text.hashCode(), pid.hashCode());
    assertTrue(pid.id().matches("\\([1-9][0-9]*\\)"), pid.id());
    assertSame(pid.id(), pid.id());
    node.terminate(text);
    node.await(text);
    assertEquals(Exits.NO_PROCESS, Expect.ready(node.exit(text)));
  }

  @Test
  void spawn_refusesTheIdOfAProcessWithoutAnId() {
    Unnamed unnamed = new Unnamed();
    String id = unnamed.id();
    PID<Plain> named = node.spawn(new Plain(id));
    assertEquals(id, named.id());
    assertThrows(IllegalStateException.class, () -> node.spawn(unnamed));
    node.terminate(named);
    node.await(named);
    assertEquals(named, node.spawn(unnamed));
    assertThrows(IllegalStateException.class, () -> node.spawn(new Plain(id)));
  }

  @Test
  void idsThatOnlyLookLikeNumbers_areDifferent() throws Exception {
    Map<String, PID<Plain>> spawned = new HashMap<>();
    for (String id :
        List.of(
            "(70000000001)",
            "(070000000001)",
            "70000000001",
            "(70000000001",
            "(70000000001)x",
            "(-70000000001)",
            "(+70000000001)",
            "(999999999999999999)",
            "(9999999999999999999)",
            "(18446744143709551617)", // 70000000001, if the overflow goes unseen.
            "(0)",
            "()",
            "(",
            "(a)",
            "(1a)",
            "(\u0661)")) {
      spawned.put(id, node.spawn(new Plain(id)));
    }
    for (Map.Entry<String, PID<Plain>> one : spawned.entrySet()) {
      assertEquals(one.getKey(), one.getValue().id());
      UPID copy = new UPID(one.getKey(), node.address());
      assertSame(one.getValue().cell(), node.processes().find(copy), one.getKey());
    }
  }

  @Test
  void generatedIds_countFromOneForEachPrefix() {
    String prefix = "counted-" + System.identityHashCode(this);
    assertEquals(prefix + "(1)", Id.generate(prefix));
    assertEquals(prefix + "(2)", Id.generate(prefix));
  }

  @Test
  void injectedTerminate_dropsWhatIsQueued() throws Exception {
    CountDownLatch busy = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    Plain plain = new Plain();
    PID<Plain> pid = node.spawn(plain);
    Future<String> current =
        pid.call(
            p -> {
              busy.countDown();
              goOn.await();
              return "finished";
            });
    Expect.opened(busy);
    Future<String> queued = pid.call(p -> "never");
    node.terminate(pid, true);
    Future<String> late = pid.call(p -> "never");
    goOn.countDown();
    assertEquals("finished", Expect.ready(current));
    Expect.abandoned(queued);
    Expect.abandoned(late);
  }

  @Test
  void terminateWithoutInject_servesWhatIsQueued() throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    PID<Plain> pid = node.spawn(Plain.with(p -> goOn.await()));
    Future<String> queued = pid.call(p -> "served");
    node.terminate(pid, false);
    Future<String> late = pid.call(p -> "never");
    goOn.countDown();
    assertEquals("served", Expect.ready(queued));
    Expect.abandoned(late);
  }

  @Test
  void terminate_ofNobodyDoesNothing() {
    node.terminate(new UPID("nobody", node.address()));
    node.terminate(UPID.NONE);
    assertFalse(node.await(new UPID("nobody", node.address())));
    assertTrue(node.await(new UPID("nobody", node.address()), Duration.ZERO));
  }

  @Test
  void await_seesNoLateEffects() throws Exception {
    for (int i = 0; i < 200; i++) {
      Plain plain = new Plain("again");
      PID<Plain> pid = node.spawn(plain);
      Future<Void> call = pid.call(p -> null);
      node.terminate(pid);
      assertTrue(node.await(pid) || node.await(pid, Duration.ZERO));
      assertTrue(call.isReady() || call.isAbandoned());
      assertEquals(2, plain.lifeCycle.size());
    }
  }

  @Test
  void exit_tellsHowAProcessEnds() throws Exception {
    PID<Plain> terminated = node.spawn(new Plain());
    Future<Exit> first = node.exit(terminated);
    node.terminate(terminated);
    assertEquals(Exit.Reason.TERMINATED, Expect.ready(first).reason());
    assertEquals(Exit.Reason.NO_PROCESS, Expect.ready(node.exit(terminated)).reason());

    try (LogCapture log = new LogCapture()) {
      PID<Plain> failing = node.spawn(new Plain());
      Future<Exit> second = node.exit(failing);
      Exception cause = new Exception("on purpose");
      failing.dispatch(
          p -> {
            throw cause;
          });
      assertEquals(Exits.failed(cause), Expect.ready(second));
      assertSame(cause, log.await(failing.toString()).getThrown());
    }
  }

  @Test
  void donation_spawnTerminateAndAwaitInsideAHandler() throws Exception {
    try (Node single = Node.start(Config.builder().workers(1).build())) {
      PID<Plain> outer = single.spawn(new Plain());
      Future<Boolean> ended =
          outer.call(
              p -> {
                PID<Plain> inner = single.spawn(new Plain());
                single.terminate(inner);
                return single.await(inner);
              });
      assertTrue(Expect.ready(ended));
    }
  }

  @Test
  void donation_runsTheTargetInTheWaitingThread() throws Exception {
    PID<Plain> outer = node.spawn(new Plain());
    Future<Boolean> same =
        outer.call(
            p -> {
              AtomicReference<Thread> thread = new AtomicReference<>();
              Plain child = Plain.with(c -> thread.set(Thread.currentThread()));
              PID<Plain> inner = node.spawn(child);
              node.terminate(inner);
              node.await(inner);
              return thread.get() == Thread.currentThread();
            });
    assertTrue(Expect.ready(same));
  }

  @Test
  void await_ofItselfIsRefused() throws Exception {
    PID<Plain> pid = node.spawn(new Plain());
    Throwable refused = Expect.failure(pid.call(p -> node.await(p.self())));
    assertTrue(refused instanceof IllegalStateException, refused::toString);
  }

  @Test
  void respawn_isReachedThroughTheOldPid() throws Exception {
    PID<Plain> old = node.spawn(new Plain("phoenix"));
    node.terminate(old);
    node.await(old);
    Future<String> meanwhile = old.call(p -> "nobody");
    Expect.abandoned(meanwhile);
    Plain next = new Plain("phoenix");
    node.spawn(next);
    assertSame(next, Expect.ready(old.call(p -> p)));
    node.terminate(old);
    Expect.next("initialize", next.lifeCycle);
    Expect.next("finish", next.lifeCycle);
  }

  @Test
  void respawn_ofAnotherTypeIsNotReachedThroughTheOldPid() throws Exception {
    class Other extends Process<Other> {
      Other() {
        super("typed");
      }
    }
    PID<Plain> old = node.spawn(new Plain("typed"));
    node.terminate(old);
    node.await(old);
    node.spawn(new Other());
    Expect.abandoned(old.call(p -> p.id()));
  }

  @Test
  void endOfAProcess_dropsItsQueueWhileTheIdIsTaken() throws Exception {
    PID<Plain> pid = node.spawn(new Plain("ordered"));
    CountDownLatch goOn = new CountDownLatch(1);
    pid.dispatch(p -> goOn.await());
    Promise<Boolean> takenWhenDropped = new Promise<>();
    pid.call(p -> null)
        .onAbandoned(
            () -> {
              try {
                node.spawn(new Plain("ordered"));
                takenWhenDropped.set(false);
              } catch (IllegalStateException e) {
                takenWhenDropped.set(true);
              }
            });
    node.terminate(pid);
    goOn.countDown();
    assertTrue(Expect.ready(takenWhenDropped.future()));
  }
}

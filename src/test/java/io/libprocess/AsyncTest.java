package io.libprocess;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.config.AsyncThreads;
import io.libprocess.future.Future;
import io.libprocess.internal.scheduler.BlockingExecutor;
import io.libprocess.subprocess.Command;
import io.libprocess.subprocess.Subprocess;
import io.libprocess.support.Expect;
import io.libprocess.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AsyncTest {

  private static boolean isVirtual(Thread thread) throws ReflectiveOperationException {
    try {
      return (Boolean) Thread.class.getMethod("isVirtual").invoke(thread);
    } catch (NoSuchMethodException e) {
      return false; // Before JDK 21.
    }
  }

  private static boolean onVirtualThread(AsyncThreads kind) throws Exception {
    try (Node node = Node.start(Config.builder().asyncThreads(kind).build())) {
      return Expect.ready(node.async(() -> isVirtual(Thread.currentThread())));
    }
  }

  @Test
  void result_isWhatTheCallReturnsOrThrows() throws Exception {
    assertEquals("value", Expect.ready(Async.async(() -> "value")));
    Exception thrown = new Exception("on purpose");
    Future<Object> failing =
        Async.async(
            () -> {
              throw thrown;
            });
    assertSame(thrown, Expect.failure(failing));
    Future<Void> nothing = Async.run(() -> {});
    assertEquals(null, Expect.ready(nothing));
    assertSame(
        thrown,
        Expect.failure(
            Async.run(
                () -> {
                  throw thrown;
                })));
  }

  @Test
  void thunk_ofAMethodWithArgumentsGivesItsValue() throws Exception {
    assertEquals(3, (int) Expect.ready(Async.async(() -> Math.max(2, 3))));
    assertEquals(3.5, (double) Expect.ready(Async.async(() -> Math.max(2, 3.5))));
  }

  @Test
  void resultThatIsAFuture_staysNested() throws Exception {
    Future<String> inner = Future.of("inner");
    assertSame(inner, Expect.ready(Async.async(() -> inner)));
  }

  @Test
  void platformThreads_onRequest() throws Exception {
    assertFalse(onVirtualThread(AsyncThreads.PLATFORM));
  }

  @Test
  void autoThreads_areVirtualFromJdk24On() throws Exception {
    assertEquals(Runtime.version().feature() >= 24, onVirtualThread(AsyncThreads.AUTO));
    assertEquals(
        Runtime.version().feature() >= 24,
        Expect.ready(Async.async(() -> isVirtual(Thread.currentThread()))));
  }

  @Test
  @EnabledForJreRange(min = JRE.JAVA_21)
  void virtualThreads_onRequest() throws Exception {
    assertTrue(onVirtualThread(AsyncThreads.VIRTUAL));
  }

  @Test
  @EnabledForJreRange(max = JRE.JAVA_20)
  void virtualThreads_areRefusedWhereThereAreNone() {
    IllegalArgumentException refused =
        org.junit.jupiter.api.Assertions.assertThrows(
            IllegalArgumentException.class,
            () -> new BlockingExecutor("x", true, () -> {}).close());
    assertTrue(refused.getMessage().contains("JDK 21"), refused.getMessage());
  }

  @Test
  void insideAProcess_blockingCallsBlockNobody() throws Exception {
    try (Node node = Node.start(Config.builder().workers(1).build())) {
      PID<Plain> pid = node.spawn(new Plain());
      CountDownLatch goOn = new CountDownLatch(1);
      CountDownLatch started = new CountDownLatch(50);
      List<Future<Void>> calls = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        calls.add(
            pid.callAsync(
                p ->
                    Async.run(
                        () -> {
                          started.countDown();
                          goOn.await();
                        })));
      }
      Expect.opened(started);
      assertEquals("free", Expect.ready(pid.call(p -> "free")));
      goOn.countDown();
      for (Future<Void> call : calls) {
        Expect.ready(call);
      }
    }
  }

  private static final int CHAIN = 300;

  /** Each call waits for the next one, {@value #CHAIN} deep. */
  private static int chain(int left) {
    return left == 0 ? 0 : 1 + Async.async(() -> chain(left - 1)).get();
  }

  @ParameterizedTest
  @EnumSource(
      value = AsyncThreads.class,
      names = {"AUTO", "PLATFORM"})
  void chainOfBlockingCalls_hasAThreadForEach(AsyncThreads kind) throws Exception {
    try (Node node =
        Node.start(Config.builder().workers(1).ioThreads(1).asyncThreads(kind).build())) {
      assertEquals(CHAIN, (int) Expect.ready(node.async(() -> chain(CHAIN))));
      PID<Plain> pid = node.spawn(new Plain());
      assertEquals(CHAIN, (int) Expect.ready(pid.call(p -> chain(CHAIN))));
    }
  }

  private static int chainOfProcesses(Node node, int left) {
    return left == 0
        ? 0
        : 1 + node.spawn(new Plain()).call(p -> chainOfProcesses(node, left - 1)).get();
  }

  @Test
  void chainOfProcessesThatWaitForEachOther_endsOnOneWorker() throws Exception {
    try (Node node = Node.start(Config.builder().workers(1).build())) {
      PID<Plain> pid = node.spawn(new Plain());
      assertEquals(CHAIN, (int) Expect.ready(pid.call(p -> chainOfProcesses(node, CHAIN))));
    }
  }

  @Test
  void discardOfARunningCall_interruptsIt() throws Exception {
    CountDownLatch started = new CountDownLatch(1);
    Future<Void> call =
        Async.run(
            () -> {
              started.countDown();
              new CountDownLatch(1).await();
            });
    Expect.opened(started);
    assertTrue(call.discard());
    Expect.discarded(call);
  }

  @Test
  void discardOfACallThatFinishesAllTheSame_keepsItsResult() throws Exception {
    CountDownLatch started = new CountDownLatch(1);
    Future<String> call =
        Async.async(
            () -> {
              started.countDown();
              try {
                new CountDownLatch(1).await();
                return "never";
              } catch (InterruptedException e) {
                return "finished";
              }
            });
    Expect.opened(started);
    call.discard();
    assertEquals("finished", Expect.ready(call));
  }

  @Test
  void discardBeforeTheCallBegins_preventsIt() {
    Queue<Runnable> queue = new ArrayDeque<>();
    AtomicBoolean ran = new AtomicBoolean();
    Future<Object> call =
        Async.run(
            queue::add,
            () -> {
              ran.set(true);
              return null;
            },
            this);
    call.discard();
    assertTrue(call.isPending());
    queue.remove().run();
    assertTrue(call.isDiscarded());
    assertFalse(ran.get());
    assertFalse(Thread.currentThread().isInterrupted());
  }

  @Test
  void discardAfterTheCall_interruptsNothing() {
    Queue<Runnable> queue = new ArrayDeque<>();
    Future<String> call = Async.run(queue::add, () -> "value", this);
    queue.remove().run();
    call.discard();
    assertFalse(Thread.currentThread().isInterrupted());
    assertEquals("value", call.get());
  }

  @Test
  void interruptLeftByACall_doesNotReachTheNext() {
    Queue<Runnable> queue = new ArrayDeque<>();
    Async.run(
        queue::add,
        () -> {
          Thread.currentThread().interrupt();
          return null;
        },
        this);
    queue.remove().run();
    assertFalse(Thread.currentThread().isInterrupted());
  }

  @Test
  void discardsAgainstEnds_neverHitAnotherCall() throws Exception {
    try (Node node = Node.start(Config.builder().asyncThreads(AsyncThreads.PLATFORM).build())) {
      for (int i = 0; i < 2_000; i++) {
        CountDownLatch started = new CountDownLatch(1);
        Future<Void> hit =
            node.async(
                () -> {
                  started.countDown();
                  return null;
                });
        Expect.opened(started);
        hit.discard(); // About when it ends.
        Future<Boolean> innocent = node.async(() -> Thread.currentThread().isInterrupted());
        assertFalse(Expect.ready(innocent));
        Expect.completed(hit);
      }
    }
  }

  @Test
  void afterTheNodeIsClosed_callsFail() throws Exception {
    Node node = Node.start(Config.builder().build());
    node.close();
    assertTrue(Expect.failure(node.async(() -> 1)) instanceof IllegalStateException);
  }

  /** On virtual threads they hold all carriers. */
  @Test
  void computations_holdUpNoPrograms() throws Exception {
    try (Node node = Node.start()) {
      AtomicBoolean done = new AtomicBoolean();
      List<Future<Boolean>> computing = new ArrayList<>();
      try {
        for (int i = 2 * Runtime.getRuntime().availableProcessors(); i > 0; i--) {
          computing.add(
              node.async(
                  () -> {
                    while (!done.get()) {
                      Thread.onSpinWait();
                    }
                    return true;
                  }));
        }
        Command command = Command.shell("echo out; exit 3");
        assertEquals(3, Expect.ready(node.run(command).then(Subprocess::status)).code());
        assertEquals("out\n", Expect.ready(command.capture(100)).out().utf8());
      } finally {
        done.set(true);
      }
      computing.forEach(Expect::ready);
    }
  }

  @Test
  void call_insideACallBelongsToTheNodeToo() throws Exception {
    Clock clock = Clock.create();
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch ended = new CountDownLatch(1);
    AtomicBoolean interrupted = new AtomicBoolean();
    Config config = Config.builder().clock(clock).asyncThreads(AsyncThreads.PLATFORM).build();
    try (Node node = Node.start(config)) {
      assertEquals(
          false,
          Expect.ready(
              node.async(() -> Async.async(() -> isVirtual(Thread.currentThread())).get())));
      assertSame(clock, Expect.ready(node.async(() -> Async.async(Clock::current).get())));
      Future<Future<Void>> outer =
          node.async(
              () ->
                  Async.run(
                      () -> {
                        begun.countDown();
                        try {
                          new CountDownLatch(1).await();
                        } catch (InterruptedException e) {
                          interrupted.set(true);
                        }
                        ended.countDown();
                      }));
      Expect.ready(outer);
      begun.await();
    } finally {
      clock.close();
    }
    assertTrue(ended.await(Expect.LIMIT.toSeconds(), TimeUnit.SECONDS));
    assertTrue(interrupted.get());
  }

  @Test
  void call_runsOnAThreadThatCannotBeToldItsNode() throws Exception {
    Runnable failing =
        () -> {
          throw new OutOfMemoryError("a test");
        };
    try (BlockingExecutor threads = new BlockingExecutor("unbound-", false, failing)) {
      CountDownLatch ran = new CountDownLatch(1);
      threads.execute(ran::countDown);
      assertTrue(ran.await(Expect.LIMIT.toSeconds(), TimeUnit.SECONDS));
    }
  }
}

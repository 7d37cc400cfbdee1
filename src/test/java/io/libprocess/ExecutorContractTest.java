package io.libprocess;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.support.Expect;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A PID as an executor behaves as the JDK's classes expect. */
class ExecutorContractTest {

  private final Node node = Node.start(Config.builder().workers(2).build());

  @AfterEach
  void end() {
    node.close();
  }

  private static final class Small extends Process<Small> {
    Small() {
      mailboxLimit(1);
    }
  }

  private PID<Plain> ended() {
    PID<Plain> pid = node.spawn(new Plain());
    node.terminate(pid);
    node.await(pid);
    return pid;
  }

  @Test
  void endedProcess_rejects() {
    PID<Plain> pid = ended();
    String text =
        assertThrows(RejectedExecutionException.class, () -> pid.execute(() -> {})).getMessage();
    assertEquals("process " + pid + " has ended", text);
    assertThrows(
        RejectedExecutionException.class, () -> CompletableFuture.supplyAsync(() -> 1, pid));
    CompletableFuture<Integer> next =
        CompletableFuture.completedFuture(1).thenApplyAsync(one -> one + 1, pid);
    CompletionException failed = assertThrows(CompletionException.class, next::join);
    assertInstanceOf(RejectedExecutionException.class, failed.getCause());
  }

  @Test
  void successorOfAnEndedProcess_runsTheTask() throws Exception {
    PID<Plain> first = node.spawn(new Plain("again"));
    node.terminate(first);
    node.await(first);
    node.spawn(new Plain("again"));
    assertEquals(1, CompletableFuture.supplyAsync(() -> 1, first).get(50, TimeUnit.SECONDS));
  }

  @Test
  void fullMailbox_rejects() throws Exception {
    PID<Small> pid = node.spawn(new Small());
    CountDownLatch busy = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    pid.dispatch(
        p -> {
          busy.countDown();
          goOn.await();
        });
    Expect.opened(busy);
    CompletableFuture<Integer> fits = CompletableFuture.supplyAsync(() -> 1, pid);
    String text =
        assertThrows(RejectedExecutionException.class, () -> pid.execute(() -> {})).getMessage();
    assertEquals("the mailbox of " + pid + " is full at 1", text);
    goOn.countDown();
    assertEquals(1, fits.get(50, TimeUnit.SECONDS));
    Long drops = Expect.ready(pid.call(p -> p.mailboxDrops()));
    assertEquals(0L, drops);
  }

  @Test
  void processThatEndsFirst_cancelsTasksThatAreFutures() throws Exception {
    PID<Plain> pid = node.spawn(new Plain());
    CountDownLatch busy = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    pid.dispatch(
        p -> {
          busy.countDown();
          goOn.await();
        });
    Expect.opened(busy);
    FutureTask<Integer> task = new FutureTask<>(() -> 1);
    pid.execute(task);
    node.terminate(pid);
    goOn.countDown();
    node.await(pid);
    assertTrue(task.isCancelled());
  }

  @Test
  void unspawnedProcess_runsTheTaskLater() throws Exception {
    Plain plain = new Plain();
    PID<Plain> pid = node.pid(plain);
    AtomicBoolean ran = new AtomicBoolean();
    pid.execute(() -> ran.set(true));
    assertFalse(ran.get());
    node.spawn(plain);
    Expect.ready(pid.call(p -> p));
    assertTrue(ran.get());
  }

  @Test
  void closedNode_rejects() {
    PID<Plain> pid = node.spawn(new Plain());
    node.close();
    assertThrows(RejectedExecutionException.class, () -> pid.execute(() -> {}));
  }
}

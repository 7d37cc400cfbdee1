package io.libprocess;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.actor.ProcessCell;
import io.libprocess.actor.Processes;
import io.libprocess.future.Future;
import io.libprocess.internal.scheduler.Scheduler;
import io.libprocess.metrics.Counter;
import io.libprocess.metrics.Histogram;
import io.libprocess.support.Expect;
import io.libprocess.support.LogCapture;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When a node is closed, every future that its processes were to complete is decided. */
class CloseDecidesTest {

  private static final Duration SHORT = Duration.ofMillis(100);

  private final LogCapture log = new LogCapture();
  private final CountDownLatch goOn = new CountDownLatch(1);

  @AfterEach
  void end() {
    goOn.countDown();
    log.close();
  }

  /** Waits whatever happens, as a loop of computations would. */
  private void waitUninterruptibly() {
    boolean over = false;
    while (!over) {
      try {
        goOn.await();
        over = true;
      } catch (InterruptedException e) {
        // Goes on: it does not care.
      }
    }
  }

  @Test
  void processOfAThreadThatDoesNotComeBack_andOthers() throws Exception {
    Node node = Node.start(Config.builder().workers(1).drainTimeout(SHORT).build());
    PID<Plain> busy = node.spawn(new Plain("busy"));
    PID<Plain> other = node.spawn(new Plain("other"));
    Expect.ready(other.call(p -> p));
    CountDownLatch running = new CountDownLatch(1);
    busy.dispatch(
        p -> {
          running.countDown();
          waitUninterruptibly();
        });
    Expect.opened(running);
    Expect.ready(other.call(p -> p)); // Another thread runs it.
    Future<Plain> behind = busy.call(p -> p);
    Future<Exit> exit = node.exit(other);
    Future<Exit> exitOfBusy = node.exit(busy);

    node.close();

    assertTrue(behind.isAbandoned(), behind::toString);
    assertEquals(Exit.Reason.TERMINATED, exit.get().reason());
    assertEquals(Exit.Reason.FAILED, exitOfBusy.get().reason());
    assertTrue(other.call(p -> p).isAbandoned());
    assertTrue(busy.call(p -> p).isAbandoned());
    assertTrue(node.await(busy, Duration.ZERO));
    goOn.countDown();
    Expect.abandoned(other.call(p -> p));
    Expect.abandoned(busy.call(p -> p));
  }

  @Test
  void processThatComesBackLate_dropsTheRestAndFinishes() throws Exception {
    Node node = Node.start(Config.builder().workers(1).drainTimeout(SHORT).build());
    Plain late = new Plain();
    PID<Plain> pid = node.spawn(late);
    AtomicBoolean served = new AtomicBoolean();
    CountDownLatch running = new CountDownLatch(1);
    pid.dispatch(
        p -> {
          running.countDown();
          waitUninterruptibly();
        });
    pid.dispatch(p -> served.set(true));
    Expect.opened(running);
    node.close();
    goOn.countDown();
    Expect.next("initialize", late.lifeCycle);
    Expect.next("finish", late.lifeCycle);
    assertFalse(served.get());
  }

  @Test
  void unspawnedProcess_isDecidedToo() {
    Node node = Node.start(Config.builder().build());
    Plain plain = new Plain();
    PID<Plain> pid = node.pid(plain);
    Future<Plain> before = pid.call(p -> p);
    assertFalse(before.isAbandoned());
    node.close();
    assertTrue(before.isAbandoned());
    assertTrue(pid.call(p -> p).isAbandoned());
    assertTrue(node.pid(new Plain()).call(p -> p).isAbandoned());
    assertThrows(IllegalStateException.class, () -> node.spawn(plain));
  }

  @Test
  void interruptedCloser_waitsAllTheSame() throws Exception {
    Node node = Node.start(Config.builder().workers(1).build());
    Plain plain = new Plain();
    PID<Plain> pid = node.spawn(plain);
    CountDownLatch running = new CountDownLatch(1);
    pid.dispatch(
        p -> {
          running.countDown();
          goOn.await();
        });
    Future<Plain> behind = pid.call(p -> p);
    Expect.opened(running);
    AtomicBoolean interrupted = new AtomicBoolean();
    Thread closer =
        new Thread(
            () -> {
              Thread.currentThread().interrupt();
              node.close();
              interrupted.set(Thread.currentThread().isInterrupted());
            });
    closer.start();
    while (!node.processes().isClosing()) {
      Thread.onSpinWait();
    }
    closer.interrupt();
    goOn.countDown();
    closer.join(1000 * Expect.SECONDS);
    assertFalse(closer.isAlive());
    assertTrue(behind.isReady(), behind::toString);
    assertTrue(plain.lifeCycle.contains("finish"));
    assertTrue(interrupted.get());
  }

  @Test
  void spawnWhileClosing_endsToo() throws Exception {
    Node node = Node.start(Config.builder().workers(2).build());
    Plain[] late = {null};
    CountDownLatch running = new CountDownLatch(1);
    PID<Plain> first =
        node.spawn(
            new Plain() {
              @Override
              protected void finish() {
                super.finish();
                running.countDown();
                waitUninterruptibly();
              }
            });
    Expect.ready(first.call(p -> p));
    Thread closer = new Thread(node::close);
    closer.start();
    Expect.opened(running); // Now the node is closing.
    assertThrows(IllegalStateException.class, () -> node.spawn(late[0] = new Plain()));
    goOn.countDown();
    closer.join(1000 * Expect.SECONDS);
    assertFalse(closer.isAlive());
    assertTrue(late[0].lifeCycle.isEmpty());
  }

  @Test
  void spawnThatHasPassedTheCheckWhenClosingBegins_endsToo() throws Exception {
    Node node = Node.start(Config.builder().workers(1).build());
    Processes[] late = new Processes[1];
    Object scheduler =
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {Scheduler.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("ready")) {
                late[0].beginClosing();
              }
              return method.invoke(node.scheduler(), arguments);
            });
    late[0] =
        new Processes(
            node.address(),
            (Scheduler) scheduler,
            node.clock(),
            new Processes.Counts(
                new Counter("test/drops"),
                new Counter("test/nobody"),
                new Counter("test/ignored"),
                Histogram.ofDurations("test/waited"),
                Histogram.ofDurations("test/ran")));
    late[0].begin(node, node.messages());
    ProcessCell cell = ProcessCell.of(late[0], "late", new Plain());
    late[0].spawn(cell);
    Expect.ready(cell.ended());
    node.close();
  }
}

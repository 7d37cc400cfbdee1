package io.libprocess.internal.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.support.Expect;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The role of polling on its own: no watchdog fills it, or gives it to another thread. */
@Timeout(120)
class PollingRoleTest {

  /** As many as the role is queued at most. */
  private static final int QUEUED = 2;

  /** After so many checks the role is taken for lost. */
  private static final int CHECKS = 128;

  private final ForkJoinScheduler scheduler =
      new ForkJoinScheduler(
          "role-test", 1, false, new Object(), Duration.ofSeconds(60), (thread, context) -> {});
  private final LinkedBlockingQueue<Runnable> polls = new LinkedBlockingQueue<>();
  private final PollingRole role = new PollingRole(scheduler, this::poll);
  private boolean over; // Used only inside polls.

  @AfterEach
  void close() {
    polls.add(() -> over = true);
    scheduler.close();
  }

  /** Does in each poll what the test wants. */
  private boolean poll() {
    try {
      polls.take().run();
      return !over;
    } catch (InterruptedException e) {
      return false;
    }
  }

  private void awaitPoll() {
    CountDownLatch polled = new CountDownLatch(1);
    polls.add(polled::countDown);
    Expect.opened(polled);
  }

  @Test
  void isPolling_holdsInsideAPollAndNowhereElse() {
    assertFalse(role.isPolling());
    scheduler.fill(role);
    LinkedBlockingQueue<String> seen = new LinkedBlockingQueue<>();
    polls.add(
        () -> {
          seen.add("inside " + role.isPolling());
          scheduler.ready(new OneTask(() -> seen.add("in a task " + role.isPolling())));
        });
    assertEquals("inside true", Expect.next(seen));
    assertEquals("in a task false", Expect.next(seen));
    awaitPoll();
    assertFalse(role.isPolling(), "on another thread");
  }

  @Test
  void check_fillsTheRoleWhileItIsVacant() {
    assertTrue(role.isVacant());
    role.check();
    awaitPoll();
    assertFalse(role.isVacant());
  }

  @Test
  void takeOver_leavesTheTaskToItsThread() {
    role.takeOver(); // Nobody has the role.
    scheduler.fill(role);
    LinkedBlockingQueue<Thread> threads = new LinkedBlockingQueue<>();
    CountDownLatch goOn = new CountDownLatch(1);
    polls.add(
        () ->
            scheduler.ready(
                new OneTask(
                    () -> {
                      threads.add(Thread.currentThread());
                      Expect.opened(goOn);
                    })));
    Thread first = Expect.next(threads);
    role.takeOver();
    polls.add(() -> threads.add(Thread.currentThread()));
    assertNotSame(first, Expect.next(threads));
    goOn.countDown();
  }

  /** A pool may have taken it and have no thread for it. */
  @Test
  void role_thatIsLostInAPoolIsFilledNevertheless() {
    TaskPool dead = new TaskPool(1, 1, pool -> null);
    for (int i = 0; i < QUEUED; i++) {
      role.submitTo(dead);
    }
    CountDownLatch polled = new CountDownLatch(1);
    polls.add(polled::countDown);
    for (int i = 1; i < CHECKS; i++) {
      role.check();
    }
    Expect.pause(20); // A thread that was wrongly asked for would come in that time.
    assertTrue(role.isVacant());
    assertEquals(1, polled.getCount());
    role.check();
    Expect.opened(polled);
    dead.shutdownNow();
  }
}

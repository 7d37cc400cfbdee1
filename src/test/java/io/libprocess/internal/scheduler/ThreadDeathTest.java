package io.libprocess.internal.scheduler;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.support.Expect;
import java.lang.reflect.Field;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Threads of a scheduler that end although they should not, and their replacement. */
@Timeout(120)
class ThreadDeathTest {

  private final ForkJoinScheduler scheduler =
      new ForkJoinScheduler(
              "death-test", 1, false, new Object(), Duration.ofSeconds(60), (thread, context) -> {})
          .start();
  private final LinkedBlockingQueue<Runnable> queue = new LinkedBlockingQueue<>();
  private final AtomicBoolean over = new AtomicBoolean();

  @AfterEach
  void close() {
    over.set(true);
    queue.add(() -> {});
    scheduler.close();
  }

  private static Field field(Class<?> type, String name) throws Exception {
    Field field = type.getDeclaredField(name);
    field.setAccessible(true);
    return field;
  }

  /** One task for each poll. */
  private boolean pollQueue() {
    try {
      scheduler.ready(new OneTask(queue.take()));
      return !over.get();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private void runThroughPoll() {
    CountDownLatch ran = new CountDownLatch(1);
    queue.add(ran::countDown);
    Expect.opened(ran);
  }

  private Thread watchdogThread() throws Exception {
    Object watchdog = field(ForkJoinScheduler.class, "watchdog").get(scheduler);
    return (Thread) field(Watchdog.class, "thread").get(watchdog);
  }

  /** Makes the thread leave its loop, as if it had died, of which the watchdog knows nothing. */
  private Thread killWatchdog() throws Exception {
    Object watchdog = field(ForkJoinScheduler.class, "watchdog").get(scheduler);
    Field closed = field(Watchdog.class, "closed");
    Thread thread = watchdogThread();
    closed.set(watchdog, true);
    LockSupport.unpark(thread);
    thread.join(TimeUnit.SECONDS.toMillis(Expect.SECONDS));
    assertTrue(!thread.isAlive(), "the watchdog lives");
    closed.set(watchdog, false);
    return thread;
  }

  @Test
  void deadWatchdog_isReplacedByTheLeaderOfPolling() throws Exception {
    scheduler.poll(this::pollQueue);
    runThroughPoll();
    Thread dead = killWatchdog();
    for (int i = 0; i < 200; i++) { // The leader looks every 64 polls.
      queue.add(() -> {});
    }
    runThroughPoll();
    Thread replacement = watchdogThread();
    assertNotSame(dead, replacement);
    assertTrue(replacement.isAlive());

    CountDownLatch hangs = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    queue.add(
        () -> {
          hangs.countDown();
          Expect.opened(goOn);
        });
    Expect.opened(hangs);
    runThroughPoll(); // Nobody but a watchdog gives the role of polling to another thread.
    goOn.countDown();
  }

  @Test
  void deadLeaderOfPolling_isReplacedByTheWatchdog() throws Exception {
    CountDownLatch forEver = new CountDownLatch(1);
    CountDownLatch polls = new CountDownLatch(1);
    AtomicBoolean first = new AtomicBoolean(true);
    AtomicReference<Thread> takenForDead = new AtomicReference<>();
    AtomicBoolean pollsAgain = new AtomicBoolean();
    PollingRole role =
        (PollingRole)
            scheduler.poll(
                () -> {
                  if (first.getAndSet(false)) {
                    takenForDead.set(Thread.currentThread());
                    polls.countDown();
                    Expect.opened(forEver);
                    return true;
                  }
                  if (Thread.currentThread() == takenForDead.get()) {
                    pollsAgain.set(true);
                  }
                  return pollQueue();
                });
    Expect.opened(polls);
    // The leader is in a poll that does not end, and is taken for one whose thread has died in it.
    Thread dead = new Thread(() -> {});
    dead.start();
    dead.join();
    Object leader = field(PollingRole.class, "leader").get(role);
    WorkerLoop loop = (WorkerLoop) field(PollingRole.Tenure.class, "loop").get(leader);
    loop.thread = dead;
    runThroughPoll();
    runThroughPoll();
    forEver.countDown(); // The one that was taken for dead comes back, and finds its role taken.
    while (!isIdle(takenForDead.get())) {
      Thread.onSpinWait();
    }
    runThroughPoll();
    assertFalse(pollsAgain.get(), "two threads poll");
  }

  private static boolean isIdle(Thread thread) {
    for (StackTraceElement element : thread.getStackTrace()) {
      if (element.getClassName().contains(ThreadDeathTest.class.getSimpleName())
          || element.getMethodName().equals("serve")) {
        return false;
      }
    }
    return true;
  }
}

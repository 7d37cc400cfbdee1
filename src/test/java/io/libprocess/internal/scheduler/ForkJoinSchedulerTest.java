package io.libprocess.internal.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.support.Expect;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The threads of a scheduler when tasks or sources misbehave. */
@Timeout(120)
class ForkJoinSchedulerTest {

  private static final long LIMIT_SECONDS = 60;

  private final AtomicInteger reports = new AtomicInteger();
  private final AtomicBoolean over = new AtomicBoolean();
  private ForkJoinScheduler scheduler;

  private void start(int workers, Duration stallThreshold) {
    startWithoutWatchdog(workers, stallThreshold);
    scheduler.start();
  }

  /** The watchdog would hand over, before long, what a worker should have handed over itself. */
  private void startWithoutWatchdog(int workers, Duration stallThreshold) {
    scheduler =
        new ForkJoinScheduler(
            "scheduler-test",
            workers,
            false,
            new Object(),
            stallThreshold,
            (thread, context) -> {
              reports.incrementAndGet();
              throw new OutOfMemoryError("on purpose, while a stall is reported");
            });
  }

  @AfterEach
  void close() {
    over.set(true);
    scheduler.close();
  }

  private static void await(CountDownLatch latch) {
    try {
      assertTrue(latch.await(LIMIT_SECONDS, TimeUnit.SECONDS), "still waiting");
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Runs, and is ready again at once, until the test is over. */
  private final class Restless extends Task {
    private static final long serialVersionUID = 1L;

    @Override
    protected void run(RunLoop loop) {
      for (int i = 0; i < 1000 && !loop.isExpired(); i++) {
        loop.eventServed();
      }
      if (!over.get()) {
        loop.scheduler().yield(this);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4})
  void tasksThatAreAlwaysReady_leaveOthersTheirPart(int workers) {
    start(workers, Duration.ofSeconds(60));
    for (int i = 0; i < 20; i++) {
      scheduler.ready(new Restless());
    }
    for (int i = 0; i < 10; i++) {
      CountDownLatch ran = new CountDownLatch(1);
      scheduler.ready(new OneTask(ran::countDown));
      await(ran);
    }
  }

  @Test
  void wakeUps_areCountedOffAlsoAfterTasksMayBeQueuedTwice() {
    startWithoutWatchdog(1, Duration.ofSeconds(60));
    CountDownLatch ran = new CountDownLatch(1);
    Task lost = new OneTask(ran::countDown);
    lost.due = true;
    scheduler.doubt(lost);
    assertTrue(scheduler.resubmitDoubtful());
    Expect.opened(ran);
    assertTrue(scheduler.mayQueueTwice());
    for (int i = 0; i < 10; i++) {
      scheduler.wakeWorker();
      Expect.until(() -> scheduler.wakeUps.get() == 0);
    }
  }

  @Test
  void tasksThatAreAlwaysReady_leaveOthersTheirPartWhileWorkersHang() {
    start(2, Duration.ofSeconds(60));
    CountDownLatch goOn = new CountDownLatch(1);
    CountDownLatch hangs = new CountDownLatch(1);
    scheduler.ready(
        new OneTask(
            () -> {
              hangs.countDown();
              await(goOn);
            }));
    await(hangs);
    scheduler.ready(new Restless());
    scheduler.ready(new Restless());
    for (int i = 0; i < 10; i++) {
      CountDownLatch ran = new CountDownLatch(1);
      scheduler.ready(new OneTask(ran::countDown));
      await(ran);
    }
    goOn.countDown();
  }

  @Test
  void taskThatBlocks_handsOverWhatItHasMadeReady() {
    startWithoutWatchdog(2, Duration.ofSeconds(60));
    CountDownLatch ran = new CountDownLatch(1);
    CountDownLatch over = new CountDownLatch(1);
    scheduler.ready(
        new OneTask(
            () -> {
              scheduler.ready(new OneTask(ran::countDown));
              RunLoop.beforeBlocking();
              await(ran);
              over.countDown();
            }));
    await(over);
  }

  /** Makes the tasks in a queue ready, until it gets one that ends it. */
  private final class QueueSource implements PollingScheduler.Source {
    private final LinkedBlockingQueue<Runnable> queue = new LinkedBlockingQueue<>();
    private final Runnable end = () -> {};
    private volatile Error thrown;

    @Override
    public boolean poll() {
      assertTrue(RunLoop.isInsidePoll());
      Error failure = thrown;
      if (failure != null) {
        thrown = null;
        throw failure;
      }
      try {
        Runnable taken = queue.take();
        if (taken != end) {
          scheduler.ready(new OneTask(taken));
        }
        return taken != end;
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  @Test
  void errorWhilePolling_doesNotEndIt() {
    start(1, Duration.ofSeconds(60));
    QueueSource source = new QueueSource();
    source.thrown = new OutOfMemoryError("on purpose");
    scheduler.poll(source);
    for (int i = 0; i < 5; i++) {
      CountDownLatch ran = new CountDownLatch(1);
      source.queue.add(
          () -> {
            assertFalse(RunLoop.isInsidePoll());
            ran.countDown();
          });
      await(ran);
      source.thrown = new StackOverflowError("on purpose");
    }
    source.queue.add(source.end);
  }

  @Test
  void tasksThatDoNotComeBack_doNotStopThePolling() {
    hangWhilePolling(
        (hangs, goOn) -> {
          assertTrue(Thread.currentThread().getName().startsWith("scheduler-test-worker-"));
          hangs.countDown();
          await(goOn);
        });
  }

  @Test
  void outputThatDoesNotComeBack_doesNotStopThePolling() {
    hangWhilePolling(
        (hangs, goOn) ->
            RunLoop.atEnd(
                () -> {
                  hangs.countDown();
                  await(goOn);
                }));
  }

  @Test
  void outputOfATaskThatDoesNotComeBack_doesNotStopTheWatchdog() {
    hangWhilePolling(
        (hangs, goOn) -> {
          RunLoop.atEnd(
              () -> {
                hangs.countDown();
                await(goOn);
              });
          await(goOn);
        });
  }

  @Test
  void pollingThatIsTakenOverFromSlowOutput_isTakenOverFromTheSameThreadAgain() {
    start(1, Duration.ofSeconds(60));
    QueueSource source = new QueueSource();
    scheduler.poll(source);
    int takeovers = 300;
    Random random = new Random(1);
    CountDownLatch[] begun = new CountDownLatch[takeovers + 1];
    Arrays.setAll(begun, any -> new CountDownLatch(1));
    for (int i = 0; i < takeovers; i++) {
      CountDownLatch mine = begun[i];
      CountDownLatch next = begun[i + 1];
      long output = 2_000_000 + random.nextInt(6_000_000);
      LockSupport.parkNanos(random.nextInt(4_000_000));
      source.queue.add(
          () -> {
            RunLoop.atEnd(() -> LockSupport.parkNanos(output));
            mine.countDown();
            await(next); // It begins only if another thread polls.
          });
      await(mine);
    }
    begun[takeovers].countDown();
    source.queue.add(source.end);
  }

  /** Serves many tasks that hang and checks that the watchdog reports each. */
  private void hangWhilePolling(BiConsumer<CountDownLatch, CountDownLatch> hang) {
    start(1, Duration.ofMillis(10));
    QueueSource source = new QueueSource();
    scheduler.poll(source);
    CountDownLatch goOn = new CountDownLatch(1);
    int stuck = 20; // Many more than workers.
    for (int i = 0; i < stuck; i++) {
      CountDownLatch hangs = new CountDownLatch(1);
      source.queue.add(() -> hang.accept(hangs, goOn));
      await(hangs);
    }
    while (reports.get() < stuck) { // Each report throws, and the watchdog goes on.
      Thread.onSpinWait();
    }
    goOn.countDown();
    CountDownLatch ran = new CountDownLatch(1);
    source.queue.add(ran::countDown);
    await(ran);
    assertEquals(stuck, reports.get());
    source.queue.add(source.end);
  }

  @Test
  void taskThatThrows_isNoMoreThanThat() {
    start(1, Duration.ofSeconds(60));
    for (int i = 0; i < 100; i++) {
      scheduler.ready(
          new OneTask(
              () -> {
                throw new StackOverflowError("on purpose");
              }));
    }
    CountDownLatch ran = new CountDownLatch(1);
    scheduler.ready(new OneTask(ran::countDown));
    await(ran);
  }

  @Test
  void blockingCalls_keepNothingOfTheirFirstCaller() throws Exception {
    start(1, Duration.ofSeconds(60));
    keepsNothing(scheduler.blocking());
  }

  @Test
  void workers_keepNothingOfTheirFirstCaller() throws Exception {
    start(1, Duration.ofSeconds(60));
    keepsNothing(body -> scheduler.ready(new OneTask(body)));
  }

  /** The threads of an executor keep nothing of the thread for which they are started. */
  private static void keepsNothing(Executor executor) throws Exception {
    InheritableThreadLocal<String> local = new InheritableThreadLocal<>();
    local.set("of the first caller");
    Thread caller = Thread.currentThread();
    ClassLoader before = caller.getContextClassLoader();
    ClassLoader callers = new ClassLoader(before) {};
    caller.setContextClassLoader(callers);
    LinkedBlockingQueue<String> kept = new LinkedBlockingQueue<>();
    try {
      executor.execute(
          () ->
              kept.add(
                  "local "
                      + local.get()
                      + ", caller's loader "
                      + (Thread.currentThread().getContextClassLoader() == callers)));
    } finally {
      caller.setContextClassLoader(before);
    }
    assertEquals("local null, caller's loader false", kept.poll(LIMIT_SECONDS, TimeUnit.SECONDS));
  }
}

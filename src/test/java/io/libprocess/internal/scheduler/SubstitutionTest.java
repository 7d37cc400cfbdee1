package io.libprocess.internal.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.support.Expect;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Events that do not return hold up nobody else, even if there are more of them than workers. */
@Timeout(120)
class SubstitutionTest {

  private static final int HANGING = 10;

  private final CountDownLatch goOn = new CountDownLatch(1);
  private ForkJoinScheduler scheduler;

  private void start(int workers) {
    scheduler =
        new ForkJoinScheduler(
                "substitution-test",
                workers,
                false,
                new Object(),
                Duration.ofSeconds(60),
                (thread, context) -> {})
            .start();
  }

  @AfterEach
  void close() {
    goOn.countDown();
    scheduler.close();
  }

  /** Makes tasks ready that all hang at once. */
  private void hang(CountDownLatch returned) {
    CountDownLatch hang = new CountDownLatch(HANGING);
    for (int i = 0; i < HANGING; i++) {
      scheduler.ready(
          new OneTask(
              () -> {
                hang.countDown();
                Expect.opened(goOn);
                returned.countDown();
              }));
    }
    Expect.opened(hang);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4})
  void tasksThatHangOnAllWorkers_leaveOthersTheirPart(int workers) {
    start(workers);
    CountDownLatch returned = new CountDownLatch(HANGING);
    hang(returned);
    for (int i = 0; i < 10; i++) {
      CountDownLatch ran = new CountDownLatch(2);
      scheduler.ready(
          new OneTask(
              () -> {
                scheduler.ready(new OneTask(ran::countDown));
                ran.countDown();
              }));
      Expect.opened(ran);
    }
    goOn.countDown();
    Expect.opened(returned);
  }

  @Test
  void tasksThatWaitAtTheEnd_areDropped() {
    start(1);
    hang(new CountDownLatch(HANGING));
    CountDownLatch dropped = new CountDownLatch(100);
    for (int i = 0; i < 100; i++) {
      scheduler.ready(
          new Task() {
            private static final long serialVersionUID = 1L;

            @Override
            protected void run(RunLoop loop) {
              dropped.countDown();
            }

            @Override
            protected void dropped() {
              dropped.countDown();
            }
          });
    }
    scheduler.close();
    Expect.opened(dropped);
  }

  /** Runs a number of times, now and then for longer than a worker may; never twice at a time. */
  private final class Patient extends Task {
    private static final long serialVersionUID = 1L;

    private final transient Random random;
    private final AtomicBoolean running = new AtomicBoolean();
    private final transient CountDownLatch over;
    private final AtomicInteger overlaps;
    private int left;

    Patient(Random random, int runs, AtomicInteger overlaps, CountDownLatch over) {
      this.random = random;
      this.left = runs;
      this.overlaps = overlaps;
      this.over = over;
    }

    @Override
    protected void run(RunLoop loop) {
      if (!running.compareAndSet(false, true)) {
        overlaps.incrementAndGet();
      }
      if (random.nextInt(40) == 0) {
        sleep(25 + random.nextInt(20));
      }
      loop.eventServed();
      running.set(false);
      if (--left == 0) {
        over.countDown();
      } else if (random.nextBoolean()) {
        loop.scheduler().yield(this);
      } else {
        loop.scheduler().ready(this);
      }
    }
  }

  private static void sleep(int millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void tasksThatHangNowAndThen_areNeitherLostNorRunTwice(int workers) {
    start(workers);
    int tasks = 100;
    int runs = 60;
    CountDownLatch over = new CountDownLatch(tasks);
    AtomicInteger overlaps = new AtomicInteger();
    List<Patient> patients = new ArrayList<>();
    for (int i = 0; i < tasks; i++) {
      patients.add(new Patient(new Random(i), runs, overlaps, over));
    }
    patients.forEach(scheduler::ready);
    Expect.opened(over);
    assertEquals(0, overlaps.get());
    assertTrue(patients.stream().allMatch(patient -> patient.left == 0));
  }
}

package io.libprocess.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Eight threads at an event that happens once: it happens once, and all waiters learn of it. */
class EventStressTest {

  private static final int THREADS = 8;

  private final int rounds = Stress.times(300);
  private final AtomicInteger told = new AtomicInteger();
  private final AtomicInteger first = new AtomicInteger();

  @Test
  void latch_isTriggeredOnceAndTellsAll() throws Exception {
    for (int round = 0; round < rounds; round++) {
      Latch latch = new Latch();
      Stress.inParallel(
          THREADS,
          thread -> {
            latch.triggered().onReady(none -> told.incrementAndGet());
            latch.triggered().discard();
            if (latch.trigger()) {
              first.incrementAndGet();
            }
          });
    }
    assertEquals(rounds, first.get());
    assertEquals(THREADS * rounds, told.get());
  }

  @Test
  void countDownLatch_countsEveryDecrement() throws Exception {
    for (int round = 0; round < rounds; round++) {
      CountDownLatch latch = new CountDownLatch(THREADS * 10);
      Stress.inParallel(
          THREADS,
          thread -> {
            latch.triggered().onReady(none -> told.incrementAndGet());
            for (int i = 0; i < 10; i++) {
              assertTrue(latch.triggered().isPending());
              latch.decrement();
            }
          });
      assertEquals(0, latch.count());
    }
    assertEquals(THREADS * rounds, told.get());
  }

  @Test
  void once_oneDoesItAndAllLearnOfIt() throws Exception {
    for (int round = 0; round < rounds; round++) {
      Once once = new Once();
      Stress.inParallel(
          THREADS,
          thread -> {
            if (once.once().get()) {
              told.incrementAndGet();
            } else {
              first.incrementAndGet();
              once.done();
            }
          });
    }
    assertEquals(rounds, first.get());
    assertEquals((THREADS - 1) * rounds, told.get());
  }

  /** Each thread waits for its own state and then passes the turn on. */
  @Test
  void stateMachine_missesNoEntry() throws Exception {
    int laps = Stress.times(2_000);
    StateMachine<Integer> machine = new StateMachine<>(0);
    Stress.inParallel(
        THREADS,
        thread -> {
          for (int lap = 0; lap < laps; lap++) {
            machine.when(thread).get();
            assertTrue(machine.transition(thread, (thread + 1) % THREADS));
            first.incrementAndGet();
          }
        });
    assertEquals(THREADS * laps, first.get());
    assertTrue(machine.is(0));
  }

  @Test
  void owned_isTakenOnceAndEndedOnce() throws Exception {
    AtomicInteger ended = new AtomicInteger();
    for (int round = 0; round < rounds; round++) {
      Owned<String> owned = new Owned<>("object", unused -> ended.incrementAndGet());
      boolean share = round % 2 == 0;
      Stress.inParallel(
          THREADS,
          thread -> {
            try (Owned<String> copy = owned.copy()) {
              if (thread % 2 == 0) {
                owned.close();
              } else if (share) {
                try (Shared<String> shared = copy.share()) {
                  first.addAndGet(shared.isEmpty() ? 0 : 1);
                }
              } else {
                first.addAndGet(copy.release().isPresent() ? 1 : 0);
              }
            }
          });
      int released = first.getAndSet(0);
      assertTrue(released <= 1);
      assertEquals(!share && released == 1 ? 0 : 1, ended.getAndSet(0), "round " + round);
    }
  }

  @Test
  void shared_isOwnedByOneWhenAllOthersHaveGone() throws Exception {
    AtomicInteger ended = new AtomicInteger();
    for (int round = 0; round < rounds; round++) {
      Shared<String> shared = new Owned<>("object", unused -> ended.incrementAndGet()).share();
      List<Shared<String>> copies = Stream.generate(shared::copy).limit(THREADS).toList();
      shared.close();
      AtomicInteger open = new AtomicInteger(THREADS);
      AtomicInteger openWhenOwned = new AtomicInteger();
      Stress.inParallel(
          THREADS,
          thread -> {
            Shared<String> copy = copies.get(thread);
            copy.copy().close();
            open.decrementAndGet();
            if (thread % 2 == 0) {
              copy.own()
                  .onReady(
                      owned -> {
                        openWhenOwned.addAndGet(open.get());
                        first.incrementAndGet();
                        owned.close();
                      });
            }
            copy.close();
          });
      assertEquals(1, first.getAndSet(0), "round " + round);
      assertEquals(0, openWhenOwned.get(), "round " + round);
      assertEquals(1, ended.getAndSet(0), "round " + round);
    }
  }
}

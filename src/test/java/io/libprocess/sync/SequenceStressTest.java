package io.libprocess.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Seven threads add functions to one sequence; an eighth ends their futures. */
class SequenceStressTest {

  private static final int ADDERS = 7;

  private final int each = Stress.times(20_000);
  private final Sequence sequence = new Sequence();
  private final LinkedBlockingQueue<Promise<Integer>> pending = new LinkedBlockingQueue<>();
  private final AtomicInteger running = new AtomicInteger();
  private final int[] last = new int[ADDERS]; // Guarded by the sequence.

  private Future<Integer> step(int adder, int number, boolean pends) {
    assertEquals(1, running.incrementAndGet());
    assertTrue(number > last[adder], number + " after " + last[adder]);
    last[adder] = number;
    Promise<Integer> promise = new Promise<>();
    promise.future().onAny(ended -> running.decrementAndGet());
    if (pends) {
      pending.add(promise);
    } else {
      promise.set(number);
    }
    return promise.future();
  }

  private void addAll(int adder, Runnable whenEnded) {
    Random random = new Random(adder);
    for (int i = 0; i < each; i++) {
      int number = i;
      boolean pends = random.nextBoolean();
      Future<Integer> added = sequence.add(() -> step(adder, number, pends));
      if (random.nextInt(8) == 0) {
        added.discard();
      }
      added.onAny(
          any -> {
            assertTrue(any.isReady() || any.isDiscarded(), any::toString);
            whenEnded.run();
          });
      Stress.keepUp(i, added);
    }
  }

  @Test
  void sequence_runsOneAtATimeInOrder() throws Exception {
    Arrays.fill(last, -1);
    AtomicInteger left = new AtomicInteger(ADDERS * each);
    Promise<Integer> stop = new Promise<>();
    Stress.inParallel(
        ADDERS + 1,
        thread -> {
          if (thread < ADDERS) {
            addAll(
                thread,
                () -> {
                  if (left.decrementAndGet() == 0) {
                    pending.add(stop);
                  }
                });
            return;
          }
          for (Promise<Integer> next = pending.take(); next != stop; next = pending.take()) {
            next.set(0);
          }
        });
    assertEquals(0, left.get());
    assertEquals(0, running.get());
  }

  @Test
  void sequence_closedMeanwhileEndsEveryFuture() throws Exception {
    int rounds = Stress.times(200);
    for (int round = 0; round < rounds; round++) {
      Sequence closing = new Sequence();
      AtomicInteger ended = new AtomicInteger();
      Stress.inParallel(
          8,
          thread -> {
            if (thread == 0) {
              closing.close();
              return;
            }
            for (int i = 0; i < 10; i++) {
              Promise<Integer> promise = new Promise<>();
              promise.future().onDiscard(promise::discard);
              closing.add(promise::future).onAny(any -> ended.incrementAndGet());
            }
          });
      assertEquals(70, ended.get());
    }
  }
}

package io.libprocess.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Eight threads at one queue: nothing is lost or doubled, and each producer's order is kept. Some
 * of the puts and gets that wait are discarded and done again.
 */
class QueueStressTest {

  private record Item(int producer, int number) {}

  private static final int PRODUCERS = 4;

  private final int each = Stress.times(20_000);
  private final AtomicIntegerArray seen = new AtomicIntegerArray(PRODUCERS * each);

  private void produce(Queue<Item> queue, int producer) {
    Random random = new Random(producer);
    for (int i = 0; i < each; i++) {
      Future<Void> put;
      do {
        put = queue.put(new Item(producer, i));
        if (random.nextInt(8) == 0) {
          put.discard();
        }
        put.await();
      } while (put.isDiscarded());
    }
  }

  private void consume(Queue<Item> queue, int consumer, AtomicInteger left) {
    Random random = new Random(100 + consumer);
    int[] last = new int[PRODUCERS];
    Arrays.fill(last, -1);
    while (left.getAndDecrement() > 0) {
      Future<Item> get;
      do {
        get = queue.get().then(Future::of);
        if (random.nextInt(8) == 0) {
          get.discard();
        }
        get.await();
      } while (get.isDiscarded());
      Item item = get.get();
      assertTrue(item.number > last[item.producer], item + " after " + last[item.producer]);
      last[item.producer] = item.number;
      seen.incrementAndGet(item.producer * each + item.number);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 10, Integer.MAX_VALUE})
  void queue_losesNothing(int capacity) throws Exception {
    Queue<Item> queue = new Queue<>(capacity);
    AtomicInteger left = new AtomicInteger(PRODUCERS * each);
    Stress.inParallel(
        2 * PRODUCERS,
        thread -> {
          if (thread < PRODUCERS) {
            produce(queue, thread);
          } else {
            consume(queue, thread, left);
          }
        });
    for (int i = 0; i < seen.length(); i++) {
      assertEquals(1, seen.get(i), "item " + i);
    }
    assertEquals(0, queue.size());
  }

  /** No thread waits: gets and puts of all threads meet in callbacks. */
  @Test
  void queue_inCallbacksLosesNothing() throws Exception {
    Queue<Item> queue = new Queue<>();
    Stress.inParallel(
        2 * PRODUCERS,
        thread -> {
          for (int i = 0; i < each; i++) {
            if (thread < PRODUCERS) {
              queue.put(new Item(thread, i));
            } else {
              Future<Item> get = queue.get();
              get.onReady(item -> seen.incrementAndGet(item.producer * each + item.number));
              Stress.keepUp(i, get);
            }
          }
        });
    for (int i = 0; i < seen.length(); i++) {
      assertEquals(1, seen.get(i), "item " + i);
    }
  }
}

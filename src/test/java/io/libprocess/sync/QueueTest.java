package io.libprocess.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.support.SmallStack;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class QueueTest {

  private final Queue<String> queue = new Queue<>();

  @Test
  void block() {
    Future<String> get = queue.get();
    assertTrue(get.isPending());
    queue.put("world");
    assertEquals("world", get.get());
  }

  @Test
  void noblock() {
    assertTrue(queue.put("hello").isReady());
    Future<String> get = queue.get();
    assertTrue(get.isReady());
    assertEquals("hello", get.get());
  }

  @Test
  void queue() {
    Future<String> first = queue.get();
    Future<String> second = queue.get();
    Future<String> third = queue.get();

    queue.put("hello");
    assertEquals("hello", first.get());
    assertTrue(second.isPending());
    queue.put("pretty");
    assertEquals("pretty", second.get());
    assertTrue(third.isPending());
    queue.put("world");
    assertEquals("world", third.get());
  }

  @Test
  void discard() {
    Future<String> first = queue.get();
    Future<String> second = queue.get();
    first.discard();
    assertTrue(first.isDiscarded());

    queue.put("hello");
    assertEquals("hello", second.get());
  }

  private WeakReference<Future<String>> discardedGet() {
    Future<String> get = queue.get();
    get.discard();
    return new WeakReference<>(get);
  }

  @Test
  void discard_leavesNothingInTheQueue() {
    WeakReference<Future<String>> discarded = discardedGet();
    for (int i = 0; i < 50 && discarded.get() != null; i++) {
      System.gc();
    }
    assertNull(discarded.get());
  }

  @Test
  void discard_callbackMayUseTheQueue() {
    Future<String> first = queue.get();
    first.onDiscarded(() -> queue.put("from the callback"));
    first.onAny(get -> queue.put("from the other"));
    first.discard();

    assertEquals("from the callback", queue.get().get());
    assertEquals("from the other", queue.get().get());
  }

  @Test
  void discard_throughAChainTakesNothing() {
    Future<Integer> length = queue.get().map(String::length);
    length.discard();
    queue.put("hello");

    assertTrue(length.isDiscarded());
    assertEquals(Optional.of("hello"), queue.poll());
  }

  @Test
  void discard_afterTheElementCameChangesNothing() {
    Future<String> get = queue.get();
    queue.put("hello");
    get.discard();

    assertEquals("hello", get.get());
  }

  @Test
  void size_countsWhatIsStored() {
    assertEquals(0, queue.size());
    queue.get();
    assertEquals(0, queue.size());
    queue.put("a");
    assertEquals(0, queue.size());
    queue.put("b");
    assertEquals(1, queue.size());
  }

  @Test
  void callbacks_mayUseTheQueue() {
    List<String> seen = new ArrayList<>();
    queue
        .get()
        .onReady(
            first -> {
              seen.add(first);
              queue.put("second");
              queue.get().onReady(seen::add);
            });
    queue.put("first");

    assertEquals(List.of("first", "second"), seen);
  }

  @Test
  void close_abandonsThoseWhoWaitAndDropsElements() {
    Future<String> get = queue.get();
    queue.close();
    queue.close();

    assertTrue(get.isAbandoned());
    assertTrue(queue.get().isAbandoned());
    assertTrue(queue.put("late").isAbandoned());
    assertFalse(queue.offer("late"));
    assertEquals(Optional.empty(), queue.poll());
  }

  @Test
  void misuse_isNamed() {
    assertThrows(NullPointerException.class, () -> queue.put(null));
    assertThrows(NullPointerException.class, () -> queue.offer(null));
    assertEquals(
        "capacity < 0: -3",
        assertThrows(IllegalArgumentException.class, () -> new Queue<String>(-3)).getMessage());
  }

  /* ------ With a capacity ------ */

  @Test
  void capacity_holdsBackThePut() {
    Queue<Integer> bounded = new Queue<>(2);
    assertTrue(bounded.put(1).isReady());
    assertTrue(bounded.put(2).isReady());
    Future<Void> third = bounded.put(3);
    Future<Void> fourth = bounded.put(4);
    assertTrue(third.isPending());
    assertFalse(bounded.offer(5));
    assertEquals(2, bounded.size());

    assertEquals(1, bounded.get().get());
    assertTrue(third.isReady());
    assertTrue(fourth.isPending());
    assertEquals(Optional.of(2), bounded.poll());
    assertTrue(fourth.isReady());
    assertEquals(3, bounded.get().get());
    assertEquals(4, bounded.get().get());
  }

  @Test
  void capacity_discardedPutIsWithdrawn() {
    Queue<Integer> bounded = new Queue<>(1);
    bounded.put(1);
    Future<Void> second = bounded.put(2);
    Future<Void> third = bounded.put(3);
    second.discard();
    assertTrue(second.isDiscarded());

    assertEquals(1, bounded.get().get());
    assertTrue(third.isReady());
    third.discard();
    assertEquals(3, bounded.get().get());
  }

  @Test
  void capacityZero_putMeetsAGet() {
    Queue<Integer> rendezvous = new Queue<>(0);
    Future<Void> put = rendezvous.put(1);
    assertTrue(put.isPending());
    assertFalse(rendezvous.offer(2));
    assertEquals(1, rendezvous.get().get());
    assertTrue(put.isReady());

    Future<Integer> get = rendezvous.get();
    assertTrue(rendezvous.offer(2));
    assertEquals(2, get.get());
    assertEquals(0, rendezvous.size());
  }

  @Test
  void close_abandonsThePutsThatWait() {
    Queue<Integer> bounded = new Queue<>(1);
    bounded.put(1);
    Future<Void> second = bounded.put(2);
    bounded.close();

    assertTrue(second.isAbandoned());
    assertEquals(0, bounded.size());
  }

  /* ------ Long chains ------ */

  private static void getOn(Queue<Integer> queue, AtomicInteger got) {
    queue
        .get()
        .onReady(
            element -> {
              got.incrementAndGet();
              getOn(queue, got);
            });
  }

  private static void putOn(Queue<Integer> queue, int left) {
    if (left > 0) {
      queue.put(left).onReady(done -> putOn(queue, left - 1));
    }
  }

  @Test
  void getAndPut_insideTheirCallbacksAMillionTimesKeepTheStack() {
    for (int capacity : new int[] {0, 1, Integer.MAX_VALUE}) {
      Queue<Integer> numbers = new Queue<>(capacity);
      AtomicInteger got = new AtomicInteger();
      SmallStack.run(
          () -> {
            putOn(numbers, SmallStack.MILLION);
            getOn(numbers, got);
          });
      assertEquals(SmallStack.MILLION, got.get(), "capacity " + capacity);
    }
  }

  @Test
  void discard_ofAMillionWaitersTakesNoLongerThanTheirNumber() {
    List<Future<String>> gets = new ArrayList<>();
    for (int i = 0; i < SmallStack.MILLION; i++) {
      gets.add(queue.get());
    }
    for (int i = gets.size() - 1; i > 0; i--) {
      gets.get(i).discard();
    }
    queue.put("hello");
    assertEquals("hello", gets.get(0).get());
  }
}

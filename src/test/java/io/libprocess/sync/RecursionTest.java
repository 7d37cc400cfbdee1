package io.libprocess.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.support.SmallStack;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A user's recursion that overflows the stack inside the library leaves nothing broken. */
@Timeout(120)
class RecursionTest {

  private static final int ROUNDS = 8;

  /** Calls at every depth until the stack is at its end, from a different depth in each round. */
  private static void overflow(Runnable call) {
    for (int round = 0; round < ROUNDS; round++) {
      int offset = round;
      SmallStack.call(
          () -> {
            try {
              indent(offset, call);
            } catch (StackOverflowError expected) {
              // The point of it.
            }
            return null;
          });
    }
  }

  private static void indent(int levels, Runnable call) {
    if (levels == 0) {
      recurse(call);
    } else {
      indent(levels - 1, call);
    }
  }

  private static void recurse(Runnable call) {
    call.run();
    recurse(call);
  }

  @Test
  void promises_runAllTheirCallbacksOrStayPending() {
    List<Promise<Integer>> promises = new ArrayList<>();
    List<AtomicInteger> told = new ArrayList<>();
    overflow(
        () -> {
          Promise<Integer> promise = new Promise<>();
          AtomicInteger count = new AtomicInteger();
          for (int i = 0; i < 3; i++) {
            promise.future().map(value -> value).onAny(done -> count.incrementAndGet());
          }
          promises.add(promise);
          told.add(count);
          promise.set(1);
        });
    int pending = 0;
    for (int i = 0; i < told.size(); i++) {
      if (promises.get(i).future().isPending()) {
        assertEquals(0, told.get(i).get());
        pending++;
      } else {
        assertEquals(3, told.get(i).get(), "of promise " + i);
      }
    }
    assertTrue(pending <= ROUNDS, "pending: " + pending);
  }

  @Test
  void mutex_isFreeAfterwardsAndServesWhoWaits() {
    Mutex mutex = new Mutex();
    AtomicInteger held = new AtomicInteger();
    overflow(
        () -> {
          mutex.hold(() -> Future.of(held.incrementAndGet()));
        });
    assertFalse(mutex.isLocked());
    assertTrue(mutex.acquire().isReady());
    assertTrue(held.get() > ROUNDS);
  }

  /** A permit that is closed in a callback, where the stack is at its end, is given back. */
  @Test
  void permits_areGivenBackInCallbacks() {
    Semaphore semaphore = new Semaphore(Integer.MAX_VALUE);
    List<Promise<Integer>> pending = new ArrayList<>();
    overflow(
        () -> {
          Promise<Integer> promise = new Promise<>();
          pending.add(promise);
          semaphore.acquire().onReady(permit -> promise.future().onAny(done -> permit.close()));
          promise.set(1);
          pending.remove(pending.size() - 1);
        });
    pending.forEach(promise -> promise.set(1)); // Of those, set has thrown.
    assertEquals(Integer.MAX_VALUE, semaphore.available());
  }

  /** Promises that complete each other in callbacks all end, however little stack is left. */
  @Test
  void chainsOfPromises_endAltogether() {
    int length = 4;
    List<List<Promise<Integer>>> broken = new ArrayList<>();
    overflow(
        () -> {
          List<Promise<Integer>> chain = new ArrayList<>();
          for (int i = 0; i < length; i++) {
            chain.add(new Promise<>());
          }
          for (int i = 1; i < length; i++) {
            Promise<Integer> next = chain.get(i);
            chain.get(i - 1).future().onAny(done -> next.set(1));
          }
          broken.add(chain);
          chain.get(0).set(1);
          if (!chain.get(length - 1).future().isPending()) {
            broken.remove(broken.size() - 1);
          }
        });
    for (List<Promise<Integer>> chain : broken) { // Of those, set has thrown.
      boolean begun = !chain.get(0).future().isPending();
      for (Promise<Integer> promise : chain) {
        assertEquals(begun, !promise.future().isPending());
      }
    }
  }

  @Test
  void latches_openOrCanStillBeCountedDown() {
    List<CountDownLatch> latches = new ArrayList<>();
    overflow(
        () -> {
          CountDownLatch latch = new CountDownLatch(1);
          latches.add(latch);
          latch.decrement();
        });
    for (CountDownLatch latch : latches) {
      latch.decrement();
      assertTrue(latch.triggered().isReady());
    }
  }

  @Test
  void handles_areCountedRight() {
    AtomicInteger ends = new AtomicInteger();
    Owned<String> owned = new Owned<>("x", object -> ends.incrementAndGet());
    Shared<String> first = owned.share();
    List<Shared<String>> copies = new ArrayList<>();
    overflow(
        () -> {
          Shared<String> copy = first.copy();
          copies.add(copy);
          copy.close();
        });
    copies.forEach(Shared::close); // The last ones may have thrown.
    assertTrue(first.isUnique());
    first.close();
    assertEquals(1, ends.get());
  }

  @Test
  void sequence_goesOn() {
    Sequence sequence = new Sequence();
    List<Promise<Integer>> pending = new ArrayList<>();
    overflow(
        () -> {
          Promise<Integer> first = new Promise<>();
          pending.add(first);
          sequence.add(first::future);
          sequence.add(() -> Future.of(2));
          first.set(1);
          pending.remove(pending.size() - 1);
        });
    pending.forEach(first -> first.set(1)); // Of those, set has thrown.
    assertTrue(sequence.add(() -> Future.of(3)).await(Duration.ofSeconds(20)));
  }
}

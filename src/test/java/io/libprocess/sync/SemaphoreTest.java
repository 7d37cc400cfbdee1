package io.libprocess.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.support.SmallStack;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SemaphoreTest {

  private final Semaphore semaphore = new Semaphore(3);

  @Test
  void acquire_asManyAsThereAre() {
    Permit first = semaphore.acquire().get();
    semaphore.acquire(2).get();
    Future<Permit> fourth = semaphore.acquire();
    assertTrue(fourth.isPending());
    assertEquals(0, semaphore.available());

    first.close();
    assertTrue(fourth.isReady());
    assertEquals(0, semaphore.available());
    fourth.get().close();
    fourth.get().close();
    assertEquals(1, semaphore.available());
  }

  @Test
  void acquire_ofManyHoldsUpThoseBehindIt() {
    Permit two = semaphore.acquire(2).get();
    Future<Permit> all = semaphore.acquire(3);
    Future<Permit> one = semaphore.acquire();
    assertTrue(one.isPending());
    assertFalse(semaphore.tryAcquire(1).isPresent());

    two.close();
    assertTrue(all.isReady());
    assertTrue(one.isPending());
    all.get().close();
    assertTrue(one.isReady());
  }

  @Test
  void acquire_withdrawnLetsThoseBehindItIn() {
    semaphore.acquire(2);
    Future<Permit> all = semaphore.acquire(3);
    Future<Permit> one = semaphore.acquire();
    all.discard();

    assertTrue(all.isDiscarded());
    assertTrue(one.isReady());
  }

  @Test
  void tryAcquire_neverWaits() {
    Permit two = semaphore.tryAcquire(2).orElseThrow();
    assertFalse(semaphore.tryAcquire(2).isPresent());
    assertTrue(semaphore.tryAcquire(1).isPresent());
    two.close();
    assertEquals(2, semaphore.available());
  }

  @Test
  void hold_letsInAsManyAsThereArePermits() {
    Promise<Void> section = new Promise<>();
    AtomicInteger inside = new AtomicInteger();
    for (int i = 0; i < 5; i++) {
      semaphore.hold(
          () -> {
            inside.incrementAndGet();
            return section.future();
          });
    }
    assertEquals(3, inside.get());
    section.set(null);
    assertEquals(5, inside.get());
    assertEquals(3, semaphore.available());
  }

  @Test
  void close_abandonsThoseWhoWait() {
    Permit all = semaphore.acquire(3).get();
    Future<Permit> waiting = semaphore.acquire();
    semaphore.close();

    assertTrue(waiting.isAbandoned());
    all.close();
    assertEquals(3, semaphore.available());
    assertFalse(semaphore.tryAcquire(1).isPresent());
  }

  @Test
  void misuse_isNamed() {
    assertEquals(
        "permits < 1: 0",
        assertThrows(IllegalArgumentException.class, () -> new Semaphore(0)).getMessage());
    assertEquals(
        "not within 1 to 3: 4",
        assertThrows(IllegalArgumentException.class, () -> semaphore.acquire(4)).getMessage());
    assertThrows(IllegalArgumentException.class, () -> semaphore.acquire(0));
    assertThrows(IllegalArgumentException.class, () -> semaphore.tryAcquire(-1));
  }

  @Test
  void close_ofPermitsInsideCallbacksAMillionTimesKeepsTheStack() {
    AtomicInteger granted = new AtomicInteger();
    Permit all = semaphore.acquire(3).get();
    for (int i = 0; i < SmallStack.MILLION; i++) {
      semaphore
          .acquire()
          .onReady(
              permit -> {
                granted.incrementAndGet();
                permit.close();
              });
    }
    SmallStack.run(all::close);

    assertEquals(SmallStack.MILLION, granted.get());
    assertEquals(3, semaphore.available());
  }

  @Test
  void acquire_discardedWhenItWasAdmittedAlreadyLetsOthersIn() {
    Semaphore semaphore = new Semaphore(2);
    Permit both = semaphore.acquire(2).get();
    Future<Permit> first = semaphore.acquire();
    Future<Permit> second = semaphore.acquire();
    Future<Permit> third = semaphore.acquire();
    first.onReady(permit -> second.discard()); // Both have been admitted by then.
    both.close();
    assertTrue(first.isReady());
    assertTrue(second.isDiscarded());
    assertTrue(third.isReady());
    assertEquals(0, semaphore.available());
    third.get().close();
    assertEquals(1, semaphore.available());
    first.get().close();
    assertEquals(2, semaphore.available());
  }
}

package io.libprocess.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.future.Futures;
import io.libprocess.future.Promise;
import io.libprocess.support.SmallStack;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class MutexTest {

  private final Mutex mutex = new Mutex();

  @Test
  void lock() {
    assertTrue(mutex.lock().isReady());
    assertTrue(mutex.isLocked());
    mutex.unlock();
    assertFalse(mutex.isLocked());
    assertTrue(mutex.lock().isReady());
    mutex.unlock();
  }

  @Test
  void block() {
    mutex.lock();
    Future<Void> second = mutex.lock();
    assertTrue(second.isPending());
    mutex.unlock();
    assertTrue(second.isReady());
  }

  @Test
  void queue() {
    mutex.lock();
    Future<Void> second = mutex.lock();
    Future<Void> third = mutex.lock();

    mutex.unlock();
    assertTrue(second.isReady());
    assertTrue(third.isPending());
    mutex.unlock();
    assertTrue(third.isReady());
    mutex.unlock();
    assertFalse(mutex.isLocked());
  }

  @Test
  void unlock_ofAFreeMutexThrows() {
    assertEquals(
        "the mutex is not locked",
        assertThrows(IllegalStateException.class, mutex::unlock).getMessage());
    mutex.lock();
    mutex.unlock();
    assertThrows(IllegalStateException.class, mutex::unlock);
    assertTrue(mutex.lock().isReady());
  }

  @Test
  void lock_discardedKeepsItsPlaceAndHoldsTheLock() {
    mutex.lock();
    Future<Void> second = mutex.lock();
    Future<Void> third = mutex.lock();
    second.discard();
    assertTrue(second.isPending());

    mutex.unlock();
    assertTrue(second.isReady());
    assertTrue(third.isPending());
    mutex.unlock();
    assertTrue(third.isReady());
  }

  @Test
  void lock_discardedIdiomUnlocksWhatItLocked() {
    mutex.lock();
    List<String> ran = new ArrayList<>();
    Future<Void> second =
        mutex
            .lock()
            .then(
                locked -> {
                  ran.add("section");
                  return Future.done();
                })
            .onAny(done -> mutex.unlock());
    second.discard();

    mutex.unlock();
    assertTrue(second.isDiscarded());
    assertEquals(List.of(), ran);
    assertFalse(mutex.isLocked());
  }

  @Test
  void unlock_neverLetsAnybodyIn() {
    mutex.lock();
    List<String> order = new ArrayList<>();
    mutex.lock().onReady(locked -> order.add("waited " + mutex.lock().isPending()));
    mutex.unlock();

    assertEquals(List.of("waited true"), order);
  }

  @Test
  void close_abandonsThoseWhoWait() {
    mutex.lock();
    Future<Void> second = mutex.lock();
    Future<Permit> third = mutex.acquire();
    mutex.close();

    assertTrue(second.isAbandoned());
    assertTrue(third.isAbandoned());
    mutex.unlock();
    assertTrue(mutex.lock().isAbandoned());
  }

  /* ------ Permits ------ */

  @Test
  void acquire_waitsItsTurn() {
    Permit first = mutex.acquire().get();
    Future<Permit> second = mutex.acquire();
    Future<Void> third = mutex.lock();
    assertTrue(second.isPending());

    first.close();
    assertTrue(second.isReady());
    assertTrue(third.isPending());
    second.get().close();
    assertTrue(third.isReady());
  }

  @Test
  void permit_closedTwiceUnlocksOnce() {
    Permit first = mutex.acquire().get();
    Future<Permit> second = mutex.acquire();
    Future<Permit> third = mutex.acquire();
    first.close();
    first.close();

    assertTrue(second.isReady());
    assertTrue(third.isPending());
  }

  @Test
  void acquire_discardedIsWithdrawn() {
    mutex.lock();
    Future<Permit> second = mutex.acquire();
    Future<Permit> third = mutex.acquire();
    second.discard();
    assertTrue(second.isDiscarded());

    mutex.unlock();
    assertTrue(third.isReady());
    third.get().close();
    assertFalse(mutex.isLocked());
  }

  @Test
  void acquire_aMillionDiscardedTogetherAreWithdrawn() {
    Permit first = mutex.acquire().get();
    List<Future<Permit>> all = Stream.generate(mutex::acquire).limit(SmallStack.MILLION).toList();
    Future<List<Permit>> collected = Futures.collect(all);
    SmallStack.run(collected::discard);
    first.close();

    assertTrue(all.stream().allMatch(Future::isDiscarded));
    assertFalse(mutex.isLocked());
  }

  @Test
  void hold_lastsUntilTheFutureEnds() {
    Promise<Integer> section = new Promise<>();
    Future<Integer> first = mutex.hold(section::future);
    Future<Integer> second = mutex.hold(() -> Future.of(2));
    assertTrue(second.isPending());

    section.set(1);
    assertEquals(1, first.get());
    assertEquals(2, second.get());
    assertFalse(mutex.isLocked());
  }

  @Test
  void hold_endsWhenTheSectionThrowsOrFailsOrIsDiscarded() {
    IllegalArgumentException thrown = new IllegalArgumentException();
    Future<Integer> failed =
        mutex.hold(
            () -> {
              throw thrown;
            });
    assertEquals(thrown, failed.failure());
    assertTrue(mutex.hold(() -> null).failure() instanceof NullPointerException);
    assertTrue(mutex.hold(() -> Future.failed("no")).isFailed());
    assertTrue(mutex.hold(Future::discarded).isDiscarded());
    assertFalse(mutex.isLocked());
  }

  @Test
  void hold_discardReachesTheSection() {
    Promise<Integer> section = new Promise<>();
    section.future().onDiscard(section::discard);
    Future<Integer> running = mutex.hold(section::future);
    AtomicInteger ran = new AtomicInteger();
    Future<Integer> waiting = mutex.hold(() -> Future.of(ran.incrementAndGet()));

    waiting.discard();
    assertTrue(waiting.isDiscarded());
    running.discard();
    assertTrue(running.isDiscarded());
    assertFalse(mutex.isLocked());
    assertEquals(0, ran.get());
  }

  /* ------ Long chains ------ */

  @Test
  void unlock_insideCallbacksAMillionTimesKeepsTheStack() {
    AtomicInteger granted = new AtomicInteger();
    mutex.lock();
    for (int i = 0; i < SmallStack.MILLION; i++) {
      mutex
          .lock()
          .onReady(
              locked -> {
                granted.incrementAndGet();
                mutex.unlock();
              });
    }
    SmallStack.run(mutex::unlock);

    assertEquals(SmallStack.MILLION, granted.get());
    assertFalse(mutex.isLocked());
  }

  @Test
  void hold_aMillionTimesKeepsTheStack() {
    AtomicInteger granted = new AtomicInteger();
    mutex.lock();
    for (int i = 0; i < SmallStack.MILLION; i++) {
      mutex.hold(() -> Future.of(granted.incrementAndGet()));
    }
    SmallStack.run(mutex::unlock);

    assertEquals(SmallStack.MILLION, granted.get());
    assertFalse(mutex.isLocked());
  }
}

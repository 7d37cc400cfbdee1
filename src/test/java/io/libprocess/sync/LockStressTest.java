package io.libprocess.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Eight threads at one lock: mutual exclusion, the order of grants, and that all get in. */
class LockStressTest {

  private static final int THREADS = 8;

  private final int each = Stress.times(5_000);
  private final AtomicInteger inside = new AtomicInteger();
  private long plainCount; // Guarded by the lock under test.

  private void exclusively() {
    assertEquals(1, inside.incrementAndGet());
    plainCount++;
    inside.decrementAndGet();
  }

  /** Waits, or gives up at random; null if it was given up in time. */
  private static Permit permit(Future<Permit> acquire, Random random) {
    if (random.nextInt(4) == 0) {
      acquire.discard();
    }
    acquire.await();
    return acquire.isDiscarded() ? null : acquire.get();
  }

  @Test
  void mutex_excludes() throws Exception {
    Mutex mutex = new Mutex();
    AtomicLong entered = new AtomicLong();
    Stress.inParallel(
        THREADS,
        thread -> {
          Random random = new Random(thread);
          for (int i = 0; i < each; i++) {
            switch (random.nextInt(3)) {
              case 0 -> {
                mutex.lock().get();
                exclusively();
                entered.incrementAndGet();
                mutex.unlock();
              }
              case 1 -> {
                Permit permit = permit(mutex.acquire(), random);
                if (permit != null) {
                  exclusively();
                  entered.incrementAndGet();
                  permit.close();
                }
              }
              default ->
                  mutex.hold(
                      () -> {
                        exclusively();
                        return Future.of(entered.incrementAndGet());
                      });
            }
          }
        });
    assertTrue(mutex.lock().await(Duration.ofSeconds(30)));
    assertEquals(entered.get(), plainCount);
  }

  @Test
  void mutex_isGrantedInTheOrderOfTheRequests() throws Exception {
    Mutex mutex = new Mutex();
    Object requests = new Object();
    AtomicInteger requested = new AtomicInteger();
    AtomicInteger granted = new AtomicInteger();
    Stress.inParallel(
        THREADS,
        thread -> {
          for (int i = 0; i < each; i++) {
            int number;
            Future<Void> lock;
            synchronized (requests) {
              number = requested.getAndIncrement();
              lock = mutex.lock();
            }
            lock.get();
            assertEquals(number, granted.getAndIncrement());
            mutex.unlock();
          }
        });
    assertFalse(mutex.isLocked());
  }

  /** Locked and unlocked only in callbacks, so on whichever thread hands the lock over. */
  @Test
  void mutex_inCallbacksLosesNobody() throws Exception {
    Mutex mutex = new Mutex();
    Stress.inParallel(
        THREADS,
        thread -> {
          for (int i = 0; i < each * 10; i++) {
            Future<Void> lock =
                mutex
                    .lock()
                    .onReady(
                        locked -> {
                          exclusively();
                          mutex.unlock();
                        });
            Stress.keepUp(i, lock);
          }
        });
    assertTrue(mutex.lock().await(Duration.ofSeconds(30)));
    assertEquals(THREADS * each * 10L, plainCount);
  }

  @Test
  void readWriteLock_excludes() throws Exception {
    ReadWriteLock lock = new ReadWriteLock();
    AtomicInteger readers = new AtomicInteger();
    AtomicLong written = new AtomicLong();
    Stress.inParallel(
        THREADS,
        thread -> {
          Random random = new Random(thread);
          for (int i = 0; i < each; i++) {
            boolean write = random.nextInt(3) == 0;
            boolean firm = random.nextBoolean();
            Permit permit = null;
            if (firm) {
              (write ? lock.writeLock() : lock.readLock()).get();
            } else {
              permit = permit(write ? lock.acquireWrite() : lock.acquireRead(), random);
              if (permit == null) {
                continue;
              }
            }
            if (write) {
              exclusively();
              written.incrementAndGet();
              assertEquals(0, readers.get());
            } else {
              readers.incrementAndGet();
              assertEquals(0, inside.get());
              readers.decrementAndGet();
            }
            if (permit != null) {
              permit.close();
            } else if (write) {
              lock.writeUnlock();
            } else {
              lock.readUnlock();
            }
          }
        });
    assertEquals("free", lock.toString());
    assertEquals(written.get(), plainCount);
  }

  @Test
  void readWriteLock_isGrantedInTheOrderOfTheRequests() throws Exception {
    ReadWriteLock lock = new ReadWriteLock();
    Object requests = new Object();
    AtomicInteger requested = new AtomicInteger();
    AtomicInteger lastWrite = new AtomicInteger(-1);
    Stress.inParallel(
        THREADS,
        thread -> {
          Random random = new Random(thread);
          for (int i = 0; i < each; i++) {
            boolean write = random.nextInt(3) == 0;
            int number;
            Future<Void> granted;
            synchronized (requests) {
              number = requested.getAndIncrement();
              granted = write ? lock.writeLock() : lock.readLock();
            }
            granted.get();
            assertTrue(number > lastWrite.get(), "a later writer was first");
            if (write) {
              lastWrite.set(number);
              lock.writeUnlock();
            } else {
              lock.readUnlock();
            }
          }
        });
    assertEquals("free", lock.toString());
  }

  @Test
  void semaphore_neverLetsInTooMany() throws Exception {
    int permits = 5;
    Semaphore semaphore = new Semaphore(permits);
    AtomicInteger out = new AtomicInteger();
    Stress.inParallel(
        THREADS,
        thread -> {
          Random random = new Random(thread);
          for (int i = 0; i < each; i++) {
            int count = 1 + random.nextInt(permits);
            Permit permit =
                random.nextInt(5) == 0
                    ? semaphore.tryAcquire(count).orElse(null)
                    : permit(semaphore.acquire(count), random);
            if (permit != null) {
              assertTrue(out.addAndGet(count) <= permits);
              out.addAndGet(-count);
              permit.close();
              permit.close();
            }
          }
        });
    assertEquals(permits, semaphore.available());
  }
}

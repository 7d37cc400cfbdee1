package io.libprocess.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.support.SmallStack;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ReadWriteLockTest {

  private final ReadWriteLock lock = new ReadWriteLock();

  @Test
  void lockWhenUnlocked() {
    assertTrue(lock.writeLock().isReady());
    lock.writeUnlock();
    assertTrue(lock.writeLock().isReady());
    lock.writeUnlock();

    assertTrue(lock.readLock().isReady());
    lock.readUnlock();
    assertTrue(lock.readLock().isReady());
    lock.readUnlock();
  }

  @Test
  void blockReads() {
    lock.writeLock();
    Future<Void> read = lock.readLock();
    assertTrue(read.isPending());
    lock.writeUnlock();
    assertTrue(read.isReady());
    lock.readUnlock();
  }

  @Test
  void blockWrites() {
    lock.writeLock();
    Future<Void> write = lock.writeLock();
    assertTrue(write.isPending());
    lock.writeUnlock();
    assertTrue(write.isReady());
    lock.writeUnlock();

    lock.readLock();
    write = lock.writeLock();
    assertTrue(write.isPending());
    lock.readUnlock();
    assertTrue(write.isReady());
    lock.writeUnlock();
  }

  @Test
  void concurrentReads() {
    assertTrue(lock.readLock().isReady());
    assertTrue(lock.readLock().isReady());
    assertTrue(lock.readLock().isReady());
    Future<Void> write = lock.writeLock();

    lock.readUnlock();
    assertTrue(write.isPending());
    lock.readUnlock();
    assertTrue(write.isPending());
    lock.readUnlock();
    assertTrue(write.isReady());
    lock.writeUnlock();
  }

  @Test
  void noStarvation() {
    assertTrue(lock.writeLock().isReady());
    Future<Void> r1 = lock.readLock();
    Future<Void> r2 = lock.readLock();
    Future<Void> w2 = lock.writeLock();
    Future<Void> r3 = lock.readLock();
    Future<Void> r4 = lock.readLock();
    assertTrue(r1.isPending());

    lock.writeUnlock();
    assertTrue(r1.isReady());
    assertTrue(r2.isReady());
    assertTrue(w2.isPending());
    assertTrue(r3.isPending());

    lock.readUnlock();
    assertTrue(w2.isPending());
    lock.readUnlock();
    assertTrue(w2.isReady());
    assertTrue(r3.isPending());
    assertTrue(r4.isPending());

    lock.writeUnlock();
    assertTrue(r3.isReady());
    assertTrue(r4.isReady());
  }

  @Test
  void readLock_waitsBehindAWriterThoughOnlyReadersHoldIt() {
    lock.readLock();
    lock.writeLock();
    assertTrue(lock.readLock().isPending());
  }

  @Test
  void group_isGrantedBeforeItsFirstCallbackAndInOrder() {
    lock.writeLock();
    List<String> order = new ArrayList<>();
    lock.readLock().onReady(locked -> order.add("first, " + lock));
    lock.readLock().onReady(locked -> order.add("second, " + lock));
    lock.writeUnlock();

    assertEquals(List.of("first, read by 2", "second, read by 2"), order);
  }

  @Test
  void misuse_throwsAndChangesNothing() {
    assertThrows(IllegalStateException.class, lock::readUnlock);
    assertEquals(
        "not locked for writing: free",
        assertThrows(IllegalStateException.class, lock::writeUnlock).getMessage());

    lock.readLock();
    assertEquals(
        "not locked for writing: read by 1",
        assertThrows(IllegalStateException.class, lock::writeUnlock).getMessage());
    lock.readUnlock();

    lock.writeLock();
    assertEquals(
        "not locked for reading: written",
        assertThrows(IllegalStateException.class, lock::readUnlock).getMessage());
    lock.writeUnlock();
    assertEquals("free", lock.toString());
  }

  @Test
  void writeLock_discardedStillStopsReadersAndHoldsTheLock() {
    lock.readLock();
    Future<Void> write = lock.writeLock();
    write.discard();
    Future<Void> read = lock.readLock();
    assertTrue(read.isPending());

    lock.readUnlock();
    assertTrue(write.isReady());
    assertTrue(read.isPending());
    lock.writeUnlock();
    assertTrue(read.isReady());
  }

  @Test
  void acquireWrite_withdrawnLetsTheReadersIn() {
    Permit reading = lock.acquireRead().get();
    Future<Permit> write = lock.acquireWrite();
    Future<Permit> second = lock.acquireRead();
    Future<Void> third = lock.readLock();
    write.discard();

    assertTrue(write.isDiscarded());
    assertTrue(second.isReady());
    assertTrue(third.isReady());
    assertEquals("read by 3", lock.toString());
    reading.close();
    reading.close();
    second.get().close();
    lock.readUnlock();
    assertEquals("free", lock.toString());
  }

  @Test
  void hold_sectionsExcludeEachOther() {
    Permit writing = lock.acquireWrite().get();
    AtomicInteger readers = new AtomicInteger();
    Future<Integer> first = lock.holdRead(() -> Future.of(readers.incrementAndGet()));
    Future<String> write = lock.holdWrite(() -> Future.of(lock.toString()));
    Future<String> second = lock.holdRead(() -> Future.of(lock.toString()));
    assertTrue(first.isPending());

    writing.close();
    assertEquals(1, first.get());
    assertEquals("written", write.get());
    assertEquals("read by 1", second.get());
    assertEquals("free", lock.toString());
  }

  @Test
  void close_abandonsThoseWhoWait() {
    lock.readLock();
    Future<Void> write = lock.writeLock();
    lock.close();

    assertTrue(write.isAbandoned());
    assertTrue(lock.readLock().isAbandoned());
    lock.readUnlock();
    assertEquals("free", lock.toString());
  }

  @Test
  void unlock_insideCallbacksAMillionTimesKeepsTheStack() {
    AtomicInteger granted = new AtomicInteger();
    lock.writeLock();
    for (int i = 0; i < SmallStack.MILLION / 2; i++) {
      lock.writeLock()
          .onReady(
              locked -> {
                granted.incrementAndGet();
                lock.writeUnlock();
              });
      lock.readLock()
          .onReady(
              locked -> {
                granted.incrementAndGet();
                lock.readUnlock();
              });
    }
    SmallStack.run(lock::writeUnlock);

    assertEquals(SmallStack.MILLION, granted.get());
    assertEquals("free", lock.toString());
  }
}

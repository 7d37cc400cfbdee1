package io.libprocess.actor;

import io.libprocess.Message;
import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.internal.MemoryBudget;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The backlog of messages from other nodes in the mailbox of one process. While they take much
 * memory, the connections that bring more of them are held back. Thread-safe.
 *
 * <p>A thread that finds the backlog high leaves a promise and looks again; a thread that lowers it
 * looks for a promise afterwards. So one of the two sees that it is low, and no connection waits
 * for ever. The events of a process that ends are dropped, which also lowers the backlog.
 *
 * <p>Waiting messages draw on the node's memory budget, in large steps, so that a message seldom
 * does. Once the budget is used up, even a short backlog is high: one answer, or a few, then leave
 * for each message that is served.
 */
final class Backlog {

  /** The approximate number of bytes that a message takes beside its body. */
  private static final int OVERHEAD = 200;

  /**
   * The backlog that is high if no memory is left. This much does not draw on the node's budget.
   */
  private static final long HIGH_WITHOUT_MEMORY = 64 << 10;

  private static final long STEP = 64 << 10;

  private final ProcessCell cell;
  private final long high;
  private final long low;
  private final MemoryBudget.Share memory;
  private final AtomicLong bytes = new AtomicLong();

  /** The bytes that the share covers; less than the waiting bytes only while that is changing. */
  private volatile long covered = STEP;

  private final AtomicReference<Promise<Void>> waiting = new AtomicReference<>();

  Backlog(ProcessCell cell, long high, MemoryBudget memory) {
    this.cell = cell;
    this.memory = memory.share();
    this.high = high;
    this.low = high / 2;
  }

  ProcessCell cell() {
    return cell;
  }

  /** The number of waiting bytes. */
  long bytes() {
    return bytes.get();
  }

  /** Puts a message into the mailbox; false if the mailbox is full, and the message dropped. */
  boolean enqueue(Message message) {
    Arrived event = new Arrived(message, this);
    boolean taken = false;
    if (bytes.addAndGet(cost(message)) > covered) {
      cover();
    }
    try {
      taken = cell.enqueue(event);
    } finally {
      if (!taken) {
        event.leave();
      }
    }
    return taken;
  }

  private static long cost(Message message) {
    return (long) message.body().length + OVERHEAD;
  }

  private void remove(Message message) {
    long left = bytes.addAndGet(-cost(message));
    if (left + 3 * STEP < covered || left == 0 && covered > STEP) {
      cover();
    }
    if (left <= low && waiting.get() != null) {
      release();
    }
  }

  /** Makes the share cover the waiting bytes, rounded up to a whole step. */
  private synchronized void cover() {
    long steps = Math.max(1, (bytes.get() + STEP - 1) / STEP);
    covered = steps * STEP;
    memory.resize(covered - STEP);
  }

  private void release() {
    Promise<Void> promise = waiting.getAndSet(null);
    if (promise != null) {
      promise.set(null);
    }
  }

  /** Null if the backlog is not high; otherwise a future that completes when it is low. */
  Future<Void> whenLow() {
    long most = memory.isExhausted() ? Math.min(high, HIGH_WITHOUT_MEMORY) : high;
    if (bytes.get() <= most) {
      return null;
    }
    Promise<Void> promise = waiting.get();
    while (promise == null) {
      Promise<Void> made = Promise.undiscardable(); // Several callers wait for it.
      promise = waiting.compareAndSet(null, made) ? made : waiting.get();
    }
    Future<Void> future = promise.future();
    if (bytes.get() <= most / 2) {
      release();
    }
    return future;
  }

  /** A message that counts until it is served or dropped. */
  private static final class Arrived extends MessageArrived {

    // Null once it no longer counts; for the thread that serves or drops it.
    private Backlog backlog;

    Arrived(Message message, Backlog backlog) {
      super(message);
      this.backlog = backlog;
    }

    @Override
    void serve(Object process) throws Exception {
      leave();
      super.serve(process);
    }

    @Override
    void drop() {
      leave();
      super.drop();
    }

    private void leave() {
      Backlog counted = backlog;
      backlog = null;
      if (counted != null) {
        counted.remove(message());
      }
    }
  }
}

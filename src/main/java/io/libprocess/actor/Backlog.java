package io.libprocess.actor;

import io.libprocess.Message;
import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.internal.MemoryBudget;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The messages from other nodes that wait in the mailbox of one process. While they take much
 * memory the connections that bring more of them are held back. For any thread.
 *
 * <p>Whoever finds the backlog high leaves a promise and looks again; whoever lowers it looks for a
 * promise afterwards. So one of the two sees that it is low, and nobody waits for ever. The events
 * of a process that ends are dropped, which lowers the backlog too.
 *
 * <p>What waits draws on the memory of the node, in large steps, so that a message seldom asks.
 * Once that is used up a short backlog is high, too: then one answer, or a few, leave for each
 * message that is served.
 */
final class Backlog {

  /** What a message takes beside its body, about. */
  private static final int OVERHEAD = 200;

  /** What counts as much if there is no memory left. So much is not counted with the node's. */
  private static final long HIGH_WITHOUT_MEMORY = 64 << 10;

  private static final long STEP = 64 << 10;

  private final ProcessCell cell;
  private final long high;
  private final long low;
  private final MemoryBudget.Share memory;
  private final AtomicLong bytes = new AtomicLong();

  /** How many bytes the share stands for; less than what waits only while that is changing. */
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

  /** The bytes that wait. */
  long bytes() {
    return bytes.get();
  }

  /** Puts a message into the mailbox; false if that is full, and the message dropped. */
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

  /** Has the share stand for what waits now, and what more fits the last step. */
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

  /** Null if it is not high; otherwise completes when it is low. */
  Future<Void> whenLow() {
    long most = memory.isExhausted() ? Math.min(high, HIGH_WITHOUT_MEMORY) : high;
    if (bytes.get() <= most) {
      return null;
    }
    Promise<Void> promise = waiting.get();
    while (promise == null) {
      Promise<Void> made = Promise.undiscardable(); // Many wait for it.
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

    private Backlog backlog; // Null when it does not count any more; of who serves or drops it.

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

package io.libprocess.actor;

import io.libprocess.Message;
import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The messages from other nodes that wait in the mailbox of one process. While they take much
 * memory the connections that bring more of them are held back. For any thread.
 *
 * <p>Whoever finds the backlog high leaves a promise and looks again; whoever lowers it looks for a
 * promise afterwards. So one of the two sees that it is low, and nobody waits for ever. The events
 * of a process that ends are dropped, which lowers the backlog too.
 */
final class Backlog {

  /** What a message takes beside its body, about. */
  private static final int OVERHEAD = 200;

  private final ProcessCell cell;
  private final long high;
  private final long low;
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicReference<Promise<Void>> waiting = new AtomicReference<>();

  Backlog(ProcessCell cell, long high) {
    this.cell = cell;
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
    bytes.addAndGet(cost(message));
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
    if (bytes.addAndGet(-cost(message)) <= low && waiting.get() != null) {
      release();
    }
  }

  private void release() {
    Promise<Void> promise = waiting.getAndSet(null);
    if (promise != null) {
      promise.set(null);
    }
  }

  /** Null if it is not high; otherwise completes when it is low. */
  Future<Void> whenLow() {
    if (bytes.get() <= high) {
      return null;
    }
    Promise<Void> promise = waiting.get();
    while (promise == null) {
      Promise<Void> made = new Promise<>();
      promise = waiting.compareAndSet(null, made) ? made : waiting.get();
    }
    Future<Void> future = promise.future().undiscardable(); // Many wait for it.
    if (bytes.get() <= low) {
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

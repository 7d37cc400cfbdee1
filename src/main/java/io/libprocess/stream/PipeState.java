package io.libprocess.stream;

import static java.util.Objects.requireNonNull;

import io.libprocess.future.Failure;
import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.internal.PromiseWatch;
import io.libprocess.internal.StackReserve;
import io.libprocess.internal.WaitQueue;
import io.libprocess.stream.stage.Elements;
import java.util.Optional;
import java.util.function.ToLongFunction;

/**
 * The state that both ends of a {@link Pipe} share.
 *
 * <h2>Protocol</h2>
 *
 * <p>One lock guards all fields. It is held for a few instructions, in which nothing is allocated
 * and nothing is called that could fail: promises are completed, and the weigher is called, outside
 * the lock. Each operation takes effect at one instant under the lock, with one exception: an
 * element handed to a waiting read counts only once the read's promise has accepted it. If that
 * fails, because the read was discarded meanwhile, the write starts over, as if it had been called
 * at that moment; so it loses nothing and breaks no order that could be relied on.
 *
 * <p>Invariants: while reads wait, nothing is stored and no write waits. While writes wait, the
 * first of them does not fit. Once the reader is closed nothing is stored and nothing waits.
 *
 * @param <T> the type of the elements
 */
final class PipeState<T> {

  private static final int MOST_WAITING_WRITES = 16;

  static final Future<Boolean> ACCEPTED = Future.of(true);
  private static final Future<Boolean> REFUSED = Future.of(false);

  /** An element on its way: made before the lock is taken, and linked to the next one there. */
  private static final class Element<T> {
    final T value;
    final long weight;
    Element<T> next; // Null in the last one.

    Element(T value, long weight) {
      this.value = value;
      this.weight = weight;
    }
  }

  private static final class WaitingRead<T> extends WaitQueue.Entry {
    final Promise<Optional<T>> promise = new Promise<>();
  }

  private static final class WaitingWrite<T> extends WaitQueue.Entry {
    final Element<T> element;
    final Promise<Boolean> promise = new Promise<>();
    WaitingWrite<T> nextAdmitted; // Null in the last one.

    WaitingWrite(Element<T> element) {
      this.element = element;
    }
  }

  private enum End {
    OPEN,
    CLOSED,
    FAILED
  }

  private final long capacity;
  private final ToLongFunction<? super T> weigher;
  private final Promise<Optional<Throwable>> readerClosed = Promise.undiscardable();
  private final Object lock = new Object();

  // Guarded by the lock.
  private Element<T> oldest; // The oldest stored one; null if there is none.
  private Element<T> newest; // Meaningless if none is stored.
  private final WaitQueue<WaitingRead<T>> reads = new WaitQueue<>();
  private final WaitQueue<WaitingWrite<T>> writes = new WaitQueue<>();
  private long weight; // The weight of the stored elements.
  private boolean failsFast;
  private End writerEnd = End.OPEN;
  private Throwable writerFailure; // Null unless FAILED.
  private Failure readerEnd; // The failure of reads; null while the reader is open.
  private Runnable whenEnded; // Called when the writer ends; may be null.

  PipeState(long capacity, ToLongFunction<? super T> weigher) {
    if (capacity < 0) {
      throw new IllegalArgumentException("capacity < 0: " + capacity);
    }
    this.capacity = capacity;
    this.weigher = requireNonNull(weigher, "weigher");
    PromiseWatch.exempt(readerClosed.future()); // A reader need not be closed.
  }

  void failFast() {
    synchronized (lock) {
      failsFast = true;
    }
  }

  /* ---------------- Writing ---------------- */

  /** Writes an element; returns null if there is no room and the caller does not wait. */
  Future<Boolean> put(T value, boolean wait) {
    StackReserve.checkForOperation();
    Element<T> element = new Element<>(requireNonNull(value, "element"), weigh(value));
    WaitingWrite<T> write = null; // Made when it turns out to be needed.
    for (; ; ) {
      WaitingRead<T> read;
      synchronized (lock) {
        if (writerEnd != End.OPEN || readerEnd != null) {
          return REFUSED;
        }
        if (element.weight == 0) {
          break;
        }
        read = reads.poll();
        if (read == null) {
          if (writes.isEmpty() && fits(element)) {
            store(element);
            return ACCEPTED;
          }
          if (!wait) {
            return null;
          }
          if (write != null && writes.size() < MOST_WAITING_WRITES) {
            writes.add(write);
            break;
          }
        }
      }
      if (read != null) {
        if (read.promise.setUnlessDiscardRequested(Optional.of(value))) {
          return ACCEPTED;
        }
      } else if (write != null) {
        return tooManyWrites();
      } else {
        write = new WaitingWrite<>(element);
      }
    }
    if (element.weight == 0) {
      Elements.release(value);
      return ACCEPTED;
    }
    return pending(write);
  }

  private long weigh(T value) {
    long result = weigher.applyAsLong(value);
    if (result < 0) {
      throw new IllegalArgumentException("weight < 0: " + result);
    }
    return result;
  }

  private boolean fits(Element<T> element) {
    return oldest == null ? capacity > 0 : element.weight <= capacity - weight;
  }

  private void store(Element<T> element) {
    if (oldest == null) {
      oldest = element;
    } else {
      newest.next = element;
    }
    newest = element;
    weight += element.weight;
  }

  private static Future<Boolean> tooManyWrites() {
    return Future.failed(
        MOST_WAITING_WRITES + " writes already wait for room; wait for one before the next");
  }

  private Future<Boolean> pending(WaitingWrite<T> write) {
    return write.promise.future().onDiscard(() -> withdraw(write));
  }

  private void withdraw(WaitingWrite<T> write) {
    StackReserve.checkForOperation();
    WaitingWrite<T> admitted;
    synchronized (lock) {
      if (!writes.remove(write)) {
        return; // Accepted or refused in time.
      }
      admitted = admit();
    }
    write.promise.discard();
    accept(admitted);
  }

  /** Stores the waiting writes for which there is room now; the caller completes them. */
  private WaitingWrite<T> admit() {
    WaitingWrite<T> first = null;
    WaitingWrite<T> last = null;
    WaitingWrite<T> next = writes.peek();
    for (; next != null && fits(next.element); next = writes.peek()) {
      writes.poll();
      store(next.element);
      if (last == null) {
        first = next;
      } else {
        last.nextAdmitted = next;
      }
      last = next;
    }
    return first;
  }

  private static <T> void accept(WaitingWrite<T> admitted) {
    for (WaitingWrite<T> write = admitted; write != null; write = write.nextAdmitted) {
      write.promise.set(true);
    }
  }

  /** Ends the writing, with a failure or with null for a normal end. */
  boolean end(Throwable failure) {
    StackReserve.checkForOperation();
    WaitingRead<T> ended;
    WaitingWrite<T> refused = null;
    Element<T> dropped = null;
    Runnable told;
    synchronized (lock) {
      if (writerEnd != End.OPEN) {
        return false;
      }
      writerEnd = failure == null ? End.CLOSED : End.FAILED;
      writerFailure = failure;
      ended = reads.takeAll();
      if (failure != null && failsFast) {
        dropped = takeStored();
        refused = writes.takeAll();
      }
      told = whenEnded;
      whenEnded = null;
    }
    for (; ended != null; ended = WaitQueue.next(ended)) {
      if (failure == null) {
        ended.promise.set(Optional.empty());
      } else {
        ended.promise.fail(failure);
      }
    }
    refuse(refused);
    drop(dropped);
    if (told != null) {
      told.run();
    }
    return true;
  }

  private Element<T> takeStored() {
    Element<T> all = oldest;
    oldest = null;
    newest = null;
    weight = 0;
    return all;
  }

  private static <T> void drop(Element<T> elements) {
    for (Element<T> element = elements; element != null; element = element.next) {
      Elements.release(element.value);
    }
  }

  private static <T> void refuse(WaitingWrite<T> writes) {
    for (WaitingWrite<T> write = writes; write != null; write = WaitQueue.next(write)) {
      write.promise.set(false);
    }
  }

  Future<Optional<Throwable>> readerClosed() {
    return readerClosed.future();
  }

  /* ---------------- Reading ---------------- */

  Future<Optional<T>> take() {
    StackReserve.checkForOperation();
    WaitingRead<T> read = null; // Made when it turns out to be needed.
    for (; ; ) {
      T value = poll();
      if (value != null) {
        return Future.of(Optional.of(value));
      }
      synchronized (lock) {
        if (readerEnd != null || isDrained()) {
          break;
        }
        if (read != null && oldest == null && writes.isEmpty()) {
          reads.add(read);
          return pending(read); // And not the end: it may get the last element meanwhile.
        }
      }
      if (read == null) {
        read = new WaitingRead<>();
      }
    }
    return end();
  }

  /** Takes the oldest element if there is one; null if there is none. */
  T poll() {
    StackReserve.checkForOperation();
    Element<T> element;
    WaitingWrite<T> admitted;
    synchronized (lock) {
      element = oldest;
      if (element != null) {
        oldest = element.next;
        weight -= element.weight;
        admitted = admit();
      } else {
        admitted = writes.poll(); // There is one only if nothing is ever stored.
        if (admitted == null) {
          return null;
        }
        element = admitted.element;
      }
    }
    element.next = null; // Otherwise an old element would keep all later ones in memory.
    accept(admitted);
    return element.value;
  }

  /** Whether the writer has ended and nothing is left; called under the lock. */
  private boolean isDrained() {
    return writerEnd != End.OPEN && oldest == null && writes.isEmpty();
  }

  /** The result of a read that gets no element; null if it may still get one. */
  Future<Optional<T>> end() {
    Throwable failure;
    synchronized (lock) {
      if (readerEnd == null && !isDrained()) {
        return null;
      }
      failure = readerEnd != null ? readerEnd : writerFailure;
    }
    return failure == null ? Future.of(Optional.empty()) : Future.failed(failure);
  }

  /**
   * Registers a callback for the end of the writer, which runs at once if the writer has ended;
   * elements may be left then.
   */
  void whenEnded(Runnable callback) {
    synchronized (lock) {
      if (writerEnd == End.OPEN) {
        whenEnded = callback;
        return;
      }
    }
    callback.run();
  }

  boolean isReaderOpen() {
    synchronized (lock) {
      return readerEnd == null;
    }
  }

  private Future<Optional<T>> pending(WaitingRead<T> read) {
    return read.promise.future().onDiscard(() -> withdraw(read));
  }

  private void withdraw(WaitingRead<T> read) {
    synchronized (lock) {
      reads.remove(read);
    }
    // Too late if the read was served, but in time for a write that is about to serve it.
    read.promise.discard();
  }

  boolean closeReader(Throwable cause) {
    Failure closed = new Failure("closed", cause);
    StackReserve.checkForOperation();
    WaitingRead<T> ended;
    WaitingWrite<T> refused;
    Element<T> dropped;
    boolean writerWasOpen;
    synchronized (lock) {
      if (readerEnd != null) {
        return false;
      }
      readerEnd = closed;
      writerWasOpen = writerEnd == End.OPEN;
      dropped = takeStored();
      ended = reads.takeAll();
      refused = writes.takeAll();
      whenEnded = null;
    }
    for (; ended != null; ended = WaitQueue.next(ended)) {
      ended.promise.fail(closed);
    }
    refuse(refused);
    drop(dropped);
    if (writerWasOpen) {
      readerClosed.set(Optional.ofNullable(cause));
    } else {
      readerClosed.discard();
    }
    return true;
  }

  /** The weight of the stored elements, for tests. */
  long weight() {
    synchronized (lock) {
      return weight;
    }
  }
}

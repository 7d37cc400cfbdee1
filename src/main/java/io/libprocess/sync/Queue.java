package io.libprocess.sync;

import static java.util.Objects.requireNonNull;

import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.internal.StackReserve;
import io.libprocess.internal.WaitQueue;
import java.util.ArrayDeque;
import java.util.Optional;

/**
 * A first-in first-out queue whose consumers wait by holding a future. Elements leave in the order
 * of the puts, and waiting consumers are served in the order in which they came. With a capacity,
 * producers wait too.
 *
 * <p>An element either goes to one consumer or stays: a {@link #get} that is discarded while it
 * waits takes nothing. A get that was served before the discard stays ready; a {@link Future#then}
 * chain on it decides what happens to the element.
 *
 * <p>There is no end marker: use elements that can represent it, such as {@link Optional}. All
 * methods may be called from any thread and none blocks. Callbacks of a future run on the thread
 * whose call completes it. Actions before a put happen-before actions after the get of its element.
 *
 * @param <T> the type of the elements
 */
public final class Queue<T> implements AutoCloseable {

  /*
   * One lock guards all fields; promises are completed without it. A put or a get takes effect
   * under the lock, with one exception: an element that goes to a waiting get counts only once the
   * get's promise has accepted it. If the get was discarded meanwhile, the put starts over, as if
   * it had been called at that moment: the difference cannot be observed, since the put has not
   * returned yet.
   *
   * Invariants: while gets wait, nothing is stored and no put waits. While puts wait, there is no
   * room. Nothing waits once the queue is closed.
   */

  private static final class WaitingGet<T> extends WaitQueue.Entry {
    final Promise<T> promise = new Promise<>();
  }

  private static final class WaitingPut<T> extends WaitQueue.Entry {
    final T element;
    final Promise<Void> promise = new Promise<>();

    WaitingPut(T element) {
      this.element = element;
    }
  }

  private final int capacity;
  private final Object lock = new Object();

  // Guarded by the lock.
  private final ArrayDeque<T> stored = new ArrayDeque<>();
  private final WaitQueue<WaitingGet<T>> gets = new WaitQueue<>();
  private final WaitQueue<WaitingPut<T>> puts = new WaitQueue<>();
  private boolean closed;

  /** Makes a queue without a limit. */
  public Queue() {
    this(Integer.MAX_VALUE);
  }

  /**
   * Makes a queue that stores a limited number of elements. With capacity 0 each put meets a get.
   *
   * @throws IllegalArgumentException if the capacity is negative
   */
  public Queue(int capacity) {
    if (capacity < 0) {
      throw new IllegalArgumentException("capacity < 0: " + capacity);
    }
    this.capacity = capacity;
  }

  /**
   * Adds an element. The result is ready as soon as the element is stored or a get has taken it,
   * which is always at once if the queue has no limit. Until then discarding the result withdraws
   * the element; afterwards it does nothing.
   */
  public Future<Void> put(T element) {
    return put(requireNonNull(element, "element"), true);
  }

  /**
   * Adds an element unless that would have to wait.
   *
   * @return false if there is no room, or the queue is closed
   */
  public boolean offer(T element) {
    Future<Void> put = put(requireNonNull(element, "element"), false);
    return put != null && put.isReady();
  }

  /** Adds an element; returns null if there is no room and the caller does not wait. */
  private Future<Void> put(T element, boolean wait) {
    StackReserve.checkForOperation();
    for (; ; ) {
      WaitingGet<T> get;
      WaitingPut<T> put = null;
      synchronized (lock) {
        if (closed) {
          return abandoned();
        }
        get = gets.poll();
        if (get == null) {
          if (stored.size() < capacity) {
            stored.add(element);
            return Future.done();
          }
          if (!wait) {
            return null;
          }
          put = new WaitingPut<>(element);
          puts.add(put);
        }
      }
      if (put != null) {
        return pending(put);
      }
      if (get.promise.setUnlessDiscardRequested(element)) {
        return Future.done();
      }
    }
  }

  private Future<Void> pending(WaitingPut<T> put) {
    return put.promise.future().onDiscard(() -> withdraw(put));
  }

  private void withdraw(WaitingPut<T> put) {
    synchronized (lock) {
      if (!puts.remove(put)) {
        return; // Accepted in time.
      }
    }
    put.promise.discard();
  }

  /**
   * Takes the oldest element; pending while there is none. Discarding the future while it waits
   * withdraws the request: it is discarded on return, and the next element goes to the next waiter.
   */
  public Future<T> get() {
    StackReserve.checkForOperation();
    T element;
    WaitingGet<T> get = null;
    WaitingPut<T> accepted = null;
    synchronized (lock) {
      if (closed) {
        return abandoned();
      }
      accepted = puts.poll();
      element = exchange(accepted);
      if (element == null) {
        get = new WaitingGet<>();
        gets.add(get);
      }
    }
    if (get != null) {
      return pending(get);
    }
    if (accepted != null) {
      accepted.promise.set(null);
    }
    return Future.of(element);
  }

  private Future<T> pending(WaitingGet<T> get) {
    return get.promise.future().onDiscard(() -> withdraw(get));
  }

  private void withdraw(WaitingGet<T> get) {
    synchronized (lock) {
      gets.remove(get);
    }
    // Too late if the get was served, but in time for a put that is about to serve it.
    get.promise.discard();
  }

  /** Takes the oldest element if there is one. */
  public Optional<T> poll() {
    StackReserve.checkForOperation();
    T element;
    WaitingPut<T> accepted;
    synchronized (lock) {
      accepted = puts.poll();
      element = exchange(accepted);
    }
    if (accepted != null) {
      accepted.promise.set(null);
    }
    return Optional.ofNullable(element);
  }

  /** Adds the element of a put that waited (or null) and takes the oldest element, or null. */
  private T exchange(WaitingPut<T> put) {
    if (put == null) {
      return stored.poll();
    }
    T oldest = stored.poll();
    if (oldest == null) { // The capacity is 0.
      return put.element;
    }
    stored.add(put.element);
    return oldest;
  }

  /** The number of stored elements; 0 while consumers wait. */
  public int size() {
    synchronized (lock) {
      return stored.size();
    }
  }

  /**
   * Drops the elements and abandons the futures of all current and later waiters. Idempotent.
   * (libprocess does this when the last handle of a queue goes away.)
   */
  @Override
  public void close() {
    StackReserve.checkForOperation();
    WaitingGet<T> waitingGets;
    WaitingPut<T> waitingPuts;
    synchronized (lock) {
      closed = true;
      stored.clear();
      waitingGets = gets.takeAll();
      waitingPuts = puts.takeAll();
    }
    for (; waitingGets != null; waitingGets = WaitQueue.next(waitingGets)) {
      waitingGets.promise.abandon();
    }
    for (; waitingPuts != null; waitingPuts = WaitQueue.next(waitingPuts)) {
      waitingPuts.promise.abandon();
    }
  }

  private static <R> Future<R> abandoned() {
    Promise<R> promise = new Promise<>();
    promise.abandon();
    return promise.future();
  }
}

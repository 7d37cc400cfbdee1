package io.libprocess.stream;

import static java.util.Objects.requireNonNull;

import io.libprocess.future.ControlFlow;
import io.libprocess.future.Failure;
import io.libprocess.future.Future;
import io.libprocess.future.Futures;
import io.libprocess.future.Promise;
import io.libprocess.internal.StackReserve;
import io.libprocess.internal.WaitQueue;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;

/**
 * Hands elements from a {@link Writer} to a {@link Reader}, in order and one read for one write,
 * and holds back the writer while the reader is behind. (libprocess: {@code http::Pipe}, which
 * carries strings only and stores them without limit, as {@link #unbounded} does.)
 *
 * <p><b>Bounds.</b> The elements that were written and not yet read weigh at most the capacity. An
 * element that is heavier than that is stored only when nothing else is. A pipe with capacity 0
 * stores nothing: each write meets a read. An element that weighs 0 carries nothing, such as an
 * empty chunk of bytes: it is accepted and the reader does not see it.
 *
 * <p><b>Ends.</b> After {@link Writer#close} or {@link Writer#fail} the reader still gets all that
 * was written before, including what waits for room, and only then the end or the failure. {@link
 * Reader#close()} drops what was not read.
 *
 * <p><b>Threads.</b> Both ends may be shared by any number of threads, and no method blocks.
 * Callbacks of the futures run on the thread whose call completes them: those of a read on the
 * writer's thread and the other way round. What happened before a write happens-before whatever
 * follows the read that gets its element.
 *
 * @param <T> the type of the elements
 */
public final class Pipe<T> {

  /*
   * One lock guards all fields. It is held for a few instructions; promises are completed, and the
   * weigher is called, without it. Each operation takes effect at one instant under the lock, with
   * one exception: an element handed to a waiting read counts only once the read's promise has
   * accepted it. If that fails, because the read was discarded meanwhile, the write starts over, as
   * if it had been called at that moment; so it loses nothing and breaks no order that anyone could
   * rely on.
   *
   * Invariants: while reads wait, nothing is stored and no write waits. While writes wait, the first
   * of them does not fit. Nothing is stored and nobody waits once the reader is closed.
   */

  private static final long BYTES = 64 << 10;
  private static final int MOST_WAITING_WRITES = 16;

  private static final Future<Boolean> ACCEPTED = Future.of(true);
  private static final Future<Boolean> REFUSED = Future.of(false);

  private record Element<T>(T value, long weight) {}

  private static final class WaitingRead<T> extends WaitQueue.Entry {
    final Promise<Optional<T>> promise = new Promise<>();
  }

  private static final class WaitingWrite<T> extends WaitQueue.Entry {
    final Element<T> element;
    final Promise<Boolean> promise = new Promise<>();

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
  private final Writer<T> writer = new Writer<>(this);
  private final Reader<T> reader = new Reader<>(this);
  private final Promise<Optional<Throwable>> readerClosed = new Promise<>();
  private final Object lock = new Object();

  // Guarded by the lock.
  private final ArrayDeque<Element<T>> stored = new ArrayDeque<>();
  private final WaitQueue<WaitingRead<T>> reads = new WaitQueue<>();
  private final WaitQueue<WaitingWrite<T>> writes = new WaitQueue<>();
  private long weight; // Of what is stored.
  private End writerEnd = End.OPEN;
  private Throwable writerFailure; // Null unless FAILED.
  private Failure readerEnd; // What reads fail with; null while the reader is open.

  /**
   * A pipe whose bound is a weight.
   *
   * @param capacity the weight it stores, 0 or more, in the weigher's unit
   * @param weigher the weight of an element, 0 or more; called once for each write, by the writer
   * @throws IllegalArgumentException if the capacity is negative
   */
  public Pipe(long capacity, ToLongFunction<? super T> weigher) {
    if (capacity < 0) {
      throw new IllegalArgumentException("capacity < 0: " + capacity);
    }
    this.capacity = capacity;
    this.weigher = requireNonNull(weigher, "weigher");
  }

  /**
   * A pipe whose bound is a number of elements.
   *
   * @throws IllegalArgumentException if the capacity is negative
   */
  public Pipe(long capacity) {
    this(capacity, element -> 1);
  }

  /** A pipe that stores whatever is written; its reader has to keep up. */
  public static <T> Pipe<T> unbounded() {
    return new Pipe<>(Long.MAX_VALUE);
  }

  /** A pipe of bytes that stores up to 64 KiB; empty chunks are accepted and not delivered. */
  public static Pipe<Chunk> bytes() {
    return new Pipe<>(BYTES, Chunk::size);
  }

  /** The end that elements go into; always the same object. */
  public Writer<T> writer() {
    return writer;
  }

  /** The end that elements come out of; always the same object. */
  public Reader<T> reader() {
    return reader;
  }

  /* ---------------- Writing ---------------- */

  /** Null if there is no room and the caller would not wait. */
  private Future<Boolean> put(T value, boolean wait) {
    StackReserve.checkTwice();
    Element<T> element = new Element<>(requireNonNull(value, "element"), weigh(value));
    for (; ; ) {
      WaitingRead<T> read;
      WaitingWrite<T> write = null;
      synchronized (lock) {
        if (writerEnd != End.OPEN || readerEnd != null) {
          return REFUSED;
        }
        if (element.weight == 0) {
          return ACCEPTED;
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
          if (writes.size() < MOST_WAITING_WRITES) {
            write = new WaitingWrite<>(element);
            writes.add(write);
          }
        }
      }
      if (read == null) {
        return write == null ? tooManyWrites() : pending(write);
      }
      if (read.promise.setUnlessDiscardRequested(Optional.of(value))) {
        return ACCEPTED;
      }
    }
  }

  private long weigh(T value) {
    long result = weigher.applyAsLong(value);
    if (result < 0) {
      throw new IllegalArgumentException("weight < 0: " + result);
    }
    return result;
  }

  private boolean fits(Element<T> element) {
    return stored.isEmpty() ? capacity > 0 : element.weight <= capacity - weight;
  }

  private void store(Element<T> element) {
    stored.add(element);
    weight += element.weight;
  }

  private static Future<Boolean> tooManyWrites() {
    return Future.failed(
        MOST_WAITING_WRITES + " writes wait for room already; wait for one before the next");
  }

  private Future<Boolean> pending(WaitingWrite<T> write) {
    return write.promise.future().onDiscard(() -> withdraw(write));
  }

  private void withdraw(WaitingWrite<T> write) {
    List<WaitingWrite<T>> admitted;
    synchronized (lock) {
      if (!writes.remove(write)) {
        return; // Accepted or refused in time.
      }
      admitted = admit();
    }
    write.promise.discard();
    accept(admitted);
  }

  /** Stores the waiting writes that there is room for now; the caller completes them. */
  private List<WaitingWrite<T>> admit() {
    WaitingWrite<T> next = writes.peek();
    if (next == null || !fits(next.element)) {
      return List.of();
    }
    List<WaitingWrite<T>> admitted = new ArrayList<>(writes.size());
    for (; next != null && fits(next.element); next = writes.peek()) {
      writes.poll();
      store(next.element);
      admitted.add(next);
    }
    return admitted;
  }

  private static <T> void accept(List<WaitingWrite<T>> writes) {
    for (WaitingWrite<T> write : writes) {
      write.promise.set(true);
    }
  }

  /** Ends the writing, with a failure or with null. */
  private boolean end(Throwable failure) {
    StackReserve.checkTwice();
    WaitingRead<T> ended;
    synchronized (lock) {
      if (writerEnd != End.OPEN) {
        return false;
      }
      writerEnd = failure == null ? End.CLOSED : End.FAILED;
      writerFailure = failure;
      ended = reads.takeAll();
    }
    for (; ended != null; ended = WaitQueue.next(ended)) {
      if (failure == null) {
        ended.promise.set(Optional.empty());
      } else {
        ended.promise.fail(failure);
      }
    }
    return true;
  }

  /* ---------------- Reading ---------------- */

  private Future<Optional<T>> take() {
    StackReserve.checkTwice();
    Element<T> element;
    List<WaitingWrite<T>> accepted = List.of();
    WaitingRead<T> read = null;
    synchronized (lock) {
      if (readerEnd != null) {
        return Future.failed(readerEnd);
      }
      element = stored.poll();
      if (element != null) {
        weight -= element.weight;
        accepted = admit();
      } else if (!writes.isEmpty()) { // Only if nothing is ever stored.
        WaitingWrite<T> write = writes.poll();
        element = write.element;
        accepted = List.of(write);
      } else if (writerEnd == End.OPEN) {
        read = new WaitingRead<>();
        reads.add(read);
      } else {
        return writerFailure == null ? Future.of(Optional.empty()) : Future.failed(writerFailure);
      }
    }
    if (read != null) {
      return pending(read);
    }
    accept(accepted);
    return Future.of(Optional.of(element.value));
  }

  private Future<Optional<T>> pending(WaitingRead<T> read) {
    return read.promise.future().onDiscard(() -> withdraw(read));
  }

  private void withdraw(WaitingRead<T> read) {
    synchronized (lock) {
      reads.remove(read);
    }
    read.promise.discard(); // Too late if it was served, and in time for a write about to serve it.
  }

  private boolean closeReader(Throwable cause) {
    Failure closed = new Failure("closed", cause);
    StackReserve.checkTwice();
    WaitingRead<T> ended;
    WaitingWrite<T> refused;
    boolean writerWasOpen;
    synchronized (lock) {
      if (readerEnd != null) {
        return false;
      }
      readerEnd = closed;
      writerWasOpen = writerEnd == End.OPEN;
      stored.clear();
      weight = 0;
      ended = reads.takeAll();
      refused = writes.takeAll();
    }
    for (; ended != null; ended = WaitQueue.next(ended)) {
      ended.promise.fail(closed);
    }
    for (; refused != null; refused = WaitQueue.next(refused)) {
      refused.promise.set(false);
    }
    if (writerWasOpen) {
      readerClosed.set(Optional.ofNullable(cause));
    } else {
      readerClosed.discard();
    }
    return true;
  }

  /** The weight of what is stored. */
  long weight() {
    synchronized (lock) {
      return weight;
    }
  }

  /**
   * The end of a pipe that elements go into. All methods may be called from any thread.
   *
   * @param <T> the type of the elements
   */
  public static final class Writer<T> {

    private final Pipe<T> pipe;

    private Writer(Pipe<T> pipe) {
      this.pipe = pipe;
    }

    /**
     * Writes an element. The result is ready with true as soon as the element is stored or a read
     * has got it, and ready with false if an end of the pipe is closed. While there is no room it
     * is pending: then at most 16 writes wait, first come, first served; one more fails and its
     * element is not written. Discarding the result withdraws a write that waits, and does nothing
     * to one that was accepted.
     */
    public Future<Boolean> write(T element) {
      return pipe.put(element, true);
    }

    /**
     * Writes an element unless that would have to wait.
     *
     * @return false if there is no room or an end of the pipe is closed
     */
    public boolean offer(T element) {
      return pipe.put(element, false) == ACCEPTED;
    }

    /** The weight of what is stored: what was written and not read, without what waits for room. */
    public long stored() {
      return pipe.weight();
    }

    /**
     * Ends the writing: after the elements written so far the reader gets the end.
     *
     * @return true for the first {@code close} or {@code fail}, even if the reader is closed
     */
    public boolean close() {
      return pipe.end(null);
    }

    /**
     * Ends the writing: after the elements written so far the reader gets a failure.
     *
     * @return true for the first {@code close} or {@code fail}, even if the reader is closed
     */
    public boolean fail(Throwable failure) {
      return pipe.end(requireNonNull(failure, "failure"));
    }

    /**
     * Ready when the reader is closed, with the cause that the reader gave, and discarded if the
     * writing had ended before that. Pending for ever if the reader is never closed. A discard
     * request does nothing.
     */
    public Future<Optional<Throwable>> readerClosed() {
      return pipe.readerClosed.future().undiscardable(); // Many may ask; one must not stop others.
    }
  }

  /**
   * The end of a pipe that elements come out of. All methods may be called from any thread.
   *
   * @param <T> the type of the elements
   */
  public static final class Reader<T> {

    private final Pipe<T> pipe;

    private Reader(Pipe<T> pipe) {
      this.pipe = pipe;
    }

    /**
     * The next element; empty, as often as one asks, after the last one. Fails with the writer's
     * failure if there is one after the last element, and with {@code closed} after {@link
     * #close()}. While there is no element it is pending; those who wait are served in order.
     * Discarding a read that waits withdraws it: the next element goes to the next read.
     */
    public Future<Optional<T>> read() {
      return pipe.take();
    }

    /**
     * All elements from here to the end. Fails if a read does. A discard withdraws the read that
     * waits; the elements collected by then are dropped.
     */
    public Future<List<T>> toList() {
      List<T> elements = new ArrayList<>();
      return Futures.loop(
          this::read,
          next -> {
            next.ifPresent(elements::add);
            return Future.of(
                next.isPresent() ? ControlFlow.proceed() : ControlFlow.breakWith(elements));
          });
    }

    /**
     * Says that nothing will be read any more. Drops what is stored, fails the reads that wait, and
     * refuses the writes that wait and all later ones.
     *
     * @return false if the reader was closed already
     */
    public boolean close() {
      return pipe.closeReader(null);
    }

    /**
     * As {@link #close()}, and tells the writer why: see {@link Writer#readerClosed}.
     *
     * @return false if the reader was closed already
     */
    public boolean close(Throwable cause) {
      return pipe.closeReader(requireNonNull(cause, "cause"));
    }
  }
}

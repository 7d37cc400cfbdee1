package io.libprocess.stream;

import static java.util.Objects.requireNonNull;

import io.libprocess.future.ControlFlow;
import io.libprocess.future.Future;
import io.libprocess.future.Futures;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Flow;
import java.util.function.ToLongFunction;

/**
 * A pipe that hands elements from a {@link Writer} to a {@link Reader}, in order and one read for
 * each write, and holds back the writer while the reader is behind. (libprocess: {@code
 * http::Pipe}, which carries strings only and stores them without limit, as {@link #unbounded}
 * does.)
 *
 * <p><b>Bounds.</b> The elements that were written and not yet read weigh at most the capacity. A
 * heavier element is stored only when nothing else is. A pipe with capacity 0 stores nothing: each
 * write meets a read. An element that weighs 0 carries nothing, such as an empty chunk of bytes: it
 * is accepted and the reader does not see it.
 *
 * <p><b>Ends.</b> After {@link Writer#close} or {@link Writer#fail} the reader still gets all
 * elements written before, including those that wait for room, and only then the end or the
 * failure. {@link Reader#close()} drops the elements that were not read.
 *
 * <p><b>Threads.</b> Both ends may be shared by any number of threads, and no method blocks.
 * Callbacks of the futures run on the thread whose call completes them: those of a read on the
 * writer's thread and the other way round. Actions before a write happen-before actions after the
 * read that gets its element.
 *
 * @param <T> the type of the elements
 */
public final class Pipe<T> {

  private static final long BYTES = 64 << 10;

  private final PipeState<T> state;
  private final Writer<T> writer;
  private final Reader<T> reader;

  /**
   * Makes a pipe whose bound is a weight.
   *
   * @param capacity the weight it stores, 0 or more, in the weigher's unit
   * @param weigher the weight of an element, 0 or more; called once for each write, by the writer
   * @throws IllegalArgumentException if the capacity is negative
   */
  public Pipe(long capacity, ToLongFunction<? super T> weigher) {
    state = new PipeState<>(capacity, weigher);
    writer = new Writer<>(state);
    reader = new Reader<>(state);
  }

  /**
   * Makes a pipe whose bound is a number of elements.
   *
   * @throws IllegalArgumentException if the capacity is negative
   */
  public Pipe(long capacity) {
    this(capacity, element -> 1);
  }

  /** Makes a pipe that stores whatever is written; its reader has to keep up. */
  public static <T> Pipe<T> unbounded() {
    return new Pipe<>(Long.MAX_VALUE);
  }

  /**
   * Makes a pipe of bytes that stores up to 64 KiB; empty chunks are accepted and not delivered.
   */
  public static Pipe<Chunk> bytes() {
    return new Pipe<>(BYTES, Chunk::size);
  }

  /**
   * Makes a failure of the writer, from now on, drop the elements that were not read, instead of
   * coming after them; waiting writes are then refused. Returns this pipe.
   */
  public Pipe<T> failFast() {
    state.failFast();
    return this;
  }

  /** The end that elements go into; always the same object. */
  public Writer<T> writer() {
    return writer;
  }

  /** The end that elements come out of; always the same object. */
  public Reader<T> reader() {
    return reader;
  }

  /**
   * This pipe as a processor: the elements that it receives go into the pipe, and the elements that
   * come out of the pipe go to one subscriber. It {@linkplain #failFast fails fast}. The ends of
   * the pipe should then not be used directly.
   */
  public Flow.Processor<T, T> toProcessor() {
    return new PipeProcessor<>(failFast());
  }

  PipeState<T> state() {
    return state;
  }

  /** The weight of the stored elements. */
  long weight() {
    return state.weight();
  }

  /**
   * The end of a pipe that elements go into. All methods may be called from any thread.
   *
   * @param <T> the type of the elements
   */
  public static final class Writer<T> {

    private final PipeState<T> pipe;

    private Writer(PipeState<T> pipe) {
      this.pipe = pipe;
    }

    PipeState<T> state() {
      return pipe;
    }

    /**
     * Writes an element. The result is ready with true as soon as the element is stored or a read
     * has taken it, and ready with false if an end of the pipe is closed. While there is no room it
     * is pending: at most 16 writes wait, first come, first served; one more fails and its element
     * is not written. Discarding the result withdraws a waiting write, and does nothing to an
     * accepted one. An element that was not accepted still belongs to the caller.
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
      return pipe.put(element, false) == PipeState.ACCEPTED;
    }

    /**
     * The weight of the stored elements: those written and not read, without those that wait for
     * room.
     */
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
     * A future that is ready when the reader is closed, with the cause that the reader gave, and
     * discarded if the writing had ended before. It is pending for ever if the reader is never
     * closed. A discard request does nothing.
     */
    public Future<Optional<Throwable>> readerClosed() {
      return pipe.readerClosed();
    }
  }

  /**
   * The end of a pipe that elements come out of. All methods may be called from any thread.
   *
   * @param <T> the type of the elements
   */
  public static final class Reader<T> {

    private final PipeState<T> pipe;

    private Reader(PipeState<T> pipe) {
      this.pipe = pipe;
    }

    /**
     * Reads the next element; empty, on every call, after the last one. Fails with the writer's
     * failure if there is one after the last element, and with {@code closed} after {@link
     * #close()}. While there is no element it is pending; waiting reads are served in order.
     * Discarding a waiting read withdraws it: the next element goes to the next read.
     */
    public Future<Optional<T>> read() {
      return pipe.take();
    }

    /**
     * The remaining elements as a stream. A cancel closes the reader, with its cause. While the
     * stream runs, the reader should not be used otherwise.
     */
    public Stream<T> stream() {
      return new Stream<>(
          (run, down) -> {
            new PipeSource<>(run, down, pipe).start();
          });
    }

    /**
     * Reads all remaining elements. Fails if a read does. A discard withdraws the waiting read and
     * drops the elements collected so far.
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
     * Ends the reading. Drops the stored elements, fails waiting reads, and refuses waiting and
     * later writes.
     *
     * @return false if the reader was already closed
     */
    public boolean close() {
      return pipe.closeReader(null);
    }

    /**
     * Like {@link #close()}, and also tells the writer the cause: see {@link Writer#readerClosed}.
     *
     * @return false if the reader was already closed
     */
    public boolean close(Throwable cause) {
      return pipe.closeReader(requireNonNull(cause, "cause"));
    }
  }
}

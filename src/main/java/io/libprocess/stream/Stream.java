package io.libprocess.stream;

import static java.util.Objects.requireNonNull;

import io.libprocess.future.CheckedBiFunction;
import io.libprocess.future.CheckedFunction;
import io.libprocess.future.Future;
import io.libprocess.stream.bytes.ChunkPool;
import io.libprocess.stream.bytes.FileSource;
import io.libprocess.stream.ends.FailedSource;
import io.libprocess.stream.ends.FlowInput;
import io.libprocess.stream.ends.FutureSource;
import io.libprocess.stream.ends.IteratorSource;
import io.libprocess.stream.ends.OncePublisher;
import io.libprocess.stream.ends.QueueSource;
import io.libprocess.stream.ends.TickSource;
import io.libprocess.stream.operator.Broadcast;
import io.libprocess.stream.operator.BufferSize;
import io.libprocess.stream.operator.BufferStage;
import io.libprocess.stream.operator.ConcatMapStage;
import io.libprocess.stream.operator.MergeStage;
import io.libprocess.stream.operator.ZipStage;
import io.libprocess.stream.stage.Door;
import io.libprocess.stream.stage.Downstream;
import io.libprocess.stream.stage.Drain;
import io.libprocess.stream.stage.Elements;
import io.libprocess.stream.stage.Operator;
import io.libprocess.stream.stage.Source;
import io.libprocess.stream.stage.Start;
import io.libprocess.stream.stage.Unwanted;
import io.libprocess.sync.Queue;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;

/**
 * A description of a sequence of elements: their source and the transforms they pass through.
 * Nothing happens before the stream is given a {@linkplain #to sink}, and little before the sink
 * asks for the first element. A stream may be used once: each method that uses it throws {@code
 * IllegalStateException} if it was used before.
 *
 * <p><b>Back-pressure.</b> Each stage asks the one above for elements, which sends no more than it
 * was asked for. So a slow sink slows down the source, and the number of elements held on the way
 * is bounded.
 *
 * <p><b>The end.</b> A source ends or fails, and the end comes after the elements that are on their
 * way. A stage or sink that fails, or wants no more elements, cancels the stages above, up to the
 * source, with the cause if there is one. Every stage sees exactly one end. The future that {@link
 * #to} returns is the sink's result: it fails with the first failure, later ones are its suppressed
 * exceptions, and is completed when every stage has closed what it had open. Discarding it cancels
 * the stream.
 *
 * <p><b>Threads.</b> A stage runs on the thread that signals it, one thread at a time. A stream
 * whose source always has elements, and whose stages never wait, runs inside {@link #to}; {@link
 * Transform#on} moves it elsewhere.
 *
 * <p>Elements are not null.
 *
 * @param <T> the type of the elements
 */
public final class Stream<T> {

  private static final int CAPACITY = 16;

  static {
    Door.give(
        new Door() {
          @Override
          public Object stream(Source<?> source) {
            return new Stream<>(source);
          }

          @Override
          public Source<?> source(Object stream) {
            return ((Stream<?>) stream).use();
          }

          @Override
          public Object transform(Operator<?, ?> operator) {
            return new Transform<>(operator);
          }

          @Override
          public Object sink(Drain<?, ?> drain) {
            return new Sink<>(drain);
          }

          @Override
          public Drain<?, ?> drain(Object sink) {
            return ((Sink<?, ?>) sink).drain();
          }
        });
  }

  private final Source<T> source;
  private final AtomicBoolean used = new AtomicBoolean();

  Stream(Source<T> source) {
    this.source = source;
  }

  /** Marks this as used and returns its source. */
  Source<T> use() {
    if (!used.compareAndSet(false, true)) {
      throw new IllegalStateException("the stream was used before");
    }
    return source;
  }

  /* ---------------- Sources ---------------- */

  /** A stream of the given elements, which the stream releases. */
  @SafeVarargs
  @SuppressWarnings("varargs") // The array is copied.
  public static <T> Stream<T> of(T... elements) {
    List<T> list = List.of(elements);
    return list.isEmpty() ? empty() : from(list, Elements::release);
  }

  /** A stream that ends at once. */
  public static <T> Stream<T> empty() {
    return new Stream<>(
        (run, down) -> new IteratorSource<T>(run, down, List.<T>of(), null).startAtOnce());
  }

  /** A stream that fails at once. */
  public static <T> Stream<T> failed(Throwable failure) {
    requireNonNull(failure, "failure");
    return new Stream<>((run, down) -> new FailedSource<T>(run, down, failure).start());
  }

  /**
   * The elements of an iterable, from the first request on. Each element is asked for when the one
   * before has been sent.
   */
  public static <T> Stream<T> from(Iterable<? extends T> elements) {
    requireNonNull(elements, "elements");
    return from(elements, null);
  }

  private static <T> Stream<T> from(
      Iterable<? extends T> elements, BiConsumer<? super T, Throwable> disposal) {
    return new Stream<>(
        (run, down) -> new IteratorSource<T>(run, down, elements, disposal).start());
  }

  /**
   * A first element, the result of a function of it, the result of the function of that one, and so
   * on without end.
   */
  public static <T> Stream<T> iterate(T first, UnaryOperator<T> next) {
    requireNonNull(first, "first");
    requireNonNull(next, "next");
    return from(() -> iterator(first, next));
  }

  private static <T> Iterator<T> iterator(T first, UnaryOperator<T> function) {
    return new Iterator<>() {
      private T last; // Null before the first.

      @Override
      public boolean hasNext() {
        return true;
      }

      @Override
      public T next() {
        last = last == null ? first : function.apply(last);
        return last;
      }
    };
  }

  /** The value of a future. The stream fails if the future does, or is discarded or abandoned. */
  public static <T> Stream<T> fromFuture(Future<? extends T> future) {
    requireNonNull(future, "future");
    return new Stream<>((run, down) -> new FutureSource<T>(run, down, future).start());
  }

  /**
   * The numbers of the intervals that have passed since the first request, from 0 on, each at the
   * end of its interval, by the clock of the thread that starts the stream. Numbers that had not
   * been requested by then are left out.
   *
   * @throws IllegalArgumentException if the interval is not positive
   */
  public static Stream<Long> ticks(Duration interval) {
    if (interval.isZero() || interval.isNegative()) {
      throw new IllegalArgumentException("interval not positive: " + interval);
    }
    return new Stream<>((run, down) -> new TickSource(run, down, interval).start());
  }

  /**
   * The elements that come out of a queue, without end; one element is taken for each one
   * requested. The stream fails if the queue is closed.
   */
  public static <T> Stream<T> fromQueue(Queue<? extends T> queue) {
    requireNonNull(queue, "queue");
    return new Stream<>((run, down) -> new QueueSource<T>(run, down, queue).start());
  }

  /** The bytes of a file, in chunks of 64 KiB. See {@link #file(Path, int)}. */
  public static Stream<Chunk> file(Path path) {
    return file(path, ChunkPool.SIZE);
  }

  /**
   * The bytes of a file, which is opened with the first request. They are read on the runtime's own
   * threads for blocking calls, and the stages below run there too. If the next stage is a socket
   * without TLS, or the body of an HTTP message on one, nothing is read: the system sends the file.
   * Its size is then the one at the time it was opened, and the stream fails if the file becomes
   * shorter.
   *
   * @param chunk how many bytes are read at once
   * @throws IllegalArgumentException if the size of chunks is not in 1..65536
   */
  public static Stream<Chunk> file(Path path, int chunk) {
    requireNonNull(path, "path");
    if (chunk < 1 || chunk > ChunkPool.SIZE) {
      throw new IllegalArgumentException("chunk not in 1.." + ChunkPool.SIZE + ": " + chunk);
    }
    return new Stream<>((run, down) -> new FileSource(run, down, path, chunk).start());
  }

  /**
   * The elements of a publisher, which is subscribed to with the first request or with a cancel.
   */
  public static <T> Stream<T> fromPublisher(Flow.Publisher<? extends T> publisher) {
    return fromPublisher(publisher, Flow.defaultBufferSize());
  }

  /**
   * Like {@link #fromPublisher(Flow.Publisher)}, with a given capacity.
   *
   * @param capacity how many elements are asked for in advance, 256 at most
   * @throws IllegalArgumentException if it is not in 1..256
   */
  public static <T> Stream<T> fromPublisher(Flow.Publisher<? extends T> publisher, int capacity) {
    requireNonNull(publisher, "publisher");
    if (capacity > Flow.defaultBufferSize()) {
      throw new IllegalArgumentException(
          "capacity > " + Flow.defaultBufferSize() + ": " + capacity);
    }
    BufferSize<T> size = BufferSize.elements(capacity);
    return new Stream<>(
        (run, down) ->
            FlowInput.start(publisher, new BufferStage<T>(run, down, size, false).input()));
  }

  /* ---------------- Several streams ---------------- */

  /**
   * The elements of several streams as they arrive, in turn if more than one has any. Up to 16
   * elements of each are held. The result ends when all streams have ended; a failure of one
   * cancels the others.
   */
  @SafeVarargs
  @SuppressWarnings("varargs") // It is only read.
  public static <T> Stream<T> merge(Stream<? extends T>... streams) {
    return merge(Arrays.asList(streams));
  }

  /** Like {@link #merge(Stream[])}. */
  public static <T> Stream<T> merge(List<? extends Stream<? extends T>> streams) {
    List<Source<? extends T>> sources = new ArrayList<>();
    for (Stream<? extends T> stream : streams) {
      sources.add(stream.use());
    }
    return new Stream<>((run, down) -> new MergeStage<T>(run, down, CAPACITY, sources).start());
  }

  /**
   * The elements of several streams, one stream after the other. If it ends before one of them is
   * reached, that one is cancelled.
   */
  @SafeVarargs
  @SuppressWarnings("varargs") // It is only read.
  public static <T> Stream<T> concat(Stream<? extends T>... streams) {
    return concat(Arrays.asList(streams));
  }

  /** Like {@link #concat(Stream[])}. */
  public static <T> Stream<T> concat(List<? extends Stream<? extends T>> streams) {
    List<Source<? extends T>> sources = new ArrayList<>();
    for (Stream<? extends T> stream : streams) {
      sources.add(stream.use());
    }
    if (sources.isEmpty()) {
      return empty();
    }
    return new Stream<>(
        (run, down) -> {
          // A source that is not reached releases what it holds.
          BiConsumer<Source<? extends T>, Throwable> disposal =
              (source, cause) -> Unwanted.cancel(source, run, cause);
          Downstream<Source<? extends T>> stage =
              new ConcatMapStage<>(run, down, source -> source, disposal);
          new IteratorSource<>(run, stage, sources, disposal).start();
        });
  }

  /**
   * The results of a function of the first elements of two streams, of their second ones, and so
   * on. The result ends with the first stream that ends, and cancels the other one.
   *
   * @param function must not return null
   */
  public static <A, B, C> Stream<C> zip(
      Stream<? extends A> left,
      Stream<? extends B> right,
      CheckedBiFunction<? super A, ? super B, ? extends C> function) {
    requireNonNull(function, "function");
    Source<? extends A> a = left.use();
    Source<? extends B> b = right.use();
    return new Stream<>((run, down) -> new ZipStage<A, B, C>(run, down, a, b, function).start());
  }

  /**
   * Makes several streams, each of which has all elements of this one. The slowest sets the pace:
   * an element is requested when all of them have requested it, so each of them must be used. A
   * cancelled one no longer counts, and cancelling the last one cancels this stream.
   *
   * @throws IllegalArgumentException if the number is not positive
   */
  public List<Stream<T>> broadcast(int count) {
    Transform.requirePositive("count", count);
    List<Stream<T>> streams = new ArrayList<>();
    for (Source<T> branch : new Broadcast<>(use(), count).branches()) {
      streams.add(new Stream<>(branch));
    }
    return streams;
  }

  /* ---------------- Composition ---------------- */

  /** Sends the elements of this stream through a transform. */
  public <U> Stream<U> via(Transform<? super T, U> transform) {
    Operator<? super T, U> operator = transform.operator();
    Source<T> above = use();
    return new Stream<>((run, down) -> above.start(run, operator.stage(run, down)));
  }

  /** Short for {@code via(Transform.map(function))}. */
  public <U> Stream<U> map(CheckedFunction<? super T, ? extends U> function) {
    return via(Transform.map(function));
  }

  /** Short for {@code via(Transform.filter(condition))}. */
  public Stream<T> filter(CheckedFunction<? super T, Boolean> condition) {
    return via(Transform.filter(condition));
  }

  /**
   * Runs the stream into a sink.
   *
   * @return the sink's result; discarding it cancels the stream
   */
  public <R> Future<R> to(Sink<? super T, R> sink) {
    return Start.flow(use(), sink.drain());
  }

  /** Runs the stream into a pipe for 16 elements, and returns its reader. */
  public Pipe.Reader<T> reader() {
    Pipe<T> pipe = new Pipe<>(CAPACITY);
    to(Sink.writer(pipe));
    return pipe.reader();
  }

  /**
   * A publisher for one subscriber, whose subscription starts the stream; others are refused. The
   * subscriber must release elements that are {@link Chunk}s.
   */
  public Flow.Publisher<T> toPublisher() {
    return new OncePublisher<>(use());
  }
}

package io.libprocess.stream;

import static java.util.Objects.requireNonNull;

import io.libprocess.future.CheckedBiFunction;
import io.libprocess.future.CheckedConsumer;
import io.libprocess.future.CheckedFunction;
import io.libprocess.future.Future;
import io.libprocess.stream.bytes.FileSink;
import io.libprocess.stream.ends.FoldSink;
import io.libprocess.stream.ends.ForEachAsyncSink;
import io.libprocess.stream.ends.ForEachSink;
import io.libprocess.stream.ends.HeadSink;
import io.libprocess.stream.ends.IgnoreSink;
import io.libprocess.stream.ends.ListSink;
import io.libprocess.stream.stage.Drain;
import io.libprocess.sync.Queue;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A description of the end of a pipeline: it may be used for any number of streams, each of which
 * gives its own result. See {@link Stream#to}.
 *
 * <p>Functions run on the thread that brings the element and must not block. An exception of a
 * function fails the result and cancels the stream with that cause.
 *
 * @param <T> the type of the elements
 * @param <R> the type of the result
 */
public final class Sink<T, R> {

  private final Drain<T, R> drain;

  Sink(Drain<T, R> drain) {
    this.drain = drain;
  }

  Drain<T, R> drain() {
    return drain;
  }

  /** Passes each element to a function. */
  public static <T> Sink<T, Void> forEach(CheckedConsumer<? super T> function) {
    requireNonNull(function, "function");
    return new Sink<>(run -> new ForEachSink<>(run, function));
  }

  /**
   * Passes each element to a function that returns a future; up to a number of these are pending at
   * the same time. If one fails, is discarded or is abandoned, the result fails, and the others are
   * discarded.
   *
   * @throws IllegalArgumentException if the number is not positive
   */
  public static <T> Sink<T, Void> forEachAsync(
      int most, CheckedFunction<? super T, ? extends Future<?>> function) {
    requireNonNull(function, "function");
    Transform.requirePositive("most", most);
    return new Sink<>(run -> new ForEachAsyncSink<>(run, most, function));
  }

  /**
   * Combines all elements by a function of the value so far and the next element.
   *
   * @param first the value before the first element; each use of the sink starts with it
   * @param function must not return null
   */
  public static <T, R> Sink<T, R> fold(
      R first, CheckedBiFunction<? super R, ? super T, ? extends R> function) {
    requireNonNull(first, "first");
    requireNonNull(function, "function");
    return new Sink<>(run -> new FoldSink<>(run, first, function));
  }

  /**
   * Collects all elements; fails if there are more than {@code most}.
   *
   * @throws IllegalArgumentException if {@code most} is negative
   */
  public static <T> Sink<T, List<T>> toList(int most) {
    if (most < 0) {
      throw new IllegalArgumentException("most < 0: " + most);
    }
    return new Sink<>(run -> new ListSink<>(run, most));
  }

  /** Takes the first element, empty if there is none; cancels the rest. */
  public static <T> Sink<T, Optional<T>> head() {
    return new Sink<>(HeadSink::new);
  }

  /** Waits for the end and drops the elements. */
  public static <T> Sink<T, Void> ignore() {
    return new Sink<>(IgnoreSink::new);
  }

  /**
   * Puts the elements into a queue, each when the one before is accepted. A queue without a
   * capacity takes all of them at once, however many there are. The queue's consumer does not learn
   * of the end.
   */
  public static <T> Sink<T, Void> intoQueue(Queue<? super T> queue) {
    requireNonNull(queue, "queue");
    return forEachAsync(1, queue::put);
  }

  /**
   * Writes the elements into a pipe, each when the one before is accepted, and ends the writing as
   * the stream ends; a discard of the result ends it with a failure. When the reader is closed, the
   * stream is cancelled: the result fails with the reader's cause or, if there is none, is a
   * success.
   */
  public static <T> Sink<T, Void> writer(Pipe<T> pipe) {
    PipeState<T> state = pipe.state();
    return new Sink<>(run -> new PipeSink<>(run, state));
  }

  /**
   * Writes the elements into a pipe of which only the writer is at hand; see {@link #writer(Pipe)}.
   */
  public static <T> Sink<T, Void> writer(Pipe.Writer<T> writer) {
    PipeState<T> state = writer.state();
    return new Sink<>(run -> new PipeSink<>(run, state));
  }

  /**
   * Writes bytes to a file; the result is their number. The file is opened when the first bytes
   * arrive, or at the end. It is written on the runtime's own threads for blocking calls. The
   * result is ready when the file is closed, or when an unfinished one has been removed.
   */
  public static Sink<Chunk, Long> file(Path path, FileMode mode) {
    requireNonNull(path, "path");
    requireNonNull(mode, "mode");
    return new Sink<>(run -> new FileSink(run, path, mode));
  }

  /** Makes a subscriber that fills this sink once. */
  public StreamSubscriber<T, R> toSubscriber() {
    return new StreamSubscriber<>(drain);
  }
}

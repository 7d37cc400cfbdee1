package io.libprocess.stream.access;

import io.libprocess.internal.ContextSlot;
import io.libprocess.stream.Sink;
import io.libprocess.stream.Stream;
import io.libprocess.stream.Transform;
import io.libprocess.stream.stage.Door;
import io.libprocess.stream.stage.Drain;
import io.libprocess.stream.stage.Operator;
import io.libprocess.stream.stage.Run;
import io.libprocess.stream.stage.Source;
import io.libprocess.stream.stage.Unwanted;

/**
 * Converts stages written by packages above {@code stream} to streams, transforms and sinks, and
 * back. May be used by any thread.
 */
public final class Streams {

  private static final Door DOOR;

  static {
    Stream.empty(); // Any use will do: Stream passes in the access when its class is initialized.
    DOOR = Door.get();
  }

  private Streams() {}

  /** Makes a stream of a source. */
  @SuppressWarnings("unchecked") // The result is a stream of the source's elements.
  public static <T> Stream<T> stream(Source<T> source) {
    return (Stream<T>) DOOR.stream(source);
  }

  /**
   * Returns the source of a stream, which counts as its use.
   *
   * @throws IllegalStateException if the stream was used before
   */
  @SuppressWarnings("unchecked") // The source has the stream's elements.
  public static <T> Source<T> source(Stream<T> stream) {
    return (Source<T>) DOOR.source(stream);
  }

  /** Cancels a stream that nobody will use; does nothing if it is in use. */
  public static void refuse(Stream<?> stream) {
    Source<?> source;
    try {
      source = source(stream);
    } catch (IllegalStateException used) {
      return; // Its user is responsible for it.
    }
    Run<Void> run = new Run<>();
    Unwanted.cancel(source, run, null);
    run.discard();
  }

  /**
   * A stream whose functions run in the current context, wherever it is started; that itself if
   * there is none. Otherwise this counts as its use.
   *
   * @throws IllegalStateException if the stream was used before
   */
  public static <T> Stream<T> inContext(Stream<T> stream) {
    Object context = ContextSlot.get();
    if (context == null) {
      return stream;
    }
    Source<T> source = source(stream);
    return stream(
        (run, down) -> {
          run.enter(context);
          source.start(run, down);
        });
  }

  /** A transform of an operator. */
  @SuppressWarnings("unchecked") // The door makes a transform from and to the operator's elements.
  public static <A, B> Transform<A, B> transform(Operator<A, B> operator) {
    return (Transform<A, B>) DOOR.transform(operator);
  }

  /** Makes a sink of a drain. */
  @SuppressWarnings("unchecked") // The sink has the same elements and result.
  public static <T, R> Sink<T, R> sink(Drain<T, R> drain) {
    return (Sink<T, R>) DOOR.sink(drain);
  }

  /** Returns the drain of a sink. */
  @SuppressWarnings("unchecked") // The drain has the sink's types.
  public static <T, R> Drain<T, R> drain(Sink<T, R> sink) {
    return (Drain<T, R>) DOOR.drain(sink);
  }
}

package io.libprocess.stream.access;

import io.libprocess.stream.Sink;
import io.libprocess.stream.Stream;
import io.libprocess.stream.Transform;
import io.libprocess.stream.stage.Door;
import io.libprocess.stream.stage.Drain;
import io.libprocess.stream.stage.Operator;
import io.libprocess.stream.stage.Source;

/**
 * Makes streams, transforms and sinks of the stages that rooms above {@code stream} have written,
 * and the other way round. May be used by any thread.
 */
public final class Streams {

  private static final Door DOOR;

  static {
    Stream.empty(); // Or any other use: when its class is initialized it gives the door.
    DOOR = Door.get();
  }

  private Streams() {}

  /** A stream of a source. */
  @SuppressWarnings("unchecked") // The door makes a stream of the source's elements.
  public static <T> Stream<T> stream(Source<T> source) {
    return (Stream<T>) DOOR.stream(source);
  }

  /**
   * The source of a stream, which counts as its use.
   *
   * @throws IllegalStateException if the stream was used before
   */
  @SuppressWarnings("unchecked") // The door gives what the stream was made of.
  public static <T> Source<T> source(Stream<T> stream) {
    return (Source<T>) DOOR.source(stream);
  }

  /** A transform of an operator. */
  @SuppressWarnings("unchecked") // The door makes a transform from and to the operator's elements.
  public static <A, B> Transform<A, B> transform(Operator<A, B> operator) {
    return (Transform<A, B>) DOOR.transform(operator);
  }

  /** A sink. */
  @SuppressWarnings("unchecked") // The door makes a sink for the same elements and result.
  public static <T, R> Sink<T, R> sink(Drain<T, R> drain) {
    return (Sink<T, R>) DOOR.sink(drain);
  }

  /** What a sink is made of. */
  @SuppressWarnings("unchecked") // The door gives what the sink was made of.
  public static <T, R> Drain<T, R> drain(Sink<T, R> sink) {
    return (Drain<T, R>) DOOR.drain(sink);
  }
}

package io.libprocess.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.libprocess.future.Failure;
import io.libprocess.future.Future;
import io.libprocess.sync.RateLimiter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The common behaviour of all operators that pass on their elements. */
class OperatorTest {

  /**
   * An operator.
   *
   * @param ahead how many elements it requests beyond those requested of it
   */
  private record Op(String name, int ahead, UnaryOperator<Stream<Integer>> apply) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Op via(String name, int ahead, Transform<Integer, Integer> transform) {
    return new Op(name, ahead, stream -> stream.via(transform));
  }

  static List<Op> operators() {
    return List.of(
        via("map", 0, Transform.map(i -> i)),
        via("tap", 0, Transform.tap(i -> {})),
        via("filter", 0, Transform.filter(i -> true)),
        via("drop", 0, Transform.drop(0)),
        via("take", 0, Transform.take(1_000_000)),
        via("takeWhile", 0, Transform.takeWhile(i -> true)),
        via("scan", 0, Transform.scan(0, (last, i) -> i)),
        via("mapAsync", 3, Transform.mapAsync(3, i -> Future.of(i))),
        via("mapAsyncUnordered", 3, Transform.mapAsyncUnordered(3, i -> Future.of(i))),
        via("concatMap", 1, Transform.concatMap(i -> Stream.of(i))),
        via("recover", 0, Transform.recover(Stream::failed)),
        via("buffer", 5, Transform.buffer(5)),
        via("buffer by weight", 3, Transform.buffer(4L, i -> 1)),
        via("failFast", 5, Transform.failFast(5)),
        via("on", 4, Transform.on(Runnable::run, 4)),
        via("throttle", 0, Transform.throttle(new RateLimiter(1, Duration.ofNanos(1), 1_000))),
        via("timeoutFirst", 0, Transform.timeoutFirst(Duration.ofHours(1))),
        via("timeoutIdle", 0, Transform.timeoutIdle(Duration.ofHours(1))),
        via("timeoutTotal", 0, Transform.timeoutTotal(Duration.ofHours(1))),
        via("onTermination", 0, Transform.onTermination(end -> {})),
        new Op("merge", 16, stream -> Stream.<Integer>merge(stream)),
        new Op("concat", 0, stream -> Stream.<Integer>concat(stream)),
        new Op("zip left", 0, stream -> Stream.zip(stream, numbers(), (a, b) -> a)),
        new Op("zip right", 0, stream -> Stream.zip(numbers(), stream, (a, b) -> b)),
        new Op("broadcast", 0, stream -> stream.broadcast(1).get(0)),
        new Op("reader", 17, stream -> stream.reader().stream()),
        new Op("publisher", 6, stream -> Stream.fromPublisher(stream.toPublisher(), 6)));
  }

  private static Stream<Integer> numbers() {
    return Stream.iterate(0, i -> i + 1);
  }

  private static Stream<Integer> count(int count) {
    return Stream.from(IntStream.range(0, count).boxed().toList());
  }

  @ParameterizedTest
  @MethodSource("operators")
  void operator_sendsAllInOrder(Op operator) {
    List<Integer> all = operator.apply.apply(count(100)).to(Sink.toList(100)).get();

    assertEquals(IntStream.range(0, 100).boxed().toList(), all);
  }

  @ParameterizedTest
  @MethodSource("operators")
  void operator_asksForNoMoreThanItHasRoomFor(Op operator) {
    AtomicInteger produced = new AtomicInteger();
    Probe<Integer> probe = new Probe<>(0);
    probe.run(operator.apply.apply(numbers().via(Transform.tap(i -> produced.incrementAndGet()))));
    if (!operator.name.equals("reader")) { // Which starts by itself.
      assertEquals(0, produced.get());
    }
    probe.request(2);
    assertEquals(List.of(0, 1), probe.elements());
    assertTrue(produced.get() <= 2 + operator.ahead, produced + " were produced");
    probe.request(40);
    assertEquals(42, probe.elements().size());
    assertTrue(produced.get() <= 42 + operator.ahead, produced + " were produced");
    probe.cancel(null);
    int before = produced.get();
    probe.request(100);
    assertEquals(before, produced.get());
  }

  @ParameterizedTest
  @MethodSource("operators")
  void operator_passesOnTheCauseOfACancel(Op operator) {
    assumeFalse(operator.name.equals("publisher")); // A subscription has none.
    Failure cause = new Failure("disk full");
    Probe.Cancelled cancelled = new Probe.Cancelled();
    Probe<Integer> probe = new Probe<>(1);
    probe.run(operator.apply.apply(numbers().via(cancelled.watch())));
    probe.cancel(cause);

    assertSame(cause, cancelled.cause());
    assertEquals("", probe.end());
  }

  @ParameterizedTest
  @MethodSource("operators")
  void operator_passesOnACancelWithoutACause(Op operator) {
    Probe.Cancelled cancelled = new Probe.Cancelled();
    Probe<Integer> probe = new Probe<>(1);
    probe.run(operator.apply.apply(numbers().via(cancelled.watch())));
    assertFalse(cancelled.happened());
    probe.cancel(null);

    assertTrue(cancelled.happened());
    assertSame(null, cancelled.cause());
  }

  @ParameterizedTest
  @MethodSource("operators")
  void operator_passesOnAFailureAfterTheElements(Op operator) {
    assumeFalse(operator.name.equals("failFast")); // That does not come after them.
    Failure failure = new Failure("reset");
    Probe<Integer> probe = new Probe<>(Long.MAX_VALUE);
    probe.run(operator.apply.apply(Stream.concat(count(3), Stream.failed(failure))));

    assertEquals("fail", probe.end());
    assertSame(failure, probe.failure());
    assertEquals(List.of(0, 1, 2), probe.elements());
  }

  @ParameterizedTest
  @MethodSource("operators")
  void operator_failsIfNothingIsRequested(Op operator) {
    Probe<Integer> probe = new Probe<>(1);
    probe.run(operator.apply.apply(numbers()));
    probe.request(0);

    assertEquals("fail", probe.end());
    assertInstanceOf(IllegalArgumentException.class, probe.failure());
  }

  @ParameterizedTest
  @MethodSource("operators")
  void operator_addsDemandUpToTheLimit(Op operator) {
    Probe<Integer> probe = new Probe<>(0);
    probe.run(
        operator.apply.apply(Stream.concat(Stream.of(0), new Pipe<Integer>(1).reader().stream())));
    probe.request(Long.MAX_VALUE - 1);
    probe.request(Long.MAX_VALUE - 1);

    assertEquals(List.of(0), probe.elements());
    assertEquals("", probe.end());
    probe.cancel(null);
  }

  @ParameterizedTest
  @MethodSource("operators")
  void operator_endsWithTheDiscardOfTheResult(Op operator) {
    Pipe<Integer> pipe = new Pipe<>(1);
    Future<Void> result = operator.apply.apply(pipe.reader().stream()).to(Sink.ignore());
    pipe.writer().write(1);
    result.discard();

    assertTrue(result.isDiscarded());
    assertTrue(pipe.writer().readerClosed().isReady());
  }
}

package io.libprocess.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Failure;
import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.support.SmallStack;
import io.libprocess.sync.Queue;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Pipelines on one thread: composition, ends, results. */
class StreamTest {

  private static final int MOST = 1000;

  private static <T> List<T> list(Stream<T> stream) {
    return stream.to(Sink.toList(MOST)).get();
  }

  private static Stream<Integer> count(int count) {
    return Stream.from(IntStream.range(0, count).boxed().toList());
  }

  /* ------ Composition ------ */

  @Test
  void stream_mapsFiltersAndFolds() {
    Future<Integer> sum =
        count(10).map(i -> i * 2).filter(i -> i % 4 == 0).to(Sink.fold(0, Integer::sum));

    assertEquals(40, sum.get());
  }

  @Test
  void stream_mayBeUsedOnce() {
    Stream<Integer> stream = count(3);
    stream.map(i -> i);

    assertThrows(IllegalStateException.class, () -> stream.to(Sink.ignore()));
    assertThrows(IllegalStateException.class, stream::toPublisher);
    assertThrows(IllegalStateException.class, stream::reader);
    assertThrows(IllegalStateException.class, () -> Stream.merge(stream));
  }

  @Test
  void transformsAndSinks_mayBeUsedAgain() {
    Transform<Integer, Integer> two = Transform.<Integer>take(2).then(Transform.map(i -> i + 1));
    Sink<Integer, List<Integer>> sink = two.to(Sink.toList(MOST));

    assertEquals(List.of(1, 2), count(5).to(sink).get());
    assertEquals(List.of(1, 2), count(5).to(sink).get());
    assertEquals(List.of(1, 2), list(count(5).via(two)));
  }

  @Test
  void transform_ofASupertypeFits() {
    Transform<Object, String> text = Transform.map(Object::toString);

    assertEquals(List.of("0", "1"), list(count(2).via(text)));
  }

  /* ------ Sources ------ */

  @Test
  void sources_ofElements() {
    assertEquals(List.of(), list(Stream.of()));
    assertEquals(List.of(1, 2), list(Stream.of(1, 2)));
    assertEquals(List.of(1, 2, 4), list(Stream.iterate(1, i -> i * 2).via(Transform.take(3))));
    assertThrows(NullPointerException.class, () -> Stream.of(1, null));
  }

  @Test
  void from_asksForTheIteratorWithTheFirstRequest() {
    AtomicInteger asked = new AtomicInteger();
    Iterable<Integer> elements =
        () -> {
          asked.incrementAndGet();
          return List.of(1).iterator();
        };
    Probe<Integer> probe = new Probe<>(0);
    probe.run(Stream.from(elements));

    assertEquals(0, asked.get());
    probe.request(1);
    assertEquals(List.of(1), probe.elements());
    assertEquals("complete", probe.end());
  }

  @Test
  void from_failsIfTheIteratorThrows() {
    Failure broken = new Failure("broken");
    Iterable<Integer> elements =
        () ->
            new Iterator<>() {
              private int given;

              @Override
              public boolean hasNext() {
                return true;
              }

              @Override
              public Integer next() {
                if (given++ == 2) {
                  throw broken;
                }
                return given;
              }
            };
    List<Integer> seen = new ArrayList<>();

    assertSame(broken, Stream.from(elements).to(Sink.forEach(seen::add)).failure());
    assertEquals(List.of(1, 2), seen);
  }

  @Test
  void fromFuture_sendsTheValueWhenItIsThere() {
    Promise<Integer> promise = new Promise<>();
    Future<List<Integer>> all = Stream.fromFuture(promise.future()).to(Sink.toList(MOST));
    assertTrue(all.isPending());
    promise.set(7);

    assertEquals(List.of(7), all.get());
  }

  @Test
  void fromFuture_failsWithTheFuture() {
    Failure failure = new Failure("no");

    assertSame(failure, Stream.fromFuture(Future.failed(failure)).to(Sink.ignore()).failure());
    assertEquals(
        "the future was discarded",
        Stream.fromFuture(Future.discarded()).to(Sink.ignore()).failure().getMessage());
    assertEquals(
        "the future was abandoned",
        Stream.fromFuture(Future.abandoned()).to(Sink.ignore()).failure().getMessage());
  }

  @Test
  void fromFuture_cancelDiscardsTheFuture() {
    Promise<Integer> promise = new Promise<>();
    Future<Void> result = Stream.fromFuture(promise.future()).to(Sink.ignore());
    result.discard();

    assertTrue(promise.future().hasDiscard());
    assertTrue(result.isDiscarded());
  }

  @Test
  void fromQueue_takesOneForEachThatIsAskedFor() {
    Queue<Integer> queue = new Queue<>();
    IntStream.range(0, 5).forEach(queue::put);
    Probe<Integer> probe = new Probe<>(2);
    probe.run(Stream.fromQueue(queue));

    assertEquals(List.of(0, 1), probe.elements());
    assertEquals(3, queue.size());
    probe.cancel(null);
    assertEquals(3, queue.size());
  }

  @Test
  void fromQueue_cancelLeavesTheNextElement() {
    Queue<Integer> queue = new Queue<>();
    Future<Void> result = Stream.fromQueue(queue).to(Sink.ignore());
    result.discard();
    queue.put(1);

    assertTrue(result.isDiscarded());
    assertEquals(1, queue.size());
  }

  @Test
  void fromQueue_failsWhenTheQueueIsClosed() {
    Queue<Integer> queue = new Queue<>();
    Future<Void> result = Stream.fromQueue(queue).to(Sink.ignore());
    queue.close();

    assertEquals("the queue was closed", result.failure().getMessage());
  }

  /* ------ Sinks ------ */

  @Test
  void sinks_giveTheirResults() {
    assertEquals(Optional.of(0), count(3).to(Sink.head()).get());
    assertEquals(Optional.empty(), count(0).to(Sink.head()).get());
    assertEquals(List.of(0, 1, 2), count(3).to(Sink.toList(3)).get());
    assertTrue(count(3).to(Sink.ignore()).isReady());
  }

  @Test
  void toList_failsIfThereAreTooMany() {
    Probe.Cancelled cancelled = new Probe.Cancelled();
    Future<List<Integer>> all =
        Stream.iterate(0, i -> i + 1).via(cancelled.watch()).to(Sink.toList(3));

    assertEquals("there are more than 3 elements", all.failure().getMessage());
    assertSame(all.failure(), cancelled.cause());
  }

  @Test
  void forEachAsync_keepsToTheNumber() {
    List<Promise<Void>> open = new ArrayList<>();
    Future<Void> result =
        count(5)
            .to(
                Sink.forEachAsync(
                    2,
                    i -> {
                      open.add(new Promise<>());
                      return open.get(i).future();
                    }));

    assertEquals(2, open.size());
    open.get(1).set(null);
    assertEquals(3, open.size());
    open.get(0).set(null);
    open.get(2).set(null);
    open.get(3).set(null);
    assertTrue(result.isPending());
    open.get(4).set(null);
    assertTrue(result.isReady());
  }

  @Test
  void forEachAsync_failureDiscardsTheOthers() {
    Failure failure = new Failure("full");
    Promise<Void> first = new Promise<>();
    Promise<Void> second = new Promise<>();
    Future<Void> result =
        Stream.of(first, second).to(Sink.forEachAsync(2, promise -> promise.future()));
    second.fail(failure);

    assertSame(failure, result.failure());
    assertTrue(first.future().hasDiscard());
  }

  @Test
  void intoQueue_waitsForRoom() {
    Queue<Integer> queue = new Queue<>(1);
    Future<Void> result = count(3).to(Sink.intoQueue(queue));
    assertTrue(result.isPending());

    assertEquals(0, queue.get().get());
    assertEquals(1, queue.get().get());
    assertTrue(result.isReady());
    assertEquals(2, queue.get().get());
  }

  /* ------ Ends ------ */

  @Test
  void stage_thatThrowsCancelsAboveAndFailsBelow() {
    Failure failure = new Failure("odd");
    Probe.Cancelled cancelled = new Probe.Cancelled();
    Future<Void> result =
        count(5)
            .via(cancelled.watch())
            .map(
                i -> {
                  if (i == 3) {
                    throw failure;
                  }
                  return i;
                })
            .to(Sink.ignore());

    assertSame(failure, result.failure());
    assertSame(failure, cancelled.cause());
  }

  @Test
  void sink_thatThrowsCancelsWithTheCause() {
    Failure failure = new Failure("disk full");
    Probe.Cancelled cancelled = new Probe.Cancelled();
    Future<Void> result =
        count(5)
            .via(cancelled.watch())
            .to(
                Sink.forEach(
                    i -> {
                      throw failure;
                    }));

    assertSame(failure, result.failure());
    assertSame(failure, cancelled.cause());
  }

  @Test
  void discard_cancelsTheSourceWithoutACause() {
    Pipe<Integer> pipe = new Pipe<>(4);
    Future<Void> result = pipe.reader().stream().map(i -> i + 1).to(Sink.ignore());
    result.discard();

    assertTrue(result.isDiscarded());
    assertEquals(Optional.empty(), pipe.writer().readerClosed().get());
  }

  @Test
  void discard_isIgnoredAfterTheEnd() {
    Future<Integer> result = count(3).to(Sink.fold(0, Integer::sum));
    assertFalse(result.discard());
    assertEquals(3, result.get());
  }

  @Test
  void cause_reachesTheWriterOfAPipe() {
    Failure failure = new Failure("disk full");
    Pipe<Integer> pipe = new Pipe<>(4);
    Future<Void> result =
        pipe.reader().stream()
            .to(
                Sink.forEach(
                    i -> {
                      throw failure;
                    }));
    pipe.writer().write(1);

    assertSame(failure, result.failure());
    assertSame(failure, pipe.writer().readerClosed().get().orElseThrow());
  }

  @Test
  void pipe_endComesWithoutDemand() {
    Pipe<Integer> pipe = new Pipe<>(4);
    Probe<Integer> probe = new Probe<>(1);
    probe.run(pipe.reader().stream());
    pipe.writer().write(1);
    assertEquals(List.of(1), probe.elements());
    assertEquals("", probe.end());
    pipe.writer().close();

    assertEquals("complete", probe.end());
  }

  @Test
  void pipe_ofCapacityZeroMeetsTheDemandOfAStream() {
    Pipe<Integer> pipe = new Pipe<>(0);
    Probe<Integer> probe = new Probe<>(1);
    probe.run(pipe.reader().stream());

    assertTrue(pipe.writer().offer(1));
    assertFalse(pipe.writer().offer(2));
    assertEquals(List.of(1), probe.elements());
  }

  @Test
  void writer_holdsTheSourceBack() {
    AtomicInteger produced = new AtomicInteger();
    Pipe<Integer> pipe = new Pipe<>(3);
    Future<Void> result =
        count(10).via(Transform.tap(i -> produced.incrementAndGet())).to(Sink.writer(pipe));

    assertEquals(4, produced.get()); // Three in the pipe and one in hand.
    assertEquals(10, pipe.reader().toList().get().size());
    assertTrue(result.isReady());
  }

  @Test
  void writer_isCancelledByTheReader() {
    Failure failure = new Failure("gone");
    Pipe<Integer> idle = new Pipe<>(3);
    Pipe<Integer> pipe = new Pipe<>(3);
    Probe.Cancelled cancelled = new Probe.Cancelled();
    Future<Void> result =
        idle.reader().stream().via(cancelled.<Integer>watch()).to(Sink.writer(pipe));
    pipe.reader().close(failure);

    assertSame(failure, result.failure());
    assertSame(failure, cancelled.cause());
    assertSame(failure, idle.writer().readerClosed().get().orElseThrow());
  }

  @Test
  void reader_startsTheStream() {
    Pipe.Reader<Integer> reader = count(100).reader();

    assertEquals(100, reader.toList().get().size());
  }

  @Test
  void reader_failsWithTheStream() {
    Failure failure = new Failure("reset");
    Pipe.Reader<Integer> reader = Stream.concat(count(2), Stream.<Integer>failed(failure)).reader();

    assertEquals(Optional.of(0), reader.read().get());
    assertEquals(Optional.of(1), reader.read().get());
    assertSame(failure, reader.read().failure());
  }

  /* ------ Stack ------ */

  @Test
  void million_throughFiftyFusedStagesKeepsTheStack() throws InterruptedException {
    Stream<Integer> stream = Stream.iterate(0, i -> i + 1).via(Transform.take(1_000_000));
    for (int i = 0; i < 50; i++) {
      stream = i % 2 == 0 ? stream.map(x -> x + 1) : stream.filter(x -> x >= 0);
    }
    Stream<Integer> whole = stream;
    AtomicInteger last = new AtomicInteger();
    SmallStack.run(() -> last.set(whole.to(Sink.fold(0, (a, b) -> b)).get()));

    assertEquals(999_999 + 25, last.get());
  }
}

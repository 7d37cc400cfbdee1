package io.libprocess.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Failure;
import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.support.SmallStack;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Operators with several inputs or outputs, with policies, and with futures. */
class ManyStreamsTest {

  private static final Failure FAILURE = new Failure("reset");

  private final Pipe<Integer> left = new Pipe<>(16);
  private final Pipe<Integer> right = new Pipe<>(16);

  private static Stream<Integer> count(int count) {
    return Stream.from(IntStream.range(0, count).boxed().toList());
  }

  private static <T> List<T> list(Stream<T> stream) {
    return stream.to(Sink.toList(1_000_000)).get();
  }

  private static Optional<Throwable> closed(Pipe<?> pipe) {
    return pipe.writer().readerClosed().get();
  }

  /* ------ merge ------ */

  @Test
  void merge_takesInTurn() {
    Stream<Integer> merged = Stream.merge(Stream.of(1, 2, 3), Stream.of(10, 20), Stream.of(100));

    assertEquals(List.of(1, 10, 100, 2, 20, 3), list(merged));
  }

  @Test
  void merge_endsWhenAllHave() {
    Probe<Integer> probe = new Probe<>(10);
    probe.run(Stream.merge(left.reader().stream(), right.reader().stream()));
    left.writer().close();
    right.writer().write(1);
    assertEquals("", probe.end());
    right.writer().close();

    assertEquals("complete", probe.end());
    assertEquals(List.of(), list(Stream.<Integer>merge()));
  }

  @Test
  void merge_failureCancelsTheOthersAtOnceAndComesLast() {
    Probe<Integer> probe = new Probe<>(1);
    probe.run(Stream.merge(left.reader().stream(), right.reader().stream()));
    left.writer().write(1);
    right.writer().write(2);
    left.writer().fail(FAILURE);

    assertSame(FAILURE, closed(right).orElseThrow());
    assertEquals("", probe.end());
    probe.request(1);
    assertEquals(List.of(1, 2), probe.elements());
    assertSame(FAILURE, probe.failure());
  }

  /* ------ concat, concatMap ------ */

  @Test
  void concat_startsOneAfterTheOther() {
    List<String> started = new ArrayList<>();
    Iterable<Integer> second =
        () -> {
          started.add("second");
          return List.of(9).iterator();
        };
    Probe<Integer> probe = new Probe<>(1);
    probe.run(Stream.concat(left.reader().stream(), Stream.from(second)));
    left.writer().write(1);
    assertEquals(List.of(), started);
    probe.request(1);
    left.writer().close();

    assertEquals(List.of("second"), started);
    assertEquals(List.of(1, 9), probe.elements());
    assertEquals("complete", probe.end());
  }

  @Test
  void concatMap_ofAMillionStreamsKeepsTheStack() throws InterruptedException {
    AtomicInteger seen = new AtomicInteger();
    SmallStack.run(
        () ->
            Stream.iterate(0, i -> i + 1)
                .via(Transform.take(1_000_000))
                .via(Transform.concatMap(i -> i % 2 == 0 ? Stream.empty() : Stream.of(i)))
                .to(Sink.forEach(i -> seen.incrementAndGet())));

    assertEquals(500_000, seen.get());
  }

  @Test
  void concatMap_innerFailureFailsAll() {
    Probe.Cancelled outer = new Probe.Cancelled();
    Future<Void> result =
        count(3)
            .via(outer.watch())
            .via(Transform.concatMap(i -> Stream.<Integer>failed(FAILURE)))
            .to(Sink.ignore());

    assertSame(FAILURE, result.failure());
    assertSame(FAILURE, outer.cause());
  }

  @Test
  void concatMap_outerFailureComesAfterTheInnerStream() {
    Probe<Integer> probe = new Probe<>(10);
    probe.run(left.reader().stream().via(Transform.concatMap(i -> right.reader().stream())));
    left.writer().write(1);
    left.writer().fail(FAILURE);
    right.writer().write(2);
    assertEquals("", probe.end());
    right.writer().close();

    assertEquals(List.of(2), probe.elements());
    assertSame(FAILURE, probe.failure());
  }

  /* ------ zip ------ */

  @Test
  void zip_endsWithTheFirst() {
    Probe<Integer> probe = new Probe<>(10);
    probe.run(Stream.zip(left.reader().stream(), right.reader().stream(), Integer::sum));
    left.writer().write(1);
    left.writer().write(2);
    right.writer().write(10);
    assertEquals(List.of(11), probe.elements());
    right.writer().close();

    assertEquals("complete", probe.end());
    assertEquals(Optional.empty(), closed(left));
  }

  @Test
  void zip_sendsThePairBeforeTheFailure() {
    Probe<Integer> probe = new Probe<>(10);
    probe.run(Stream.zip(left.reader().stream(), right.reader().stream(), Integer::sum));
    left.writer().write(1);
    left.writer().fail(FAILURE);
    assertEquals("", probe.end());
    right.writer().write(10);

    assertEquals(List.of(11), probe.elements());
    assertSame(FAILURE, probe.failure());
    assertSame(FAILURE, closed(right).orElseThrow());
  }

  /* ------ broadcast ------ */

  @Test
  void broadcast_slowestGoverns() {
    List<Stream<Integer>> both = left.reader().stream().broadcast(2);
    Probe<Integer> fast = new Probe<>(10);
    Probe<Integer> slow = new Probe<>(1);
    fast.run(both.get(0));
    slow.run(both.get(1));
    count(5).to(Sink.writer(left));

    assertEquals(List.of(0), fast.elements());
    assertEquals(List.of(0), slow.elements());
    slow.request(2);
    assertEquals(List.of(0, 1, 2), fast.elements());
    slow.cancel(FAILURE);
    assertEquals(List.of(0, 1, 2, 3, 4), fast.elements());
    assertEquals("complete", fast.end());
    assertEquals("", slow.end());
  }

  @Test
  void broadcast_lastCancelGoesUp() {
    List<Stream<Integer>> both = left.reader().stream().broadcast(2);
    Future<Void> first = both.get(0).to(Sink.ignore());
    Future<Void> second = both.get(1).to(Sink.ignore());
    first.discard();
    assertTrue(first.isDiscarded());
    assertTrue(left.writer().readerClosed().isPending());
    second.discard();

    assertTrue(second.isDiscarded());
    assertTrue(left.writer().readerClosed().isReady());
  }

  @Test
  void broadcast_givesEachItsOwnRight() {
    AtomicInteger released = new AtomicInteger();
    Stream<Chunk> source =
        count(3).map(i -> Chunk.lent(new byte[1], 0, 1, released::incrementAndGet));
    List<Stream<Chunk>> all = source.broadcast(3);
    Future<List<Chunk>> first = all.get(0).to(Sink.toList(10));
    Future<Void> second = all.get(1).to(Sink.ignore());
    assertTrue(second.isPending());
    Future<Void> third = all.get(2).to(Sink.ignore());

    assertTrue(second.isReady() && third.isReady());
    assertEquals(0, released.get());
    first.get().forEach(Chunk::release);
    assertEquals(3, released.get());
  }

  /* ------ Policies ------ */

  private Probe<Integer> overflowing(Overflow policy) {
    Probe<Integer> probe = new Probe<>(1);
    probe.run(count(6).via(Transform.buffer(2, policy)));
    return probe;
  }

  @Test
  void buffer_dropsTheOldest() {
    Probe<Integer> probe = overflowing(Overflow.DROP_OLDEST);
    probe.request(10);

    assertEquals(List.of(0, 4, 5), probe.elements());
    assertEquals("complete", probe.end());
  }

  @Test
  void buffer_dropsTheNewest() {
    Probe<Integer> probe = overflowing(Overflow.DROP_NEWEST);
    probe.request(10);

    assertEquals(List.of(0, 1, 2), probe.elements());
  }

  @Test
  void buffer_failsAfterWhatItHolds() {
    Probe<Integer> probe = overflowing(Overflow.FAIL);
    assertEquals("", probe.end());
    probe.request(10);

    assertEquals(List.of(0, 1, 2), probe.elements());
    assertEquals("the buffer is full at 2 elements", probe.failure().getMessage());
  }

  @Test
  void buffer_holdsBack() {
    Probe<Integer> probe = overflowing(Overflow.BACKPRESSURE);
    probe.request(10);

    assertEquals(6, probe.elements().size());
  }

  @Test
  void failFast_dropsWhatItHolds() {
    Probe<Integer> probe = new Probe<>(1);
    probe.run(left.reader().stream().via(Transform.failFast(4)));
    left.writer().write(1);
    left.writer().write(2);
    left.writer().fail(FAILURE);

    assertEquals(List.of(1), probe.elements());
    assertSame(FAILURE, probe.failure());
  }

  @Test
  void pipe_failFastDropsWhatItHolds() {
    left.failFast();
    left.writer().write(1);
    left.writer().fail(FAILURE);

    assertSame(FAILURE, left.reader().read().failure());
    assertEquals(0, left.weight());
  }

  /* ------ Futures ------ */

  @Test
  void mapAsync_failsInOrderAndDiscardsTheRest() {
    List<Promise<Integer>> open =
        List.of(new Promise<>(), new Promise<>(), new Promise<>(), new Promise<>());
    Probe.Cancelled cancelled = new Probe.Cancelled();
    Probe<Integer> probe = new Probe<>(10);
    probe.run(
        Stream.iterate(0, i -> i + 1)
            .via(cancelled.watch())
            .via(Transform.mapAsync(3, i -> open.get(i).future())));
    open.get(1).fail(FAILURE);
    assertEquals("", probe.end());
    open.get(0).set(0);

    assertEquals(List.of(0), probe.elements());
    assertSame(FAILURE, probe.failure());
    assertSame(FAILURE, cancelled.cause());
    assertTrue(open.get(2).future().hasDiscard());
  }

  @Test
  void mapAsync_failsWithOneThatIsDiscardedOrAbandoned() {
    assertEquals(
        "a future was discarded",
        count(1)
            .via(Transform.mapAsync(1, i -> Future.discarded()))
            .to(Sink.ignore())
            .failure()
            .getMessage());
    assertEquals(
        "a future was abandoned",
        count(1)
            .via(Transform.mapAsync(1, i -> Future.abandoned()))
            .to(Sink.ignore())
            .failure()
            .getMessage());
    Promise<Integer> promise = new Promise<>();
    Future<Void> later =
        count(1).via(Transform.mapAsyncUnordered(1, i -> promise.future())).to(Sink.ignore());
    promise.abandon();
    assertEquals("a future was abandoned", later.failure().getMessage());
  }

  @Test
  void mapAsync_cancelDiscardsWhatIsPending() {
    Promise<Integer> promise = new Promise<>();
    for (Transform<Integer, Integer> transform :
        List.of(
            Transform.<Integer, Integer>mapAsync(2, i -> promise.future()),
            Transform.<Integer, Integer>mapAsyncUnordered(2, i -> promise.future()))) {
      Future<Void> result = count(3).via(transform).to(Sink.ignore());
      assertFalse(result.isDiscarded());
      result.discard();
      assertTrue(result.isDiscarded());
      assertTrue(promise.future().hasDiscard());
    }
  }

  @Test
  void mapAsyncUnordered_sendsAsTheyAreReady() {
    List<Promise<Integer>> open = List.of(new Promise<>(), new Promise<>(), new Promise<>());
    Probe<Integer> probe = new Probe<>(10);
    probe.run(count(3).via(Transform.mapAsyncUnordered(2, i -> open.get(i).future())));
    open.get(1).set(1);
    open.get(2).set(2);
    open.get(0).set(0);

    assertEquals(List.of(1, 2, 0), probe.elements());
    assertEquals("complete", probe.end());
  }

  /* ------ recover, onTermination ------ */

  @Test
  void recover_goesOnWithTheRestOfTheDemand() {
    Probe<Integer> probe = new Probe<>(3);
    probe.run(
        Stream.concat(count(2), Stream.<Integer>failed(FAILURE))
            .via(Transform.recover(failure -> Stream.iterate(100, i -> i + 1))));

    assertEquals(List.of(0, 1, 100), probe.elements());
    probe.request(1);
    assertEquals(List.of(0, 1, 100, 101), probe.elements());
    probe.cancel(null);
  }

  @Test
  void recover_keepsTheFailureIfItCannot() {
    Failure worse = new Failure("worse");
    Future<Void> result =
        Stream.<Integer>failed(FAILURE)
            .via(
                Transform.recover(
                    failure -> {
                      throw worse;
                    }))
            .to(Sink.ignore());

    assertSame(FAILURE, result.failure());
    assertTrue(List.of(FAILURE.getSuppressed()).contains(worse));
  }

  private static Termination terminationOf(Stream<Integer> stream, boolean discard) {
    List<Termination> seen = new ArrayList<>();
    Future<?> result = stream.via(Transform.onTermination(seen::add)).to(Sink.ignore());
    if (discard) {
      result.discard();
    }
    assertEquals(1, seen.size());
    return seen.get(0);
  }

  @Test
  void onTermination_saysHow() {
    assertEquals(
        new Termination(Termination.Kind.COMPLETE, Optional.empty()),
        terminationOf(count(2), false));
    assertEquals(
        new Termination(Termination.Kind.FAIL, Optional.of(FAILURE)),
        terminationOf(Stream.failed(FAILURE), false));
    assertEquals(
        new Termination(Termination.Kind.CANCEL, Optional.empty()),
        terminationOf(left.reader().stream(), true));
  }

  @Test
  void onTermination_thatThrowsFailsTheStream() {
    Future<Void> result =
        count(2)
            .via(
                Transform.onTermination(
                    end -> {
                      throw FAILURE;
                    }))
            .to(Sink.ignore());

    assertSame(FAILURE, result.failure());
  }

  /* ------ on ------ */

  @Test
  void on_failsIfTheExecutorRefuses() {
    Probe.Cancelled cancelled = new Probe.Cancelled();
    Future<Void> result =
        Stream.iterate(0, i -> i + 1)
            .via(cancelled.watch())
            .via(
                Transform.on(
                    task -> {
                      throw new RejectedExecutionException("closed");
                    }))
            .to(Sink.ignore());

    assertTrue(result.failure() instanceof RejectedExecutionException);
    assertTrue(cancelled.happened() || result.isFailed());
  }

  @Test
  void on_anExecutorThatRunsTasksWhereItIsGivenThemKeepsTheStack() throws InterruptedException {
    AtomicInteger seen = new AtomicInteger();
    SmallStack.run(
        () ->
            Stream.iterate(0, i -> i + 1)
                .via(Transform.take(1_000_000))
                .via(Transform.on(Runnable::run))
                .to(Sink.forEach(i -> seen.incrementAndGet())));

    assertEquals(1_000_000, seen.get());
  }

  @Test
  void buffer_byWeightHoldsNoMoreThanItsCapacity() {
    AtomicInteger produced = new AtomicInteger();
    Probe<Integer> probe = new Probe<>(0);
    probe.run(
        Stream.iterate(1, i -> i * 7 % 50 + 1)
            .via(Transform.tap(produced::addAndGet))
            .via(Transform.buffer(100L, i -> i)));
    int consumed = 0;
    for (int i = 0; i < 200; i++) {
      probe.request(1);
      List<Integer> all = probe.elements();
      consumed += all.get(all.size() - 1);
      int held = produced.get() - consumed;
      assertTrue(held <= 100, held + " is held");
    }
    probe.cancel(null);
  }

  @Test
  void on_yieldsToOthersOfTheExecutor() {
    List<Runnable> tasks = new ArrayList<>();
    AtomicInteger seen = new AtomicInteger();
    Stream.iterate(0, i -> i + 1)
        .via(Transform.on(tasks::add))
        .to(Sink.forEach(i -> seen.incrementAndGet()));
    for (int i = 1; i <= 10; i++) {
      assertEquals(1, tasks.size());
      tasks.remove(0).run();
      assertTrue(seen.get() <= 64 * i, seen + " in " + i + " tasks");
    }
    assertTrue(seen.get() >= 64 * 5);
  }
}

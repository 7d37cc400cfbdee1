package io.libprocess.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.support.Retained;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A future that goes on keeps nothing of the streams that have waited for it and are over. */
class StreamsOfLongLivedFuturesTest {

  private static final int USES = 200;
  private static final int FEW = 8; // Objects: what releases a value that comes late.

  private final Promise<Integer> promise = new Promise<>();
  private final Future<Integer> longLived = promise.future();

  private void use(Runnable once) {
    for (int i = 0; i < USES; i++) {
      once.run();
    }
    long before = Retained.by(longLived, object -> false);
    for (int i = 0; i < USES; i++) {
      once.run();
    }
    long each = (Retained.by(longLived, object -> false) - before) / USES;
    assertTrue(each < FEW, () -> each + " objects are kept of each use");
  }

  @Test
  void source_thatAnotherOneMadeSuperfluous() {
    use(
        () ->
            assertEquals(
                List.of(1),
                Stream.merge(Stream.of(1), Stream.fromFuture(longLived))
                    .via(Transform.take(1))
                    .to(Sink.toList(1))
                    .get()));
  }

  @Test
  void source_thatWasDiscarded() {
    use(
        () -> {
          Future<Void> run = Stream.fromFuture(longLived).to(Sink.ignore());
          run.discard();
          assertTrue(run.isDiscarded());
        });
    assertTrue(longLived.hasDiscard());
  }

  @Test
  void resultsOfAFunction_ofAStreamThatIsOver() {
    for (Transform<Integer, Integer> each :
        List.of(
            Transform.<Integer, Integer>mapAsync(2, n -> n == 1 ? Future.of(n) : longLived),
            Transform.<Integer, Integer>mapAsyncUnordered(
                2, n -> n == 1 ? Future.of(n) : longLived))) {
      use(
          () ->
              assertEquals(
                  List.of(1),
                  Stream.of(1, 2).via(each).via(Transform.take(1)).to(Sink.toList(1)).get()));
    }
    assertTrue(longLived.hasDiscard());
  }

  @Test
  void worksOfASink_thatWasDiscarded() {
    use(
        () -> {
          Future<Void> run = Stream.iterate(1, n -> n + 1).to(Sink.forEachAsync(2, n -> longLived));
          run.discard();
          assertTrue(run.isDiscarded());
        });
    assertTrue(longLived.hasDiscard());
  }

  @Test
  void worksOfASink_whoseOtherWorkFailed() {
    use(
        () ->
            assertTrue(
                Stream.of(1, 2)
                    .to(Sink.forEachAsync(2, n -> n == 1 ? longLived : Future.failed("a test")))
                    .isFailed()));
  }

  @Test
  void results_areStillWaitedFor() {
    Future<List<Integer>> mapped =
        Stream.of(1, 2).via(Transform.mapAsync(2, n -> longLived)).to(Sink.toList(2));
    Future<List<Integer>> source = Stream.fromFuture(longLived).to(Sink.toList(2));
    Future<Void> works = Stream.of(1, 2).to(Sink.forEachAsync(2, n -> longLived));
    assertFalse(longLived.hasDiscard());
    promise.set(7);

    assertEquals(List.of(7, 7), mapped.get());
    assertEquals(List.of(7), source.get());
    assertTrue(works.isReady());
  }

  @Test
  void abandonment_reachesAStream() {
    Future<List<Integer>> mapped =
        Stream.of(1).via(Transform.mapAsync(2, n -> longLived)).to(Sink.toList(2));
    Future<List<Integer>> source = Stream.fromFuture(longLived).to(Sink.toList(2));
    Future<Void> works = Stream.of(1).to(Sink.forEachAsync(2, n -> longLived));
    promise.abandon();

    assertTrue(mapped.isFailed());
    assertTrue(source.isFailed());
    assertTrue(works.isFailed());
  }

  /** A value that nobody takes any more goes back to its pool. */
  @Test
  void value_thatComesLateIsReleased() {
    Promise<Chunk> late = new Promise<>();
    Stream.fromFuture(late.future()).to(Sink.ignore()).discard();
    Future<List<Chunk>> mapped =
        Stream.of(1, 2)
            .via(Transform.mapAsync(2, n -> n == 1 ? Future.of(Chunk.empty()) : late.future()))
            .via(Transform.take(1))
            .to(Sink.toList(1));
    assertTrue(mapped.isReady());
    AtomicInteger released = new AtomicInteger();
    late.set(Chunk.lent(new byte[1], 0, 1, released::incrementAndGet).retain());

    assertEquals(1, released.get());
  }
}

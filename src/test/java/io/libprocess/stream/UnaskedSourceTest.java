package io.libprocess.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.libprocess.future.Failure;
import io.libprocess.future.Future;
import io.libprocess.support.Expect;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * A stage that starts its sources with the first request also lets them release what they hold if
 * it is cancelled before it has asked for anything.
 */
class UnaskedSourceTest {

  private static final Map<String, UnaryOperator<Stream<Chunk>>> STAGES =
      Map.of(
          "zip", s -> Stream.zip(s, Stream.iterate(0, i -> i + 1), (chunk, i) -> chunk),
          "merge", s -> Stream.<Chunk>merge(s),
          "concat", s -> Stream.<Chunk>concat(s),
          "broadcast", s -> s.broadcast(1).get(0),
          "publisher", s -> Stream.fromPublisher(s.toPublisher()));

  @TestFactory
  List<DynamicTest> sourceThatIsNeverAsked_releasesWhatItHolds() {
    return STAGES.entrySet().stream()
        .map(stage -> DynamicTest.dynamicTest(stage.getKey(), () -> check(stage.getValue())))
        .toList();
  }

  @Test
  void concat_thatFailsBeforeASource_letsItReleaseWhatItHolds() {
    Failure failure = new Failure("no");
    Held held = new Held();

    Future<Void> result =
        Stream.concat(Stream.failed(failure), held.stream()).to(Sink.forEach(Chunk::release));

    assertEquals(failure, Expect.failure(result));
    held.checkReleased();
    assertEquals(Optional.of(failure), held.pipe.writer().readerClosed().get());
  }

  @Test
  void concat_thatIsCancelledBeforeASource_letsItReleaseWhatItHolds() {
    Held held = new Held();

    Expect.ready(
        Stream.concat(Stream.of(Chunk.utf8("a")), held.stream())
            .via(Transform.take(1))
            .to(Sink.forEach(Chunk::release)));

    held.checkReleased();
  }

  private static void check(UnaryOperator<Stream<Chunk>> stage) {
    Held held = new Held();

    Expect.ready(
        stage.apply(held.stream()).via(Transform.take(0)).to(Sink.forEach(Chunk::release)));

    held.checkReleased();
  }

  /** A pipe that holds a chunk. */
  private static final class Held {

    final Pipe<Chunk> pipe = new Pipe<>(2);
    private final int[] released = {0};

    Held() {
      pipe.writer().offer(Chunk.lent(new byte[1], 0, 1, () -> released[0]++));
    }

    Stream<Chunk> stream() {
      return pipe.reader().stream();
    }

    void checkReleased() {
      assertEquals(1, released[0]);
      Expect.completed(pipe.writer().readerClosed());
    }
  }
}

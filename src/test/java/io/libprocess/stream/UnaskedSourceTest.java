package io.libprocess.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.libprocess.support.Expect;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.DynamicTest;
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
          "broadcast", s -> s.broadcast(1).get(0),
          "publisher", s -> Stream.fromPublisher(s.toPublisher()));

  @TestFactory
  List<DynamicTest> sourceThatIsNeverAsked_releasesWhatItHolds() {
    return STAGES.entrySet().stream()
        .map(stage -> DynamicTest.dynamicTest(stage.getKey(), () -> check(stage.getValue())))
        .toList();
  }

  private static void check(UnaryOperator<Stream<Chunk>> stage) {
    int[] released = {0};
    Pipe<Chunk> pipe = new Pipe<>(2);
    pipe.writer().offer(Chunk.lent(new byte[1], 0, 1, () -> released[0]++));

    Expect.ready(
        stage.apply(pipe.reader().stream()).via(Transform.take(0)).to(Sink.forEach(c -> {})));

    assertEquals(1, released[0]);
    Expect.completed(pipe.writer().readerClosed());
  }
}

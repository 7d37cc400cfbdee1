package io.libprocess.subprocess;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Failure;
import io.libprocess.future.Future;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.FileMode;
import io.libprocess.stream.Sink;
import io.libprocess.stream.Stream;
import io.libprocess.stream.Transform;
import io.libprocess.support.Expect;
import io.libprocess.support.NoOpenChunks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Children between streams. */
@Timeout(60)
@NoOpenChunks
class SubprocessStreamTest {

  @TempDir Path directory;

  private static Subprocess start(String program) {
    return Expect.ready(Command.of(program).in(Stdio.pipe()).out(Stdio.pipe()).start());
  }

  @Test
  void file_goesThroughAChildIntoAFile() throws IOException {
    byte[] bytes = new byte[1_000_000];
    new Random(1).nextBytes(bytes);
    Path from = Files.write(directory.resolve("from"), bytes);
    Path to = directory.resolve("to");
    Subprocess cat = start("cat");
    Future<Void> in = Stream.file(from).to(Sink.writer(cat.in().orElseThrow()));
    Future<Long> out = cat.out().orElseThrow().stream().to(Sink.file(to, FileMode.CREATE));

    assertEquals(bytes.length, Expect.ready(out));
    Expect.ready(in);
    assertTrue(Expect.ready(cat.status()).isSuccess());
    assertArrayEquals(bytes, Files.readAllBytes(to));
  }

  @Test
  void lines_ofAChildThatGetsItsInputPieceByPiece() {
    Subprocess sort = start("sort");
    Future<List<String>> lines =
        sort.out().orElseThrow().stream().via(Transform.lines(100)).to(Sink.toList(10));
    Stream.of("b\n", "c\n", "a\n").map(Chunk::utf8).to(Sink.writer(sort.in().orElseThrow()));

    assertEquals(List.of("a", "b", "c"), Expect.ready(lines));
  }

  @Test
  void failureOfTheInput_isTheChildsEndOfFile() {
    Subprocess cat = start("cat");
    Future<Void> in =
        Stream.concat(Stream.of(Chunk.utf8("x")), Stream.<Chunk>failed(new Failure("no")))
            .to(Sink.writer(cat.in().orElseThrow()));

    assertEquals("no", Expect.failureText(in));
    Expect.ready(cat.status());
  }

  @Test
  void childThatEnds_cancelsWhatIsStillWritten() {
    Subprocess none = start("true");
    Future<Void> in =
        Stream.iterate(0, i -> i + 1)
            .map(i -> Chunk.of(new byte[1000]))
            .to(Sink.writer(none.in().orElseThrow()));

    Expect.completed(in);
    Expect.ready(none.status());
  }
}

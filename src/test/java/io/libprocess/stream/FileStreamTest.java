package io.libprocess.stream;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Failure;
import io.libprocess.future.Future;
import io.libprocess.stream.bytes.ChunkPool;
import io.libprocess.support.Expect;
import io.libprocess.support.NoOpenChunks;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files as sources and sinks. */
@NoOpenChunks
class FileStreamTest {

  private static final int MOST = 1 << 20;

  @TempDir Path directory;

  private Path file(String name, byte[] bytes) throws IOException {
    return Files.write(directory.resolve(name), bytes);
  }

  private static byte[] random(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  private static Future<List<Chunk>> read(Stream<Chunk> stream) {
    return stream.map(Chunk::detached).to(Sink.toList(MOST));
  }

  private static Stream<Chunk> pieces(byte[] bytes, int size) {
    return Stream.of(Chunk.of(bytes)).via(Transform.rechunk(size));
  }

  private List<String> names() throws IOException {
    try (java.util.stream.Stream<Path> files = Files.list(directory)) {
      return files.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  /* ------ Sources ------ */

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 65_535, 65_536, 65_537, 300_000})
  void file_isReadToItsEnd(int size) throws IOException {
    byte[] bytes = random(size);
    List<Chunk> chunks = Expect.ready(read(Stream.file(file("f", bytes))));

    assertArrayEquals(bytes, Chunk.join(chunks).toArray());
    assertEquals((size + 65_535) / 65_536, chunks.size());
  }

  @Test
  void file_isReadInChunksOfASize() throws IOException {
    Path path = file("f", random(1000));

    assertEquals(
        List.of(300, 300, 300, 100),
        Expect.ready(read(Stream.file(path, 300))).stream().map(Chunk::size).toList());
    assertThrows(IllegalArgumentException.class, () -> Stream.file(path, 0));
    assertThrows(IllegalArgumentException.class, () -> Stream.file(path, 65_537));
  }

  @Test
  void file_thatIsNotThereFailsTheStream() {
    Path none = directory.resolve("none");

    assertInstanceOf(NoSuchFileException.class, Expect.failure(read(Stream.file(none))));
    assertInstanceOf(IOException.class, Expect.failure(read(Stream.file(directory))));
  }

  @Test
  void file_isOpenedWithTheFirstRequest() {
    Probe<Chunk> probe = new Probe<>(0);
    probe.run(Stream.file(directory.resolve("none")));
    assertEquals("", probe.end());

    probe.request(1);

    Expect.until(() -> probe.end().equals("fail"));
  }

  @Test
  void file_isReadNoFurtherThanAskedFor() throws IOException {
    Probe<Chunk> probe = new Probe<>(2);
    probe.run(Stream.file(file("f", random(100)), 10).map(Chunk::detached));
    Expect.until(() -> probe.elements().size() == 2);
    probe.request(3);
    Expect.until(() -> probe.elements().size() == 5);
    probe.cancel(new Failure("enough"));

    assertEquals("", probe.end());
  }

  @Test
  void streams_ofFilesMayBeStartedInsideThoseOfOthers() throws IOException {
    byte[] one = random(200_000);
    byte[] two = random(100_000);
    Stream<Chunk> both =
        Stream.of(file("a", one), file("b", two)).via(Transform.concatMap(Stream::file));
    byte[] all = Arrays.copyOf(one, 300_000);
    System.arraycopy(two, 0, all, 200_000, 100_000);

    assertArrayEquals(all, Chunk.join(Expect.ready(read(both))).toArray());
  }

  /* ------ Sinks ------ */

  @ParameterizedTest
  @EnumSource(FileMode.class)
  void sink_writesAllAndSaysHowMuch(FileMode mode) throws IOException {
    for (int size : new int[] {0, 1, 100_000, 1_000_000}) {
      byte[] bytes = random(size);
      Path path = directory.resolve("out" + size);
      Sink<Chunk, Long> sink = Sink.file(path, mode);

      assertEquals(size, Expect.ready(pieces(bytes, 777).to(sink)));
      assertArrayEquals(bytes, Files.readAllBytes(path));
    }
    assertEquals(4, names().size());
  }

  @Test
  void sink_createsAppendsOrReplaces() throws IOException {
    Path path = file("f", new byte[] {1, 2, 3});

    Expect.ready(Stream.of(Chunk.of(new byte[] {4})).to(Sink.file(path, FileMode.APPEND)));
    assertArrayEquals(new byte[] {1, 2, 3, 4}, Files.readAllBytes(path));
    Expect.ready(Stream.of(Chunk.of(new byte[] {5})).to(Sink.file(path, FileMode.ATOMIC)));
    assertArrayEquals(new byte[] {5}, Files.readAllBytes(path));
    Expect.ready(Stream.of(Chunk.of(new byte[] {6, 7})).to(Sink.file(path, FileMode.CREATE)));
    assertArrayEquals(new byte[] {6, 7}, Files.readAllBytes(path));
    assertEquals(List.of("f"), names());
  }

  @Test
  void copy_ofAFileKeepsAllBytes() throws IOException {
    byte[] bytes = random(5_000_000);
    Path to = directory.resolve("to");

    assertEquals(
        5_000_000,
        Expect.ready(Stream.file(file("from", bytes)).to(Sink.file(to, FileMode.ATOMIC))));
    assertArrayEquals(bytes, Files.readAllBytes(to));
  }

  @Test
  void gzip_ofAFileAndBack() throws IOException {
    byte[] bytes = new byte[3_000_000];
    new Random(1).ints(bytes.length / 10, 0, 50).forEach(i -> bytes[i * 10] = (byte) i);
    Path packed = directory.resolve("packed");
    Path to = directory.resolve("to");
    Expect.ready(
        Stream.file(file("from", bytes))
            .via(Transform.gzip(1))
            .to(Sink.file(packed, FileMode.CREATE)));
    Expect.ready(
        Stream.file(packed, 1000)
            .via(Transform.gunzip(bytes.length))
            .to(Sink.file(to, FileMode.CREATE)));

    assertArrayEquals(bytes, Files.readAllBytes(to));
    assertTrue(Files.size(packed) < bytes.length);
  }

  @Test
  void atomicSink_leavesTheOldFileAfterAFailure() throws IOException {
    Path path = file("f", new byte[] {1});
    Failure failure = new Failure("reset");
    Future<Long> failed =
        Stream.concat(pieces(random(200_000), 1000), Stream.failed(failure))
            .to(Sink.file(path, FileMode.ATOMIC));

    assertEquals(failure, Expect.failure(failed));
    assertEquals(List.of("f"), names());
    assertArrayEquals(new byte[] {1}, Files.readAllBytes(path));
  }

  @Test
  void atomicSink_leavesTheOldFileAfterADiscard() throws IOException {
    Path path = file("f", new byte[] {1});
    Pipe<Chunk> pipe = Pipe.bytes();
    Future<Long> result = pipe.reader().stream().to(Sink.file(path, FileMode.ATOMIC));
    pipe.writer().write(Chunk.of(random(1000)));
    Expect.until(() -> names().size() == 2);

    result.discard();
    Expect.completed(result);

    assertTrue(result.isDiscarded());
    assertEquals(List.of("f"), names());
    assertTrue(pipe.writer().readerClosed().isReady());
    assertFalse(pipe.writer().offer(Chunk.of(new byte[1])));
  }

  @Test
  void sink_thatCannotBeOpenedCancelsTheStream() throws IOException {
    Path path = directory.resolve("none").resolve("f");
    for (FileMode mode : FileMode.values()) {
      Probe.Cancelled cancelled = new Probe.Cancelled();
      Future<Long> failed =
          pieces(random(200_000), 1000).via(cancelled.watch()).to(Sink.file(path, mode));

      Throwable failure = Expect.failure(failed);
      assertInstanceOf(NoSuchFileException.class, failure);
      assertEquals(failure, cancelled.cause());
    }
    assertEquals(List.of(), names());
  }

  @Test
  void sink_ofAnEmptyStreamThatCannotBeOpenedFails() {
    Path path = directory.resolve("none").resolve("f");

    assertInstanceOf(
        NoSuchFileException.class,
        Expect.failure(Stream.<Chunk>empty().to(Sink.file(path, FileMode.CREATE))));
  }

  @Test
  void sink_asksForNoMoreThanItHolds() throws Exception {
    // Nothing is written before the blocked call has returned, and no more than 64 KiB asked for.
    Path pipe = directory.resolve("fifo");
    Process made = new ProcessBuilder("mkfifo", pipe.toString()).start();
    assertEquals(0, made.waitFor());
    long[] asked = {0};
    Stream<Chunk> endless =
        Stream.iterate(0, i -> i + 1)
            .map(
                i -> {
                  ChunkPool.Borrowed borrowed = ChunkPool.shared().borrow();
                  borrowed.buffer().put(new byte[1000]);
                  synchronized (asked) {
                    asked[0]++;
                  }
                  return borrowed.chunk();
                });
    Future<Long> result = endless.to(Sink.file(pipe, FileMode.APPEND));
    synchronized (asked) {
      assertTrue(asked[0] <= 34, "asked for " + asked[0]);
      assertTrue(asked[0] >= 32, "asked for " + asked[0]);
    }
    result.discard();
    // Opened both ways, which never blocks: the sink may not have come to its own open yet.
    try (FileChannel both =
        FileChannel.open(pipe, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      Expect.completed(result); // Its open returned, and it found out.
      assertTrue(both.isOpen());
    }

    assertTrue(result.isDiscarded());
  }
}

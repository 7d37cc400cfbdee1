package io.libprocess.stream;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Failure;
import io.libprocess.future.Future;
import io.libprocess.stream.bytes.ChunkPool;
import io.libprocess.support.NoOpenChunks;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Streams of bytes for blocking code, and as buffers of the JDK. */
@NoOpenChunks
@Timeout(60)
class BytesTest {

  private static Chunk lent(byte... values) {
    ChunkPool.Borrowed borrowed = ChunkPool.shared().borrow();
    borrowed.buffer().put(values);
    return borrowed.chunk();
  }

  @Test
  void input_readsAllChunks() throws IOException {
    Stream<Chunk> stream =
        Stream.of(1, 2, 3).map(i -> i == 2 ? Chunk.empty() : lent(i.byteValue(), (byte) -i));
    try (InputStream input = Bytes.input(stream)) {
      assertEquals(1, input.read());
      assertEquals(1, input.available());
      assertArrayEquals(new byte[] {-1, 3, -3}, input.readAllBytes());
      assertEquals(-1, input.read());
    }
  }

  @Test
  void input_startsWithTheFirstReadAndAsksForOneChunk() throws IOException {
    List<Integer> made = new ArrayList<>();
    Probe.Cancelled cancelled = new Probe.Cancelled();
    Stream<Chunk> stream =
        Stream.iterate(1, i -> i + 1)
            .via(cancelled.watch())
            .map(
                i -> {
                  made.add(i);
                  return lent(i.byteValue());
                });
    InputStream input = Bytes.input(stream);
    assertEquals(List.of(), made);

    assertEquals(1, input.read());
    assertTrue(made.size() <= 2, made::toString);
    input.close();
    input.close();

    assertTrue(cancelled.happened());
    assertThrows(IOException.class, input::read);
  }

  @Test
  void input_throwsTheFailureOfTheStream() throws IOException {
    Failure failure = new Failure("reset");
    Stream<Chunk> stream = Stream.concat(Stream.of(lent((byte) 1)), Stream.failed(failure));
    try (InputStream input = Bytes.input(stream)) {
      assertEquals(1, input.read());
      IOException thrown = assertThrows(IOException.class, input::read);

      assertSame(failure, thrown.getCause());
      assertEquals("reset", thrown.getMessage());
    }
  }

  @Test
  void output_meetsAnInputOnAnotherThread() throws Exception {
    byte[] bytes = new byte[1_000_000];
    new Random(1).nextBytes(bytes);
    Pipe<Chunk> pipe = Pipe.bytes();
    FutureTask<Void> writing =
        new FutureTask<>(
            () -> {
              try (OutputStream output = Bytes.output(pipe.writer())) {
                for (int i = 0; i < bytes.length; i += 1000) {
                  output.write(bytes, i, 999);
                  output.write(bytes[i + 999]);
                }
              }
              return null;
            });
    new Thread(writing).start();
    try (InputStream input = Bytes.input(pipe.reader().stream())) {
      assertArrayEquals(bytes, input.readAllBytes());
    }
    writing.get();
  }

  @Test
  void output_isSeenAfterAFlush() throws IOException {
    Pipe<Chunk> pipe = Pipe.bytes();
    OutputStream output = Bytes.output(pipe.writer());
    output.write(1);
    assertEquals(0, pipe.weight());
    output.flush();
    assertEquals(Chunk.of(new byte[] {1}), pipe.reader().read().get().orElseThrow());
    output.close();
    output.close();

    assertTrue(pipe.reader().read().get().isEmpty());
    assertThrows(IOException.class, () -> output.write(1));
  }

  @Test
  void output_throwsWhenNobodyReads() throws IOException {
    Pipe<Chunk> pipe = Pipe.bytes();
    OutputStream output = Bytes.output(pipe.writer());
    pipe.reader().close();
    output.write(1);

    assertThrows(IOException.class, output::flush);
  }

  @Test
  void buffers_areCopiesWhereMemoryIsUsedAgain() {
    Future<List<ByteBuffer>> buffers =
        Stream.of(1, 2).map(i -> lent(i.byteValue())).via(Bytes.toBuffers()).to(Sink.toList(10));

    assertEquals(
        List.of(ByteBuffer.wrap(new byte[] {1}), ByteBuffer.wrap(new byte[] {2})), buffers.get());
    assertEquals(
        List.of(Chunk.of(new byte[] {7})),
        Stream.of(ByteBuffer.wrap(new byte[] {7}))
            .via(Bytes.fromBuffers())
            .to(Sink.toList(10))
            .get());
  }
}

package io.libprocess.stream;

import static java.util.Objects.requireNonNull;

import io.libprocess.future.Future;
import io.libprocess.stream.bytes.BytesInput;
import io.libprocess.stream.bytes.BytesOutput;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * The ways between streams of bytes and what the JDK has: streams that block, and byte buffers.
 * What blocks is for threads that may, such as those of {@code async}.
 */
public final class Bytes {

  private Bytes() {}

  /**
   * A stream of bytes for code that blocks. It starts with the first read, asks for what it needs,
   * and is cancelled by closing the input. A failure of the stream is the cause of the {@link
   * java.io.IOException} that a read throws. For one thread at a time.
   */
  public static InputStream input(Stream<Chunk> stream) {
    requireNonNull(stream, "stream");
    return new BytesInput(() -> chunks(stream));
  }

  private static BytesInput.Chunks chunks(Stream<Chunk> stream) {
    Pipe<Chunk> pipe = new Pipe<>(0, Chunk::size); // Stores nothing: an element meets a read.
    stream.to(Sink.writer(pipe));
    Pipe.Reader<Chunk> reader = pipe.reader();
    return new BytesInput.Chunks() {
      @Override
      public Future<Optional<Chunk>> read() {
        return reader.read();
      }

      @Override
      public void close() {
        reader.close();
      }
    };
  }

  /**
   * Writes into a pipe what code that blocks writes; it waits while the pipe is full. Small pieces
   * are collected up to 16 KiB or the next {@code flush}. Closing it ends the writing. For one
   * thread at a time.
   */
  public static OutputStream output(Pipe.Writer<Chunk> writer) {
    requireNonNull(writer, "writer");
    return new BytesOutput(
        new BytesOutput.Chunks() {
          @Override
          public Future<Boolean> write(Chunk chunk) {
            return writer.write(chunk);
          }

          @Override
          public void close() {
            writer.close();
          }
        });
  }

  /**
   * Buffers of the JDK, as its publishers and subscribers of bytes want them, with copies of the
   * bytes where their memory is used again.
   */
  public static Transform<Chunk, ByteBuffer> toBuffers() {
    return Transform.map(chunk -> chunk.detached().asByteBuffer());
  }

  /** Chunks with copies of the bytes that buffers of the JDK have left. */
  public static Transform<ByteBuffer, Chunk> fromBuffers() {
    return Transform.map(Chunk::copyOf);
  }
}

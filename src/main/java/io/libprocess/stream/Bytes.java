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
 * Converts between streams of bytes and the blocking streams and byte buffers of the JDK. The
 * blocking ones are for threads that may block, such as those of {@code async}.
 */
public final class Bytes {

  private Bytes() {}

  /**
   * Makes a blocking input from a stream of bytes. The stream starts with the first read, is asked
   * for as much as reads need, and is cancelled by closing the input. A failure of the stream is
   * the cause of the {@link java.io.IOException} that a read throws. For one thread at a time.
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
   * Makes a blocking output that writes into a pipe, and waits while the pipe is full. Small pieces
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
   * Makes a transform to buffers of the JDK, as its publishers and subscribers of bytes need them;
   * bytes whose memory is reused are copied.
   */
  public static Transform<Chunk, ByteBuffer> toBuffers() {
    return Transform.map(chunk -> chunk.detached().asByteBuffer());
  }

  /** Makes a transform to chunks with copies of the remaining bytes of buffers of the JDK. */
  public static Transform<ByteBuffer, Chunk> fromBuffers() {
    return Transform.map(Chunk::copyOf);
  }
}

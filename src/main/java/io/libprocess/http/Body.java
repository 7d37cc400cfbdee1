package io.libprocess.http;

import static java.util.Objects.requireNonNull;

import io.libprocess.http.access.Access;
import io.libprocess.http.access.BodyAccess;
import io.libprocess.internal.MemoryBudget;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.Pipe;
import io.libprocess.stream.Sink;
import io.libprocess.stream.Stream;
import io.libprocess.stream.access.ReaderSource;
import io.libprocess.stream.access.Streams;
import java.io.InputStream;
import java.nio.file.Path;

/**
 * The body of a request or a response: nothing, bytes in memory, a stream of bytes, or a file. The
 * first two contain their bytes; a stream can be read once, and a file is read when it is sent.
 */
public sealed interface Body permits Body.Empty, Body.Bytes, Body.Streamed, Body.File {

  /**
   * The body as a stream, whatever its kind. A body that arrives while the message travels can be
   * streamed once: it is read from the peer as the stream is asked for more, with up to 64 KiB in
   * advance, and if it fails, so does the stream. Cancelling it early ends a client's connection; a
   * server reads a remainder of up to 64 KiB, and ends the connection after the response if there
   * is more.
   *
   * @throws IllegalStateException if it was streamed before
   */
  default Stream<Chunk> stream() {
    if (this instanceof Streamed streamed) {
      return streamed.stream();
    }
    if (this instanceof File file) {
      return Stream.file(file.path());
    }
    return this instanceof Bytes bytes && !bytes.content().isEmpty()
        ? Stream.of(bytes.content().retain())
        : Stream.empty();
  }

  /** A body without bytes. */
  record Empty() implements Body {
    private static final Empty INSTANCE = new Empty();
  }

  /** A body of bytes in memory. */
  record Bytes(Chunk content) implements Body {

    /** Checks that the content is not null. */
    public Bytes {
      requireNonNull(content, "content");
    }
  }

  /**
   * A body whose bytes arrive while the message travels. In a received message they are the bytes
   * that the peer sends, and the peer is held back while the reader is behind. In a message to be
   * sent, a stream that fails cuts the connection.
   */
  final class Streamed implements Body {

    private static final Runnable NOTHING = () -> {};

    static {
      Access.give(Streamed.class, new Door());
    }

    private static final class Door implements BodyAccess<Streamed> {
      @Override
      public Streamed streamed(
          Pipe.Reader<Chunk> reader,
          Runnable whenWanted,
          Runnable whenCancelled,
          MemoryBudget.Share memory) {
        return new Streamed(reader, whenWanted, whenCancelled, memory);
      }

      @Override
      public MemoryBudget.Share memory(Streamed body) {
        return body.memory();
      }
    }

    private final Stream<Chunk> stream; // Null if there is a reader.
    private final Runnable whenWanted;
    private final Runnable whenCancelled;
    private final MemoryBudget.Share memory; // Null if memory is not counted.
    // Guarded by the monitor of this; null if it is a stream without a reader.
    private Pipe.Reader<Chunk> reader;

    /** Makes a body of the bytes of a reader. */
    public Streamed(Pipe.Reader<Chunk> reader) {
      this(reader, NOTHING);
    }

    /**
     * Makes a body of the bytes of a reader, for passing on a body that comes from elsewhere.
     *
     * @param whenWanted runs on every call of {@link #reader()}, on the calling thread, and when
     *     the {@link #stream()} is first asked for bytes
     */
    public Streamed(Pipe.Reader<Chunk> reader, Runnable whenWanted) {
      this(reader, whenWanted, NOTHING, null);
    }

    /**
     * Makes a body of the bytes of a stream, which starts when they are to be sent, or when {@link
     * #reader} is called, and runs in the current {@link io.libprocess.context.Context}.
     */
    public Streamed(Stream<Chunk> stream) {
      this.stream = Streams.inContext(requireNonNull(stream, "stream"));
      this.whenWanted = NOTHING;
      this.whenCancelled = NOTHING;
      this.memory = null;
    }

    private Streamed(
        Pipe.Reader<Chunk> reader,
        Runnable whenWanted,
        Runnable whenCancelled,
        MemoryBudget.Share memory) {
      this.stream = null;
      this.reader = requireNonNull(reader, "reader");
      this.whenWanted = requireNonNull(whenWanted, "whenWanted");
      this.whenCancelled = requireNonNull(whenCancelled, "whenCancelled");
      this.memory = memory;
    }

    /** The memory that collecting the body draws on; null if it is not counted. */
    MemoryBudget.Share memory() {
      return memory;
    }

    @Override
    public Stream<Chunk> stream() {
      return stream != null
          ? stream
          : Streams.stream(new ReaderSource(reader(NOTHING), whenWanted, whenCancelled));
    }

    /**
     * The reader of the body; always the same. Calling this says that the body is wanted: a client
     * that waits for {@code 100 Continue} gets it, and a stream is started.
     *
     * @throws IllegalStateException if the body is a stream that was used in another way
     */
    public Pipe.Reader<Chunk> reader() {
      return reader(whenWanted);
    }

    private Pipe.Reader<Chunk> reader(Runnable first) {
      first.run();
      synchronized (this) {
        if (reader != null) {
          return reader;
        }
        Pipe<Chunk> pipe = Pipe.bytes();
        reader = pipe.reader();
        stream.to(Sink.writer(pipe)); // Does no more than ask for a piece.
        return reader;
      }
    }

    /**
     * Refuses the body: closes the reader, or cancels the stream, so that bytes not yet sent need
     * not be sent. Does nothing if the stream was used in another way. Idempotent.
     */
    public void refuse() {
      Pipe.Reader<Chunk> open;
      synchronized (this) {
        open = reader;
      }
      if (open != null) {
        open.close();
      } else {
        Streams.refuse(stream);
      }
    }

    /**
     * Gives up a body that was wanted: closes the reader, and ends the connection if it is a
     * client's.
     *
     * @param cause the cause that the writer gets
     */
    public void cancel(Throwable cause) {
      whenCancelled.run();
      reader(NOTHING).close(cause);
    }
  }

  /**
   * A body that is read from a file when it is sent. Only a server sends files: see {@link
   * Response#file}.
   */
  record File(Path path) implements Body {

    /** Checks that the path is not null. */
    public File {
      requireNonNull(path, "path");
    }
  }

  /**
   * The body as a blocking input, for use in {@code async} for instance: see {@link
   * io.libprocess.stream.Bytes#input}.
   *
   * @throws IllegalStateException if it was streamed before
   */
  default InputStream inputStream() {
    return io.libprocess.stream.Bytes.input(stream());
  }

  /** A body without bytes. */
  static Body empty() {
    return Empty.INSTANCE;
  }

  /** A body of bytes in memory; an empty chunk is still a body, which may have a type. */
  static Body of(Chunk content) {
    return new Bytes(content);
  }

  /** A body of a text in UTF-8. */
  static Body of(String text) {
    return of(Chunk.utf8(text));
  }

  /** A body of bytes that come later, from a reader. */
  static Body of(Pipe.Reader<Chunk> reader) {
    return new Streamed(reader);
  }

  /**
   * A body of bytes that come later, from a stream that is asked for them as they are sent. If the
   * message cannot be sent to its end, the stream is cancelled as soon as that is known.
   */
  static Body of(Stream<Chunk> stream) {
    return new Streamed(stream);
  }
}

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
import io.libprocess.stream.access.Unwanted;
import java.io.InputStream;
import java.nio.file.Path;

/**
 * What follows the head of a request or a response: nothing, bytes that are all there, a stream of
 * bytes, or a file. Of the first two the content is part of the value; a stream can be read once,
 * and a file is read when it is sent.
 */
public sealed interface Body permits Body.Empty, Body.Bytes, Body.Streamed, Body.File {

  /**
   * The body as a stream, whatever it is. One that comes while the message travels can be streamed
   * once: it is read from the peer as the stream is asked for more, with up to 64 KiB in advance,
   * and its failure is the stream's. To cancel it early ends the connection of a client; a server
   * reads a rest of up to 64 KiB, and ends the connection after the response if there is more.
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

  /** No bytes. */
  record Empty() implements Body {
    private static final Empty INSTANCE = new Empty();
  }

  /** Bytes that are all there. */
  record Bytes(Chunk content) implements Body {

    /** Checks that there is a content. */
    public Bytes {
      requireNonNull(content, "content");
    }
  }

  /**
   * Bytes that come while the message travels. Of a request: what the peer sends, which it is held
   * back from while the reader is behind. Of a response: what is to be sent; a stream that fails
   * cuts the connection.
   */
  final class Streamed implements Body {

    private static final Runnable NOTHING = () -> {};

    static {
      BodyAccess<Streamed> door = Streamed::new;
      Access.give(Streamed.class, door);
    }

    private final Stream<Chunk> stream; // Null if there is a reader.
    private final Runnable whenWanted;
    private final Runnable whenCancelled;
    private final MemoryBudget.Share memory; // Null if nobody counts.
    private Pipe.Reader<Chunk> reader; // Guarded by this; null if it is a stream without one.

    /** Bytes that a reader gives. */
    public Streamed(Pipe.Reader<Chunk> reader) {
      this(reader, NOTHING);
    }

    /**
     * Bytes that a reader gives, for who passes on a body that comes from elsewhere.
     *
     * @param whenWanted run each time when {@link #reader()} is asked for, on the thread that asks,
     *     and when the {@link #stream()} is first asked for bytes
     */
    public Streamed(Pipe.Reader<Chunk> reader, Runnable whenWanted) {
      this(reader, whenWanted, NOTHING, null);
    }

    /** Bytes of a stream, which is started when they are to be sent, or a reader is asked for. */
    public Streamed(Stream<Chunk> stream) {
      this.stream = requireNonNull(stream, "stream");
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

    /** What collecting the body draws on; null if nobody counts. */
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
     * The reader; always the same. To ask for it says that the body is wanted: a client that waits
     * for {@code 100 Continue} gets to hear it, and a stream is started.
     *
     * @throws IllegalStateException if it is a stream that was used otherwise
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
     * Closes the reader without having wanted the body, or cancels the stream: what has not been
     * sent need not be. Does nothing if a stream was used otherwise. Idempotent.
     */
    public void refuse() {
      Pipe.Reader<Chunk> open;
      synchronized (this) {
        open = reader;
      }
      if (open != null) {
        open.close();
      } else {
        Unwanted.cancel(stream);
      }
    }

    /**
     * Gives up a body that was wanted: closes the reader, and ends the connection if it is that of
     * a client.
     *
     * @param cause what the writer is told
     */
    public void cancel(Throwable cause) {
      whenCancelled.run();
      reader(NOTHING).close(cause);
    }
  }

  /** What is in a file when it is sent. Only a server sends files: see {@link Response#file}. */
  record File(Path path) implements Body {

    /** Checks that there is a path. */
    public File {
      requireNonNull(path, "path");
    }
  }

  /**
   * The body for code that blocks, such as in {@code async}: see {@link
   * io.libprocess.stream.Bytes#input}.
   *
   * @throws IllegalStateException if it was streamed before
   */
  default InputStream inputStream() {
    return io.libprocess.stream.Bytes.input(stream());
  }

  /** No bytes. */
  static Body empty() {
    return Empty.INSTANCE;
  }

  /** Bytes that are all there; none of them are still a body, which may have a type. */
  static Body of(Chunk content) {
    return new Bytes(content);
  }

  /** A text in UTF-8. */
  static Body of(String text) {
    return of(Chunk.utf8(text));
  }

  /** Bytes that come later. */
  static Body of(Pipe.Reader<Chunk> reader) {
    return new Streamed(reader);
  }

  /**
   * Bytes that come later, from a stream that is asked for them as they are sent. If the message is
   * not sent to its end the stream is cancelled, as soon as that is known.
   */
  static Body of(Stream<Chunk> stream) {
    return new Streamed(stream);
  }
}

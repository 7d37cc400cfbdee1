package io.libprocess.http;

import static java.util.Objects.requireNonNull;

import io.libprocess.http.access.Access;
import io.libprocess.http.access.BodyAccess;
import io.libprocess.internal.MemoryBudget;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.Pipe;
import java.nio.file.Path;

/**
 * What follows the head of a request or a response: nothing, bytes that are all there, a stream of
 * bytes, or a file. Of the first two the content is part of the value; a stream can be read once,
 * and a file is read when it is sent.
 */
public sealed interface Body permits Body.Empty, Body.Bytes, Body.Streamed, Body.File {

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

    private final Pipe.Reader<Chunk> reader;
    private final Runnable whenWanted;
    private final MemoryBudget.Share memory; // Null if nobody counts.

    /** Bytes that a reader gives. */
    public Streamed(Pipe.Reader<Chunk> reader) {
      this(reader, NOTHING);
    }

    /**
     * Bytes that a reader gives, for who passes on a body that comes from elsewhere.
     *
     * @param whenWanted run each time when {@link #reader()} is asked for, on the thread that asks
     */
    public Streamed(Pipe.Reader<Chunk> reader, Runnable whenWanted) {
      this(reader, whenWanted, null);
    }

    private Streamed(Pipe.Reader<Chunk> reader, Runnable whenWanted, MemoryBudget.Share memory) {
      this.reader = requireNonNull(reader, "reader");
      this.whenWanted = requireNonNull(whenWanted, "whenWanted");
      this.memory = memory;
    }

    /** What collecting the body draws on; null if nobody counts. */
    MemoryBudget.Share memory() {
      return memory;
    }

    /**
     * The reader; always the same. To ask for it says that the body is wanted: a client that waits
     * for {@code 100 Continue} gets to hear it.
     */
    public Pipe.Reader<Chunk> reader() {
      whenWanted.run();
      return reader;
    }

    /**
     * Closes the reader without having wanted the body: what has not been sent need not be.
     * Idempotent.
     */
    public void refuse() {
      reader.close();
    }
  }

  /** What is in a file when it is sent. Only a server sends files: see {@link Response#file}. */
  record File(Path path) implements Body {

    /** Checks that there is a path. */
    public File {
      requireNonNull(path, "path");
    }
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
}

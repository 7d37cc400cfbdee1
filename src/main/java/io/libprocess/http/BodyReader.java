package io.libprocess.http;

import io.libprocess.future.ControlFlow;
import io.libprocess.future.Future;
import io.libprocess.future.Futures;
import io.libprocess.future.Promise;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.Pipe;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads a stream to its end, into one chunk of limited size. */
public final class BodyReader {

  private final Pipe.Reader<Chunk> reader;
  private final long most;
  private final List<Chunk> chunks = new ArrayList<>();
  private long size;

  private BodyReader(Pipe.Reader<Chunk> reader, long most) {
    this.reader = reader;
    this.most = most;
  }

  /** Reads all, or fails with 413 and closes the reader: at once if too much is announced. */
  static Future<Chunk> read(Body.Streamed body, long announced, long most) {
    if (announced > most) {
      body.refuse();
      return Future.failed(tooLarge(most));
    }
    BodyReader reader = new BodyReader(body.reader(), most);
    return Futures.loop(reader.reader::read, reader::add);
  }

  /**
   * A response with its body read to the end. A discard request gives up the body, whenever it
   * comes; with {@link Future#then} one that comes at the moment of the head would lose the stream,
   * and with it the connection.
   */
  static Future<Response> whole(Future<Response> head, long most) {
    Promise<Response> promise = new Promise<>();
    promise.future().onDiscard(head::discard);
    head.onAny(
        done -> {
          if (done.isReady()) {
            promise.associate(done.get().buffered(most));
          } else if (done.isFailed()) {
            promise.fail(done.failure());
          } else {
            promise.discard();
          }
        });
    return promise.future();
  }

  /** The bytes of a message's body, if that is no stream. */
  static Chunk bytes(Body body, Object message) {
    if (body instanceof Body.Streamed) {
      throw new IllegalStateException("the body is a stream: " + message);
    }
    return body instanceof Body.Bytes bytes ? bytes.content() : Chunk.empty();
  }

  /** A stream of bytes that are all there. */
  public static Pipe.Reader<Chunk> reader(Chunk content) {
    Pipe<Chunk> pipe = Pipe.bytes();
    pipe.writer().write(content);
    pipe.writer().close();
    return pipe.reader();
  }

  static StatusException tooLarge(long most) {
    return new StatusException(
        Status.CONTENT_TOO_LARGE, "The body has more than " + most + " bytes.");
  }

  private Future<ControlFlow<Chunk>> add(Optional<Chunk> next) {
    if (next.isEmpty()) {
      return Future.of(ControlFlow.breakWith(Chunk.join(chunks)));
    }
    size += next.get().size();
    if (size > most) {
      StatusException failure = tooLarge(most);
      reader.close(failure);
      return Future.failed(failure);
    }
    chunks.add(next.get());
    return Future.of(ControlFlow.proceed());
  }
}

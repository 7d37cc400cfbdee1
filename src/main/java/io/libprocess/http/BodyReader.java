package io.libprocess.http;

import io.libprocess.future.ControlFlow;
import io.libprocess.future.Future;
import io.libprocess.future.Futures;
import io.libprocess.future.Promise;
import io.libprocess.http.grammar.ContentLength;
import io.libprocess.internal.MemoryBudget;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.Pipe;
import io.libprocess.stream.collect.ChunkCollector;
import java.util.Optional;

/**
 * Reads a stream to its end, into one chunk of limited size. Its steps follow each other.
 *
 * <p>The bytes that it holds are counted against the memory that the body draws on: twice, since in
 * the end the pieces are copied into one.
 */
final class BodyReader {

  private final Pipe.Reader<Chunk> reader;
  private final MemoryBudget.Share memory; // Null if memory is not counted.
  private final long most;
  private final ChunkCollector collected;

  private BodyReader(Body.Streamed body, long most) {
    this.reader = body.reader();
    this.memory = body.memory();
    this.most = most;
    this.collected = new ChunkCollector(most);
  }

  /**
   * Reads all bytes, or fails with 413 and closes the reader: at once if the announced length is
   * too large.
   */
  static Future<Chunk> read(Body.Streamed body, Headers headers, long most) {
    if (ContentLength.parse(headers.first("Content-Length", "")) > most) {
      body.refuse();
      return Future.failed(tooLarge(most));
    }
    BodyReader reader = new BodyReader(body, most);
    return Futures.loop(reader.reader::read, reader::add);
  }

  /**
   * A response with its body read to the end. A discard request gives up the body whenever it
   * comes; with {@link Future#then}, a request that comes at the moment of the head would lose the
   * stream, and with it the connection.
   */
  static Future<Response> whole(Future<Response> head, long most) {
    Promise<Response> promise = new Promise<>();
    promise.future().onDiscard(head::discard);
    head.onAny(
        done -> {
          if (done.isReady()) {
            promise.associate(buffered(done.get(), most));
          } else if (done.isFailed()) {
            promise.fail(done.failure());
          } else {
            promise.discard();
          }
        });
    return promise.future();
  }

  /** Reads the body; its bytes count until it is complete and belongs to the caller. */
  private static Future<Response> buffered(Response response, long most) {
    Future<Response> whole = response.buffered(most);
    if (response.body() instanceof Body.Streamed body && body.memory() != null) {
      whole.onAny(done -> body.memory().close());
    }
    return whole;
  }

  /** The bytes of a message's body; throws if the body is a stream. */
  static Chunk bytes(Body body, Object message) {
    if (body instanceof Body.Streamed) {
      throw new IllegalStateException("the body is a stream: " + message);
    }
    return body instanceof Body.Bytes bytes ? bytes.content() : Chunk.empty();
  }

  static StatusException tooLarge(long most) {
    return new StatusException(
        Status.CONTENT_TOO_LARGE, "The body has more than " + most + " bytes.");
  }

  private Future<ControlFlow<Chunk>> add(Optional<Chunk> next) {
    if (next.isEmpty()) {
      return Future.of(ControlFlow.breakWith(whole()));
    }
    Chunk piece = next.get();
    if (!collected.add(piece)) {
      return refuse(tooLarge(most));
    }
    if (memory != null && !memory.tryTakeForBody(2L * piece.size(), collected.size())) {
      return refuse(
          new StatusException(Status.SERVICE_UNAVAILABLE, "There is no memory left for the body."));
    }
    return Future.of(ControlFlow.proceed());
  }

  private Future<ControlFlow<Chunk>> refuse(StatusException failure) {
    collected.clear();
    if (memory != null) {
      memory.resize(0);
    }
    reader.close(failure);
    return Future.failed(failure);
  }

  private Chunk whole() {
    Chunk whole = collected.whole();
    if (memory != null) {
      memory.resize(collected.size());
    }
    return whole;
  }
}

package io.libprocess.remote;

import io.libprocess.future.ControlFlow;
import io.libprocess.future.Future;
import io.libprocess.future.Futures;
import io.libprocess.http.Body;
import io.libprocess.http.Status;
import io.libprocess.http.StatusException;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.Pipe;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads the body of a message that arrives as a stream. One that is too large is read to its end
 * too, but not kept: the messages behind it are on the same connection, which many links may depend
 * on.
 */
final class MessageBody {

  private final int limit;
  private final List<Chunk> chunks = new ArrayList<>();
  private long size;

  private MessageBody(int limit) {
    this.limit = limit;
  }

  /** The whole body; fails with status 413, when all of it has arrived, if it is too large. */
  static Future<Chunk> read(Body.Streamed body, int limit) {
    Pipe.Reader<Chunk> reader = body.reader();
    MessageBody whole = new MessageBody(limit);
    return Futures.loop(reader::read, whole::add);
  }

  static StatusException tooLarge(int limit) {
    return new StatusException(
        Status.CONTENT_TOO_LARGE, "The body has more than " + limit + " bytes.");
  }

  private Future<ControlFlow<Chunk>> add(Optional<Chunk> next) {
    if (next.isEmpty()) {
      return size > limit
          ? Future.failed(tooLarge(limit))
          : Future.of(ControlFlow.breakWith(Chunk.join(chunks)));
    }
    size += next.get().size();
    if (size <= limit) {
      chunks.add(next.get());
    } else {
      chunks.clear();
    }
    return Future.of(ControlFlow.proceed());
  }
}

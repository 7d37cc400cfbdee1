package io.libprocess.remote;

import io.libprocess.future.ControlFlow;
import io.libprocess.future.Future;
import io.libprocess.future.Futures;
import io.libprocess.http.Body;
import io.libprocess.http.Status;
import io.libprocess.http.StatusException;
import io.libprocess.internal.MemoryBudget;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.Pipe;
import io.libprocess.stream.collect.ChunkCollector;
import java.util.Optional;

/**
 * Reads the body of a message that arrives as a stream. A body that is too large is also read to
 * its end, but not kept: later messages are on the same connection, on which many links may depend.
 * The same applies to one that is not small if there is no memory left for it.
 */
final class MessageBody {

  private static final String NO_MEMORY = "There is no memory left for the message.";

  private final int limit;
  private final MemoryBudget.Share memory;
  private final ChunkCollector collected;
  private boolean withoutMemory;

  private MessageBody(int limit, MemoryBudget.Share memory) {
    this.limit = limit;
    this.memory = memory;
    this.collected = new ChunkCollector(limit);
  }

  /**
   * Reads the whole body; fails, when all of it has arrived, with status 413 if it is too large,
   * and with 503 if there was no memory for it.
   *
   * @param memory the budget that it draws on while it is read
   */
  static Future<Chunk> read(Body.Streamed body, int limit, MemoryBudget memory) {
    Pipe.Reader<Chunk> reader = body.reader();
    MemoryBudget.Share share = memory.share();
    MessageBody whole = new MessageBody(limit, share);
    return Futures.loop(reader::read, whole::add).onAny(done -> share.close());
  }

  static StatusException tooLarge(int limit) {
    return new StatusException(
        Status.CONTENT_TOO_LARGE, "The body has more than " + limit + " bytes.");
  }

  /** Twice its size, since in the end the pieces are copied into one. */
  private static long cost(Chunk piece) {
    return 2L * piece.size() + MemoryBudget.OBJECT;
  }

  private Future<ControlFlow<Chunk>> add(Optional<Chunk> next) {
    if (next.isEmpty()) {
      if (collected.isOver()) {
        return Future.failed(tooLarge(limit));
      }
      return withoutMemory
          ? Future.failed(new StatusException(Status.SERVICE_UNAVAILABLE, NO_MEMORY))
          : Future.of(ControlFlow.breakWith(collected.whole()));
    }
    Chunk piece = next.get();
    if (!collected.add(piece)) {
      memory.resize(0);
    } else if (withoutMemory || !memory.tryTakeForBody(cost(piece), collected.size())) {
      withoutMemory = true;
      collected.clear();
      memory.resize(0);
    }
    return Future.of(ControlFlow.proceed());
  }
}

package io.libprocess.subprocess;

import io.libprocess.future.ControlFlow;
import io.libprocess.future.Failure;
import io.libprocess.future.Future;
import io.libprocess.future.Futures;
import io.libprocess.future.Promise;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.Pipe;
import io.libprocess.stream.collect.ChunkCollector;

/** Waits for a child and collects its output meanwhile, up to a number of bytes. */
final class Capture {

  private final Subprocess child;
  private final int limit;
  private final Promise<Captured> promise = new Promise<>();

  private Capture(Subprocess child, int limit) {
    this.child = child;
    this.limit = limit;
  }

  static Future<Captured> of(Subprocess child, int limit) {
    return new Capture(child, limit).start();
  }

  private Future<Captured> start() {
    promise
        .future()
        .onDiscard(
            () -> {
              promise.discard(); // First: later failures are only consequences.
              giveUp();
            });
    Futures.collect(child.status(), all(child.out().orElseThrow()), all(child.err().orElseThrow()))
        .onReady(all -> promise.set(new Captured(all.first(), all.second(), all.third())))
        .onFailed(
            failure -> {
              promise.fail(failure);
              giveUp();
            });
    return promise.future();
  }

  private void giveUp() {
    child.killTree();
    child.close();
  }

  private Future<Chunk> all(Pipe.Reader<Chunk> reader) {
    ChunkCollector collected = new ChunkCollector(limit);
    return Futures.loop(
        reader::read,
        next -> {
          if (next.isEmpty()) {
            return Future.of(ControlFlow.breakWith(collected.whole()));
          }
          if (!collected.add(next.get())) {
            Failure tooMuch =
                new Failure("'" + child + "' wrote more than " + limit + " bytes to an output");
            promise.fail(tooMuch);
            return Future.failed(tooMuch);
          }
          return Future.of(ControlFlow.proceed());
        });
  }
}

package io.libprocess.subprocess;

import io.libprocess.future.ControlFlow;
import io.libprocess.future.Future;
import io.libprocess.future.Futures;
import io.libprocess.future.Promise;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.Pipe;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * Carries the contents of a {@link Pipe} to a child's input. Whether a write will block is not
 * known, so each runs on a platform thread, which waits as long as the child does not read.
 */
final class InputPump {

  private static final int MOST_AT_ONCE = 64 << 10;

  private final OutputStream target;
  private final Executor executor;
  private final Runnable written;
  private final Pipe<Chunk> pipe = Pipe.bytes();

  /**
   * Makes a pump that does not run yet.
   *
   * @param executor runs the callbacks of the writers
   * @param written runs after each write, on any thread
   */
  InputPump(OutputStream target, Executor executor, Runnable written) {
    this.target = target;
    this.executor = executor;
    this.written = written;
  }

  Pipe.Writer<Chunk> writer() {
    return pipe.writer();
  }

  void start() {
    Futures.<Optional<Chunk>, Void>loop(executor, pipe.reader()::read, this::pass).onAny(this::end);
  }

  /** Drops the rest, because the child has ended and will not read it. */
  void childEnded() {
    pipe.reader().close();
  }

  private Future<ControlFlow<Void>> pass(Optional<Chunk> chunk) {
    if (chunk.isEmpty()) {
      return Future.of(ControlFlow.breakWith(null));
    }
    Promise<ControlFlow<Void>> passed = new Promise<>();
    BlockingThreads.shared().execute(() -> write(chunk.get(), passed));
    return passed.future();
  }

  private void write(Chunk chunk, Promise<ControlFlow<Void>> passed) {
    try {
      for (int from = 0; from < chunk.size(); from += MOST_AT_ONCE) {
        int to = Math.min(chunk.size(), from + MOST_AT_ONCE);
        target.write(bytes(chunk, from, to));
        target.flush();
        written.run();
      }
      // For instance a lack of memory: otherwise the writer would wait for ever.
    } catch (Throwable thrown) {
      passed.fail(thrown);
      return;
    } finally {
      chunk.release();
    }
    passed.set(ControlFlow.proceed());
  }

  private static byte[] bytes(Chunk chunk, int from, int to) {
    Chunk part = chunk.slice(from, to);
    try {
      return part.toArray();
    } finally {
      part.release();
    }
  }

  private void end(Future<Void> end) {
    if (end.isFailed()) {
      pipe.reader().close(end.failure());
    }
    try {
      target.close();
    } catch (IOException e) {
      // It will not be read.
    }
  }
}

package io.libprocess.net.tls;

import io.libprocess.internal.Reason;
import io.libprocess.net.Transport;
import java.util.ArrayDeque;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

/**
 * Runs the slow parts of handshakes, which an engine hands out as tasks. They run on the library's
 * threads for blocking calls; the engine must not be used meanwhile. Each call there has its own
 * thread, so only a limited number of handshakes compute at a time, and the others wait for their
 * turn: many clients that connect at once must not create as many threads. Thread-safe.
 */
final class HandshakeTasks {

  /** How many handshakes compute at a time. */
  static final int MOST = 64;

  /** The tasks of one handshake. */
  private record Handshake(SSLEngine engine, Transport.Channel raw, Consumer<Throwable> done) {

    void runTasks() {
      Throwable thrown = runAll(engine);
      raw.execute(() -> done.accept(thrown));
    }

    private static Throwable runAll(SSLEngine engine) {
      try {
        for (Runnable task = engine.getDelegatedTask(); task != null; ) {
          task.run();
          task = engine.getDelegatedTask();
        }
        return null;
      } catch (Throwable thrown) {
        return thrown;
      }
    }
  }

  // Guarded by the monitor of this.
  private final ArrayDeque<Handshake> waiting = new ArrayDeque<>();
  private int running;

  /**
   * Runs all tasks that an engine has, now or when it is their turn.
   *
   * @param done called on the polling thread with the exception that one of them threw, or null
   * @throws SSLException if they cannot be begun
   */
  void run(SSLEngine engine, Transport.Channel raw, Consumer<Throwable> done) throws SSLException {
    Handshake handshake = new Handshake(engine, raw, done);
    synchronized (this) {
      if (running == MOST) {
        waiting.add(handshake);
        return;
      }
      running++;
    }
    try {
      begin(handshake);
    } catch (RejectedExecutionException e) {
      beginNext();
      throw new SSLException(Reason.of(e), e);
    }
  }

  private void begin(Handshake handshake) {
    handshake
        .raw
        .threads()
        .blocking()
        .execute(
            () -> {
              try {
                handshake.runTasks();
              } finally {
                beginNext();
              }
            });
  }

  /** Begins the next handshake after one has ended. */
  private void beginNext() {
    for (Handshake next = next(); next != null; next = next()) {
      try {
        begin(next);
        return;
      } catch (RejectedExecutionException e) {
        Handshake refused = next;
        refused.raw.execute(() -> refused.done.accept(new SSLException(Reason.of(e), e)));
      }
    }
  }

  /** Removes the next handshake, in place of one that has ended; null if none waits. */
  private synchronized Handshake next() {
    Handshake next = waiting.poll();
    if (next == null) {
      running--;
    }
    return next;
  }
}

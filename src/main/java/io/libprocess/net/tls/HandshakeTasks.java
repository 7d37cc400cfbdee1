package io.libprocess.net.tls;

import io.libprocess.net.Transport;
import java.util.ArrayDeque;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

/**
 * What takes time in a handshake, which an engine gives out as tasks. They run where blocking calls
 * of the library do; nobody may use the engine meanwhile. Each call there has a thread of its own,
 * so only some handshakes compute at a time, and the others wait for their turn: many who connect
 * at once must not make as many threads. For any thread.
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

  // Guarded by this.
  private final ArrayDeque<Handshake> waiting = new ArrayDeque<>();
  private int running;

  /**
   * Runs all tasks that an engine has, now or when it is their turn.
   *
   * @param done told what one of them threw, or null; on the polling thread
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
      throw new SSLException(e.getMessage(), e);
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

  /** One has ended: begins the next that can be begun. */
  private void beginNext() {
    for (Handshake next = next(); next != null; next = next()) {
      try {
        begin(next);
        return;
      } catch (RejectedExecutionException e) {
        Handshake refused = next;
        refused.raw.execute(() -> refused.done.accept(new SSLException(e.getMessage(), e)));
      }
    }
  }

  /** The next in the place of one that has ended; null if none waits. */
  private synchronized Handshake next() {
    Handshake next = waiting.poll();
    if (next == null) {
      running--;
    }
    return next;
  }
}

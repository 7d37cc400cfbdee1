package io.libprocess.net.tls;

import io.libprocess.net.Transport;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

/**
 * What takes time in a handshake, which an engine gives out as tasks. They run where blocking calls
 * of the library do; nobody may use the engine meanwhile.
 */
final class HandshakeTasks {

  private HandshakeTasks() {}

  /**
   * Runs all that there are.
   *
   * @param done told what one of them threw, or null; on the polling thread
   * @throws SSLException if they cannot be begun
   */
  static void run(SSLEngine engine, Transport.Channel raw, Consumer<Throwable> done)
      throws SSLException {
    Runnable all =
        () -> {
          Throwable thrown = runAll(engine);
          raw.execute(() -> done.accept(thrown));
        };
    try {
      raw.threads().blocking().execute(all);
    } catch (RejectedExecutionException e) {
      throw new SSLException(e.getMessage(), e);
    }
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

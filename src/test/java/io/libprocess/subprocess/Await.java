package io.libprocess.subprocess;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.Pipe;
import java.time.Duration;
import java.time.Instant;

/** Waits for what comes from another process. */
final class Await {

  static final Duration LIMIT = Duration.ofSeconds(30);

  private Await() {}

  /** The value of a future that has to become ready. */
  static <T> T ready(Future<T> future) {
    assertTrue(future.await(LIMIT), () -> "still " + future);
    return future.get();
  }

  /** The message of the failure of a future that has to fail. */
  static String failure(Future<?> future) {
    assertTrue(future.await(LIMIT), () -> "still " + future);
    assertTrue(future.isFailed(), future::toString);
    return future.failure().getMessage();
  }

  static Subprocess started(Command command) {
    return ready(command.start());
  }

  static int exitCode(Command command) {
    return ready(started(command).status()).code();
  }

  interface Condition {
    boolean holds() throws Exception;
  }

  /** Waits for what no event tells. */
  static void until(Condition condition) throws Exception {
    Instant deadline = Instant.now().plus(LIMIT);
    while (!condition.holds()) {
      assertTrue(Instant.now().isBefore(deadline), "it does not come to that");
      Thread.yield();
    }
  }

  /** All that is left in a pipe. */
  static Future<String> text(Pipe.Reader<Chunk> reader) {
    return reader.toList().map(chunks -> Chunk.join(chunks).utf8());
  }
}

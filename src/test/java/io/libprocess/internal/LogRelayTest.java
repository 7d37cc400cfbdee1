package io.libprocess.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.support.Expect;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Threads that must not wait for the log do not, and their lines arrive if the log takes them. */
@Timeout(60)
class LogRelayTest {

  private static final String PREFIX = "relayed ";

  private final Logger logger = Logger.getLogger("io.libprocess");
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final CountDownLatch reached = new CountDownLatch(1);
  private volatile CountDownLatch gate = new CountDownLatch(0);
  private final Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord record) {
          if (record.getMessage().startsWith(PREFIX)) {
            reached.countDown();
            try {
              gate.await();
            } catch (InterruptedException e) {
              throw new IllegalStateException(e);
            }
            lines.add(record.getMessage().substring(PREFIX.length()));
          }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  @BeforeEach
  void attach() {
    logger.addHandler(handler);
    logger.setUseParentHandlers(false);
  }

  @AfterEach
  void detach() {
    gate.countDown();
    logger.removeHandler(handler);
    logger.setUseParentHandlers(true);
  }

  /** A thread that must not wait. */
  private static final class Hurried extends Thread implements NonBlocking {

    Hurried(Runnable body) {
      super(body);
      setDaemon(true);
    }

    @Override
    public boolean mustNotBlock() {
      return true;
    }

    static void run(Runnable body) throws InterruptedException {
      Hurried thread = new Hurried(body);
      thread.start();
      thread.join(1000 * Expect.SECONDS);
      assertFalse(thread.isAlive());
    }
  }

  @Test
  void lines_arriveInOrder() throws Exception {
    Hurried.run(
        () -> {
          for (int i = 0; i < 100; i++) {
            Log.warning(PREFIX + i);
          }
        });

    awaitLines(100);
    assertEquals(IntStream.range(0, 100).mapToObj(i -> "" + i).toList(), lines);
  }

  @Test
  void logThatBlocks_holdsUpNobodyAndGetsTheLinesLater() throws Exception {
    gate = new CountDownLatch(1);
    Hurried.run(
        () -> {
          for (int i = 0; i < 10; i++) {
            Log.warning(PREFIX + i);
          }
        });
    assertTrue(reached.await(Expect.SECONDS, TimeUnit.SECONDS));
    assertEquals(List.of(), lines);

    gate.countDown();
    awaitLines(10);
    assertEquals(List.of("0", "1", "2", "3", "4", "5", "6", "7", "8", "9"), lines);
  }

  @Test
  void linesBeyondALimit_areLostAndLaterOnesLoggedAgain() throws Exception {
    LogRelay relay = new LogRelay(); // The common one may have lines of others.
    gate = new CountDownLatch(1);
    warn(relay, "first");
    assertTrue(reached.await(Expect.SECONDS, TimeUnit.SECONDS));
    for (int i = 0; i < 1000; i++) {
      warn(relay, "" + i);
    }
    gate.countDown();
    awaitLines(257);
    warn(relay, "later");
    awaitLines(258);

    assertEquals("255", lines.get(256));
    assertEquals("later", lines.get(257));
  }

  private static void warn(LogRelay relay, String text) {
    relay.log(System.getLogger("io.libprocess"), Level.WARNING, PREFIX + text, null);
  }

  private void awaitLines(int number) throws InterruptedException {
    while (lines.size() < number) {
      Thread.sleep(1);
    }
  }
}

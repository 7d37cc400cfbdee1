package io.libprocess;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.libprocess.future.Future;
import io.libprocess.support.Expect;
import io.libprocess.support.LogCapture;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;

/** A node whose workers all hang, in handlers or in the log, goes on with everything else. */
@Timeout(120)
@Isolated // Nobody else can log meanwhile.
class BlockedThreadsTest {

  private static final int BLOCKED = 6;

  private final CountDownLatch goOn = new CountDownLatch(1);
  private final CountDownLatch blocked = new CountDownLatch(BLOCKED);
  private final LogCapture log = new LogCapture();
  private final Node node =
      Node.start(Config.builder().workers(2).stallThreshold(Duration.ofMillis(50)).build());

  private static final class Server extends Process<Server> {

    int answer() {
      return 42;
    }

    Future<Integer> ask(PID<Server> other) {
      return other.call(Server::answer);
    }

    void fail() {
      throw new IllegalStateException("on purpose");
    }
  }

  @AfterEach
  void close() {
    goOn.countDown();
    node.close();
    log.close();
  }

  private void block() {
    blocked.countDown();
    Expect.opened(goOn);
  }

  private void othersGoOn() {
    Expect.opened(blocked);
    PID<Server> first = node.spawn(new Server());
    PID<Server> second = node.spawn(new Server());
    for (int i = 0; i < 10; i++) {
      Future<Integer> answer = first.callAsync(server -> server.ask(second));
      assertEquals(Integer.valueOf(42), Expect.ready(answer));
    }
  }

  @Test
  void handlersThatHang_leaveOthersTheirAnswers() {
    for (int i = 0; i < BLOCKED; i++) {
      node.spawn(new Server()).dispatch(server -> block());
    }
    othersGoOn();
  }

  @Test
  void logThatHangs_leavesOthersTheirAnswers() {
    Logger logger = Logger.getLogger("io.libprocess");
    Handler hanging =
        new Handler() {
          @Override
          public void publish(LogRecord record) {
            block();
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    logger.addHandler(hanging);
    try {
      for (int i = 0; i < BLOCKED; i++) {
        node.spawn(new Server()).dispatch(Server::fail); // One of the lines is of a stall.
      }
      othersGoOn();
    } finally {
      goOn.countDown();
      logger.removeHandler(hanging);
    }
  }
}

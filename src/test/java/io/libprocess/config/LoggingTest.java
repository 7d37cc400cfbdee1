package io.libprocess.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.Config;
import io.libprocess.Node;
import io.libprocess.http.Request;
import io.libprocess.http.Url;
import io.libprocess.support.Expect;
import java.time.Duration;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The level of the log, set from within a program. */
class LoggingTest {

  private static final Duration LONG = Duration.ofDays(1);

  private final int original = Logging.level();

  @AfterEach
  void end() {
    Logging.setLevel(original, LONG);
  }

  @Test
  void level_isThatOfTheLoggersAndOfTheEndpoint() {
    Logger logger = Logger.getLogger("io.libprocess.some");
    assertFalse(logger.isLoggable(Level.FINER));
    try (Node node = Node.start(Config.builder().build())) {
      Logging.setLevel(2, LONG);
      assertEquals(2, Logging.level());
      assertTrue(logger.isLoggable(Level.FINER));
      Url url = Url.parse("http://" + node.address() + "/logging/toggle");
      assertEquals(
          "2\n", Expect.ready(node.http().send(url, Request.get("/logging/toggle"))).text());
    } // Which has not raised it.
    assertEquals(2, Logging.level());
    Logging.setLevel(original, LONG);
    assertFalse(logger.isLoggable(Level.FINER));
    assertEquals(original, Logging.level());
  }

  @Test
  void levelRaisedByANode_endsWithTheNode() {
    try (Node node = Node.start(Config.builder().build())) {
      Url url = Url.parse("http://" + node.address() + "/logging/toggle?level=3&duration=1days");
      Request request = Request.get("/logging/toggle?level=3&duration=1days");
      assertEquals(200, Expect.ready(node.http().send(url, request)).status().code());
      assertEquals(3, Logging.level());
    }
    assertEquals(original, Logging.level());
  }

  @Test
  void level_endsWhenItsTimeIsOver() {
    Logging.setLevel(original + 1, Duration.ofMillis(1));
    Expect.until(() -> Logging.level() == original);
  }

  @Test
  void levelBelowThatWithoutAnyRaise_isRefused() {
    Logging.setLevel(original + 1, LONG);
    assertThrows(IllegalArgumentException.class, () -> Logging.setLevel(original - 1, LONG));
    assertEquals(original + 1, Logging.level());
  }
}

package io.libprocess.endpoints;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.logging.ConsoleHandler;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LoggingToggleTest {

  /** Levels that are only numbers. */
  private static final class Numbers implements LogLevels {
    private int level;

    Numbers(int level) {
      this.level = level;
    }

    @Override
    public int level() {
      return level;
    }

    @Override
    public void set(int level) {
      this.level = level;
    }
  }

  private final Clock clock = Clock.paused(Instant.EPOCH);
  private final Numbers numbers = new Numbers(1);
  private final LogRaise raise = new LogRaise(Optional.of(numbers));
  private final LoggingToggle toggle = new LoggingToggle(clock, raise);

  @AfterEach
  void closeClock() {
    clock.close();
  }

  private Response get(String query) {
    return toggle.answer(Request.get("/logging/toggle" + query));
  }

  private void passes(int seconds) {
    clock.advance(Duration.ofSeconds(seconds));
    clock.settle();
  }

  @Test
  void withoutParameters_theLevelIsRead() {
    assertEquals(200, get("").status().code());
    assertEquals("1\n", get("").text());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "?level=2 | Expecting 'duration=value' in query.",
        "?duration=1secs | Expecting 'level=value' in query.",
        "?level=x&duration=1secs | Failed to convert 'x' to number.",
        "?level=-1&duration=1secs | Invalid level '-1'.",
        "?level=0&duration=1secs | '0' < original level.",
        "?level=2&duration=soon | not a duration such as 500ms or 2secs (ns us ms s secs mins hrs"
            + " days weeks): 'soon'."
      })
  void whatIsWrong_isSaid(String query, String text) {
    assertEquals(400, get(query).status().code());
    assertEquals(text + "\n", get(query).text());
    assertEquals(1, numbers.level());
  }

  @Test
  void level_isRaisedForATime() {
    Response answer = get("?level=2&duration=10secs");
    assertEquals(200, answer.status().code());
    assertEquals("", answer.text());
    assertEquals("2\n", get("").text());
    passes(9);
    assertEquals(2, numbers.level());
    passes(1);
    assertEquals(1, numbers.level());
  }

  @Test
  void laterToggle_replacesTheDeadline() {
    get("?level=2&duration=10secs");
    passes(5);
    get("?level=3&duration=10secs");
    passes(6);
    assertEquals(3, numbers.level());
    passes(4);
    assertEquals(1, numbers.level());
  }

  @Test
  void originalLevel_endsTheRaise() {
    get("?level=2&duration=10secs");
    get("?level=1&duration=1secs");
    assertEquals(1, numbers.level());
    get("?level=3&duration=20secs");
    passes(15); // The timer of the first would have fired.
    assertEquals(3, numbers.level());
  }

  @Test
  void endOfTheEndpoint_restoresTheLevel() {
    Endpoint endpoint = toggle.endpoint();
    assertEquals(Realms.READ_WRITE, endpoint.routes().get(0).route().realm().orElseThrow());
    get("?level=2&duration=10secs");
    endpoint.whenEnded().run();
    assertEquals(1, numbers.level());
  }

  /** The loggers are those of the JVM. */
  @Test
  void laterToggleOfAnotherNode_replacesThatOfTheFirst() {
    try (Clock otherClock = Clock.paused(Instant.EPOCH)) {
      LoggingToggle other = new LoggingToggle(otherClock, raise);
      get("?level=2&duration=10secs");
      assertEquals("2\n", other.answer(Request.get("/logging/toggle")).text());
      other.answer(Request.get("/logging/toggle?level=3&duration=10secs"));
      passes(20);
      assertEquals("3\n", get("").text());
      toggle.endpoint().whenEnded().run(); // Which it has not raised.
      assertEquals(3, numbers.level());
      otherClock.advance(Duration.ofSeconds(10));
      otherClock.settle();
      assertEquals("1\n", get("").text());
    }
  }

  /** Whoever else sets the level of the loggers is not overruled by a raise that is over. */
  @Test
  void levelThatTheProgramHasChanged_isTheOneThatCounts() {
    get("?level=2&duration=10secs");
    passes(10);
    numbers.set(0);
    assertEquals("0\n", get("").text());
    assertEquals(200, get("?level=1&duration=10secs").status().code());
    passes(10);
    assertEquals(0, numbers.level());
  }

  @Test
  void logThatIsNoneOfTheJdk_isNamed() {
    Response answer =
        new LoggingToggle(clock, new LogRaise(Optional.empty()))
            .answer(Request.get("/logging/toggle"));
    assertEquals(400, answer.status().code());
    assertTrue(answer.text().contains("not to java.util.logging"), answer.text());
  }

  @Test
  void levelsOfTheJdk_reachHandlersToo() {
    Logger logger = Logger.getLogger("io.libprocess");
    Level before = logger.getLevel();
    Handler handler = new ConsoleHandler();
    handler.setLevel(Level.WARNING);
    logger.setLevel(null);
    logger.addHandler(handler);
    try {
      LogLevels levels = LogLevels.ofJvm().orElseThrow();
      assertEquals(0, levels.level());
      levels.set(1);
      assertTrue(logger.isLoggable(Level.FINE));
      assertFalse(logger.isLoggable(Level.FINER));
      assertEquals(Level.FINE, handler.getLevel());
      levels.set(7);
      assertEquals(7, levels.level());
      assertTrue(logger.isLoggable(Level.FINEST));
      levels.set(0);
      assertEquals(Level.WARNING, handler.getLevel());
      assertEquals(null, logger.getLevel());
    } finally {
      logger.removeHandler(handler);
      logger.setLevel(before);
    }
  }
}

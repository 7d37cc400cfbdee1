package io.libprocess.observer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.internal.json.Json;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.logging.ErrorManager;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The lines of the log that an open page gets. */
class LogTailTest {

  private static final class Lines implements LogTail.Source {
    private Consumer<LogTail.Line> to;

    @Override
    public void begin(Consumer<LogTail.Line> lines) {
      to = lines;
    }

    @Override
    public void end() {
      to = null;
    }
  }

  /** An exception that cannot be described. */
  private static final class Broken extends RuntimeException {
    private static final long serialVersionUID = 1L;

    @Override
    public void printStackTrace(PrintWriter to) {
      throw new IllegalStateException("no stack");
    }
  }

  private final Lines source = new Lines();
  private final LogTail tail = new LogTail(Optional.of(source));
  private final LogTail ofJvm = new LogTail();
  private final Logger logger = Logger.getLogger("LogTailTest");

  @AfterEach
  void end() {
    ofJvm.end();
  }

  private static List<?> taken(LogTail from) {
    return (List<?>) Json.parse(from.take());
  }

  private static LogTail.Line line(String text) {
    return new LogTail.Line(Instant.EPOCH, "INFO", "some", text, "");
  }

  @Test
  void lines_areTakenOnce_andTheirLossIsCounted() {
    tail.begin();
    for (int i = 0; i < 502; i++) {
      source.to.accept(line("line " + i));
    }
    List<?> taken = taken(tail);
    assertEquals("2", taken.get(0).toString());
    assertEquals(501, taken.size());
    assertEquals("line 2", ((List<?>) taken.get(1)).get(3));
    assertEquals("[0]", tail.take());
  }

  @Test
  void longTexts_areCut() {
    tail.begin();
    source.to.accept(line("x".repeat(100_000)));
    String text = (String) ((List<?>) taken(tail).get(1)).get(3);
    assertEquals(8_004, text.length());
    assertTrue(text.endsWith("x ..."), text);
  }

  private static final class Silent extends ErrorManager {
    @Override
    public synchronized void error(String what, Exception thrown, int code) {}
  }

  /** What the observer cannot show must not hit the code that logs. */
  @Test
  void exceptionThatCannotBePrinted_isNamed() {
    ofJvm.begin();
    logger.setUseParentHandlers(true);
    Handler[] handlers = Logger.getLogger("").getHandlers();
    List<ErrorManager> before = Stream.of(handlers).map(Handler::getErrorManager).toList();
    for (Handler handler : handlers) {
      handler.setErrorManager(new Silent()); // The JDK's own cannot write it either, and says so.
    }
    logger.log(Level.WARNING, "broken", new Broken());
    for (int i = 0; i < handlers.length; i++) {
      handlers[i].setErrorManager(before.get(i));
    }
    String taken = ofJvm.take();
    assertTrue(taken.contains("\"broken\",\"" + Broken.class.getName()), taken);
  }

  @Test
  void lineWithoutText_isEmpty() {
    ofJvm.begin();
    logger.log(Level.WARNING, (String) null);
    String taken = ofJvm.take();
    assertTrue(taken.contains("\"WARNING\",\"LogTailTest\",\"\",\"\""), taken);
  }
}

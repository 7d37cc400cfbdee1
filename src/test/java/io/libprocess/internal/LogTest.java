package io.libprocess.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.support.Indescribable;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

/** Log lines arrive, and failures on their way do not spread. */
@ResourceLock(Resources.SYSTEM_ERR)
class LogTest {

  private static final String FALLBACK = "io.libprocess: a line could not be logged\n";

  /** Keeps the log records of the thread that made it; throws on request. */
  private static final class TestHandler extends Handler {
    final long thread = Thread.currentThread().getId(); // Others may still come to their end.
    final List<LogRecord> records = new ArrayList<>();
    Throwable thrown;
    boolean format;

    @Override
    public void publish(LogRecord record) {
      if (record.getLongThreadID() != thread) {
        return;
      }
      if (thrown instanceof Error error) {
        throw error;
      }
      if (thrown instanceof RuntimeException exception) {
        throw exception;
      }
      if (format) {
        new SimpleFormatter().format(record);
      }
      records.add(record);
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  private final Logger logger = Logger.getLogger("io.libprocess");
  private final TestHandler handler = new TestHandler();
  private final PrintStream standardError = System.err;
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();

  @BeforeEach
  void capture() {
    logger.addHandler(handler);
    logger.setUseParentHandlers(false);
    System.setErr(new PrintStream(written, true, StandardCharsets.UTF_8));
  }

  @AfterEach
  void release() {
    System.setErr(standardError);
    logger.removeHandler(handler);
    logger.setUseParentHandlers(true);
  }

  @Test
  void line_arrivesWithItsCauseAndLevel() {
    Exception cause = new Exception("on purpose");

    Log.error("first", cause);
    Log.warning(() -> "second");
    Log.info(() -> "third {0}");

    assertEquals(
        List.of("first", "second", "third {0}"),
        handler.records.stream().map(new SimpleFormatter()::formatMessage).toList());
    assertEquals(
        List.of("SEVERE", "WARNING", "INFO"),
        handler.records.stream().map(record -> record.getLevel().getName()).toList());
    assertEquals(cause, handler.records.get(0).getThrown());
    assertEquals("", stderr());
  }

  @Test
  void supplier_isNotAskedForWhatIsNotLogged() {
    Log.debug(
        () -> {
          throw new AssertionError("nobody wants to know");
        });

    assertEquals(List.of(), handler.records);
    assertEquals("", stderr());
  }

  @Test
  void handlerThatThrows_leavesTheLineOnStandardError() {
    for (Throwable thrown :
        List.of(
            new IllegalStateException("broken"),
            new OutOfMemoryError("broken"),
            new StackOverflowError("broken"))) {
      written.reset();
      handler.thrown = thrown;

      Log.error("text", new Exception("cause"));

      assertTrue(stderr().contains("text: java.lang.Exception: cause"), stderr());
      assertTrue(stderr().contains("broken"), stderr());
    }
  }

  @Test
  void supplierThatThrows_leavesTheCauseOnStandardError() {
    Log.warning(
        () -> {
          throw new OutOfMemoryError("no text");
        },
        new Exception("cause"));

    assertEquals(List.of(), handler.records);
    assertTrue(stderr().contains("cause"), stderr());
    assertTrue(stderr().contains("no text"), stderr());
  }

  @Test
  void causeThatCannotBeDescribed_isNamedByItsClass() {
    handler.format = true;

    Log.error("text", new Indescribable());

    assertTrue(stderr().contains("text: " + Indescribable.class.getName()), stderr());
  }

  @Test
  void standardErrorThatTakesNoText_getsTheBytesMadeInAdvance() {
    handler.thrown = new OutOfMemoryError("broken");
    System.setErr(
        new PrintStream(written, true, StandardCharsets.UTF_8) {
          @Override
          public void println(String line) {
            throw new OutOfMemoryError("no memory for a line");
          }
        });

    Log.error("text", new Exception("cause"));

    assertEquals(FALLBACK, stderr());
  }

  @Test
  void standardErrorThatTakesNothing_losesTheLineOnly() {
    handler.thrown = new IllegalStateException("broken");
    System.setErr(
        new PrintStream(OutputStream.nullOutputStream()) {
          @Override
          public void println(String line) {
            throw new IllegalStateException("broken too");
          }

          @Override
          public void write(byte[] bytes, int from, int length) {
            throw new IllegalStateException("broken too");
          }
        });

    Log.error("text", new Exception("cause"));

    assertFalse(stderr().contains("text"));
  }

  private String stderr() {
    return written.toString(StandardCharsets.UTF_8);
  }
}

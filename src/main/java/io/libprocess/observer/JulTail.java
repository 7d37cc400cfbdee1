package io.libprocess.observer;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.function.Consumer;
import java.util.logging.ErrorManager;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/**
 * A source of lines of {@code java.util.logging}, from a handler of its root logger. Only loaded if
 * there is such a module.
 */
final class JulTail implements LogTail.Source {

  private static final class Lines extends Handler {

    private final SimpleFormatter formatter = new SimpleFormatter();
    private final Consumer<LogTail.Line> lines;

    Lines(Consumer<LogTail.Line> lines) {
      this.lines = lines;
      setLevel(Level.ALL);
    }

    /** Never throws, because that would hit the code that logs. */
    @Override
    public void publish(LogRecord record) {
      try {
        lines.accept(line(record));
      } catch (Throwable broken) { // A text cannot be made, or memory or stack has run out.
        reportError("A line could not be shown in the observer", null, ErrorManager.FORMAT_FAILURE);
      }
    }

    private LogTail.Line line(LogRecord record) {
      String logger = record.getLoggerName() == null ? "" : record.getLoggerName();
      String text = formatter.formatMessage(record);
      return new LogTail.Line(
          record.getInstant(),
          record.getLevel().getName(),
          logger,
          text == null ? "" : text,
          stack(record.getThrown()));
    }

    private static String stack(Throwable thrown) {
      if (thrown == null) {
        return "";
      }
      try {
        StringWriter text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text));
        return text.toString();
      } catch (Throwable indescribable) { // Of the user's exception.
        return thrown.getClass().getName() + ", which cannot be printed";
      }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  private final Logger root = Logger.getLogger("");
  private Handler handler; // Guarded by this; null while no lines are needed.

  @Override
  public synchronized void begin(Consumer<LogTail.Line> lines) {
    if (handler == null) {
      handler = new Lines(lines);
      root.addHandler(handler);
    }
  }

  @Override
  public synchronized void end() {
    if (handler != null) {
      root.removeHandler(handler);
      handler = null;
    }
  }
}

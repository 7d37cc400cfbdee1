package io.libprocess;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** What is logged from its construction to its close, which it keeps off the console. */
final class LogCapture extends Handler implements AutoCloseable {

  private final Logger logger = Logger.getLogger("io.libprocess");
  private final BlockingQueue<LogRecord> records = new LinkedBlockingQueue<>();
  private final SimpleFormatter formatter = new SimpleFormatter();

  LogCapture() {
    logger.addHandler(this);
    logger.setUseParentHandlers(false);
  }

  @Override
  public void publish(LogRecord record) {
    records.add(record);
  }

  /** Waits for a record whose text contains something. */
  LogRecord await(String part) throws InterruptedException {
    List<String> others = new ArrayList<>();
    for (; ; ) {
      LogRecord record = records.poll(Expect.SECONDS, TimeUnit.SECONDS);
      if (record == null) {
        throw new AssertionError("not logged: " + part + ", but: " + others);
      }
      if (text(record).contains(part)) {
        return record;
      }
      others.add(text(record));
    }
  }

  /** How many of the records not yet awaited are such. */
  long count(Predicate<String> text) {
    return records.stream().map(this::text).filter(text).count();
  }

  String text(LogRecord record) {
    return formatter.formatMessage(record);
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    logger.removeHandler(this);
    logger.setUseParentHandlers(true);
  }
}

package io.libprocess.future;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What is logged from construction to close, instead of on the console. */
final class LogCapture extends Handler implements AutoCloseable {

  private final Logger logger = Logger.getLogger("io.libprocess");
  private final List<LogRecord> records = Collections.synchronizedList(new ArrayList<>());

  LogCapture() {
    logger.setUseParentHandlers(false);
    logger.addHandler(this);
  }

  /** What was thrown, in the order of the log. */
  List<Throwable> thrown() {
    synchronized (records) {
      return records.stream().map(LogRecord::getThrown).toList();
    }
  }

  List<LogRecord> records() {
    return List.copyOf(records);
  }

  @Override
  public void publish(LogRecord record) {
    records.add(record);
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    logger.removeHandler(this);
    logger.setUseParentHandlers(true);
  }
}

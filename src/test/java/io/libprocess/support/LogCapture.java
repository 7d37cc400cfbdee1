package io.libprocess.support;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** Captures the log from its construction to its close, and keeps it off the console. */
public final class LogCapture extends Handler implements AutoCloseable {

  /** Of all captures, which may be closed in any order. */
  private static final AtomicInteger OPEN = new AtomicInteger();

  private final Logger logger = Logger.getLogger("io.libprocess");
  private final List<LogRecord> all = Collections.synchronizedList(new ArrayList<>());
  private final BlockingQueue<LogRecord> fresh = new LinkedBlockingQueue<>();
  private final SimpleFormatter formatter = new SimpleFormatter();

  public LogCapture() {
    logger.addHandler(this);
    OPEN.incrementAndGet();
    logger.setUseParentHandlers(false);
  }

  @Override
  public void publish(LogRecord record) {
    all.add(record);
    fresh.add(record);
  }

  /** Waits for a record whose text contains a part. */
  public LogRecord await(String part) throws InterruptedException {
    List<String> others = new ArrayList<>();
    for (; ; ) {
      LogRecord record = fresh.poll(Expect.SECONDS, TimeUnit.SECONDS);
      if (record == null) {
        throw new AssertionError("not logged: " + part + ", but: " + others);
      }
      if (text(record).contains(part)) {
        return record;
      }
      others.add(text(record));
    }
  }

  /** How many of the records not yet awaited match. */
  public long count(Predicate<String> text) {
    return fresh.stream().map(this::text).filter(text).count();
  }

  /** All so far. */
  public List<LogRecord> records() {
    synchronized (all) { // As its iterator asks for.
      return List.copyOf(all);
    }
  }

  /** The causes of all so far, null for a record without one. */
  public List<Throwable> thrown() {
    return records().stream().map(LogRecord::getThrown).toList();
  }

  /** The texts of all warnings and errors so far. */
  public List<String> warnings() {
    return records().stream()
        .filter(record -> record.getLevel().intValue() >= Level.WARNING.intValue())
        .map(this::text)
        .toList();
  }

  public String text(LogRecord record) {
    return formatter.formatMessage(record);
  }

  /** All so far, with stacks, as it would have been on the console. */
  public String format() {
    StringBuilder text = new StringBuilder();
    for (LogRecord record : records()) {
      try {
        text.append(formatter.format(record));
      } catch (Throwable indescribable) {
        text.append(text(record)).append(", whose cause cannot be printed\n");
      }
    }
    return text.toString();
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    logger.removeHandler(this);
    logger.setUseParentHandlers(OPEN.decrementAndGet() == 0);
  }
}

package io.libprocess.internal;

import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Logs the lines of threads that must not wait for the log, on a thread of its own that ends when
 * there is nothing to do. A log may block for ever, for instance if it writes into a pipe that
 * nobody reads.
 *
 * <p>As long as the log keeps up, a caller waits until its line is logged, so that what follows
 * comes after the line. Once the log has been too slow, callers leave their lines behind, until all
 * are logged; when too many are waiting, further ones are lost.
 */
final class LogRelay {

  private static final int MOST_WAITING = 256;
  private static final long PATIENCE_NANOS = 50_000_000;
  private static final long IDLE_NANOS = 200_000_000;
  private static final long PAUSE_AFTER_FAILURE_NANOS = 5_000_000;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition more = lock.newCondition();
  private final Condition less = lock.newCondition();

  // Guarded by the lock.
  private final ArrayDeque<Line> waiting = new ArrayDeque<>();
  private boolean running; // Whether there is a thread.
  private boolean late; // Whether a caller has waited in vain and there are still lines.

  private static final class Line {
    final System.Logger logger;
    final Level level;
    final String text;
    final Throwable cause;
    boolean logged; // Guarded by the lock.

    Line(System.Logger logger, Level level, String text, Throwable cause) {
      this.logger = logger;
      this.level = level;
      this.text = text;
      this.cause = cause;
    }
  }

  /** Logs a line, or leaves it to be logged. */
  void log(System.Logger logger, Level level, String text, Throwable cause) {
    Line line = new Line(logger, level, text, cause);
    lock.lock();
    try {
      if (waiting.size() < MOST_WAITING) {
        startIfNeeded();
        waiting.add(line);
        more.signal();
        late = late || !isLogged(line);
      }
    } finally {
      lock.unlock();
    }
  }

  private boolean isLogged(Line line) {
    boolean interrupted = false;
    for (long left = PATIENCE_NANOS; !line.logged && left > 0; ) {
      try {
        left = less.awaitNanos(left);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return line.logged;
  }

  private void startIfNeeded() {
    if (!running) {
      Thread thread = new Thread(null, this::run, "libprocess-log", 0, false);
      thread.setDaemon(true);
      thread.setContextClassLoader(LogRelay.class.getClassLoader());
      thread.start();
      running = true;
    }
  }

  private void run() {
    boolean mayBeMore = true;
    while (mayBeMore) {
      try {
        mayBeMore = logNext();
      } catch (Throwable thrown) { // There is no memory even to wait.
        LockSupport.parkNanos(this, PAUSE_AFTER_FAILURE_NANOS);
      }
    }
  }

  /** Logs the next line; false if this thread ends, because there has been none for a while. */
  private boolean logNext() {
    Line line = next();
    if (line == null) {
      return false;
    }
    try {
      Log.deliver(line.logger, line.level, line.text, line.cause);
    } finally {
      logged(line);
    }
    return true;
  }

  /** The next line; null if there has been none for a while. */
  private Line next() {
    lock.lock();
    try {
      for (long left = IDLE_NANOS; waiting.isEmpty() && left > 0; ) {
        try {
          left = more.awaitNanos(left);
        } catch (InterruptedException e) {
          // By the log; nobody else knows this thread.
        }
      }
      running = !waiting.isEmpty();
      return waiting.poll();
    } finally {
      lock.unlock();
    }
  }

  private void logged(Line line) {
    lock.lock();
    try {
      line.logged = true;
      late = late && !waiting.isEmpty();
      less.signalAll();
    } finally {
      lock.unlock();
    }
  }
}

package io.libprocess.remote;

import io.libprocess.internal.Log;
import java.util.function.Supplier;

/**
 * Logs events of connections to other nodes, but limits the number of lines: messages from
 * strangers can make a node connect to any number of addresses. Thread-safe.
 */
final class ConnectionLog {

  /** How many lines are logged in a period. */
  static final int MOST = 20;

  static final long PERIOD_NANOS = 10_000_000_000L;

  // Guarded by the monitor of this.
  private long began; // The period's start, in nanoseconds; meaningless before the first line.
  private int lines;
  private long leftOut;

  /** Logs a warning, unless there have been too many. */
  void warn(long now, Supplier<String> text) {
    boolean logged;
    long before = 0;
    synchronized (this) {
      if (lines > 0 && now - began >= PERIOD_NANOS) {
        before = leftOut;
        lines = 0;
        leftOut = 0;
      }
      if (lines == 0) {
        began = now;
      }
      logged = lines < MOST;
      lines += logged ? 1 : 0;
      leftOut += logged ? 0 : 1;
    }
    if (before > 0) {
      Log.warning(
          before
              + (before == 1 ? " more warning" : " more warnings")
              + " about connections to other nodes left out");
    }
    if (logged) {
      Log.warning(text.get());
    }
  }
}

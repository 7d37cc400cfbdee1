package io.libprocess;

import io.libprocess.internal.Log;
import io.libprocess.metrics.Counter;
import java.time.Duration;
import java.util.function.BiConsumer;

/** Says who has been serving an event for too long, and where, and counts how often. */
record StallReport(Duration threshold, Counter stalls) implements BiConsumer<Thread, Object> {

  @Override
  public void accept(Thread thread, Object context) {
    stalls.increment();
    Object running = context instanceof UPID pid ? pid : thread.getName();
    StringBuilder stack = new StringBuilder();
    for (StackTraceElement frame : thread.getStackTrace()) {
      stack.append(System.lineSeparator()).append("    at ").append(frame);
    }
    Log.warning(
        "Process "
            + running
            + " has been serving one event for more than "
            + threshold
            + ":"
            + stack);
  }
}

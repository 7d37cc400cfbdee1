package io.libprocess;

import io.libprocess.metrics.Counter;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.function.BiConsumer;

/** Says who has been serving an event for too long, and where, and counts how often. */
record StallReport(Duration threshold, Counter stalls) implements BiConsumer<Thread, Object> {

  private static final System.Logger LOGGER = System.getLogger("io.libprocess");

  @Override
  public void accept(Thread thread, Object context) {
    stalls.increment();
    Object running = context instanceof UPID pid ? pid : thread.getName();
    StringBuilder stack = new StringBuilder();
    for (StackTraceElement frame : thread.getStackTrace()) {
      stack.append(System.lineSeparator()).append("    at ").append(frame);
    }
    LOGGER.log(
        Level.WARNING,
        "Process {0} has been serving one event for more than {1}:{2}",
        running,
        threshold,
        stack);
  }
}

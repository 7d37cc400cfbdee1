package io.libprocess.node;

import io.libprocess.UPID;
import io.libprocess.internal.Log;
import io.libprocess.metrics.Counter;
import java.time.Duration;
import java.util.function.BiConsumer;

/**
 * Says who has been serving an event for too long, and where, and counts how often.
 *
 * @param threshold how long is too long
 * @param stalls counts
 */
public record StallReport(Duration threshold, Counter stalls)
    implements BiConsumer<Thread, Object> {

  @Override
  public void accept(Thread thread, Object context) {
    stalls.increment();
    String running =
        context instanceof UPID pid
            ? "Process " + pid + " has been serving one event"
            : "Thread " + thread.getName() + " has been running one callback";
    StringBuilder stack = new StringBuilder();
    for (StackTraceElement frame : thread.getStackTrace()) {
      stack.append(System.lineSeparator()).append("    at ").append(frame);
    }
    Log.warning(running + " for more than " + threshold + ":" + stack);
  }
}

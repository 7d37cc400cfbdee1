package io.libprocess.http.http2;

import io.libprocess.time.Clock;
import io.libprocess.time.Times;
import java.time.Instant;

/** The value of the field {@code date}, made once a second. Thread-safe. */
public final class DateValue {

  private record Value(long second, String text) {}

  private final Clock clock;
  private volatile Value current = new Value(Long.MIN_VALUE, "");

  public DateValue(Clock clock) {
    this.clock = clock;
  }

  /** The current value. */
  public String text() {
    Instant now = clock.now();
    Value value = current;
    if (value.second != now.getEpochSecond()) {
      value = new Value(now.getEpochSecond(), Times.rfc1123(now));
      current = value;
    }
    return value.text;
  }
}

package io.libprocess.http.http1;

import io.libprocess.time.Clock;
import io.libprocess.time.Times;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/** The line of the {@code Date} header, made once a second. Thread-safe. */
public final class DateHeader {

  private record Line(long second, byte[] bytes) {}

  private final Clock clock;
  private volatile Line current = new Line(Long.MIN_VALUE, new byte[0]);

  public DateHeader(Clock clock) {
    this.clock = clock;
  }

  /** The current line, with its line end; must not be written to. */
  byte[] line() {
    Instant now = clock.now();
    Line line = current;
    if (line.second != now.getEpochSecond()) {
      String text = "Date: " + Times.rfc1123(now) + "\r\n";
      line = new Line(now.getEpochSecond(), text.getBytes(StandardCharsets.US_ASCII));
      current = line;
    }
    return line.bytes;
  }
}

package io.libprocess.observer;

import io.libprocess.internal.LogBackend;
import io.libprocess.internal.json.JsonWriter;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The tail of the log while a page is open: lines of the library, and of other code that logs
 * through the same backend as {@link System.Logger}, if that is {@code java.util.logging}. It keeps
 * the last lines until they are taken. All methods may be called from any thread.
 */
final class LogTail {

  /** How many lines are kept until the next look. */
  private static final int MOST_LINES = 500;

  private static final int MOST_CHARACTERS = 8_000;

  /** A line. */
  record Line(Instant time, String level, String logger, String text, String cause) {

    /** The line with texts of limited length. */
    private Line cut() {
      return new Line(time, level, cut(logger), cut(text), cut(cause));
    }

    private static String cut(String text) {
      return text.length() <= MOST_CHARACTERS ? text : text.substring(0, MOST_CHARACTERS) + " ...";
    }
  }

  /** A source of lines. */
  interface Source {

    /** Starts passing lines on, on the threads that log them. */
    void begin(Consumer<Line> lines);

    /** Stops passing lines on. */
    void end();
  }

  private final Optional<Source> source;

  // Guarded by the monitor of this.
  private final Deque<Line> lines = new ArrayDeque<>();
  private int lost;

  /** Makes the tail of the JVM's log. */
  LogTail() {
    this(LogBackend.isJul() ? Optional.of(new JulTail()) : Optional.empty());
  }

  LogTail(Optional<Source> source) {
    this.source = source;
  }

  void begin() {
    source.ifPresent(from -> from.begin(this::add));
  }

  void end() {
    source.ifPresent(Source::end);
    synchronized (this) {
      lines.clear();
      lost = 0;
    }
  }

  private synchronized void add(Line line) {
    lines.add(line.cut());
    if (lines.size() > MOST_LINES) {
      lines.remove();
      lost++;
    }
  }

  /**
   * Returns and removes the logged lines, as a JSON array; a number at its head tells how many
   * lines were lost.
   */
  String take() {
    Deque<Line> taken;
    int missing;
    synchronized (this) {
      taken = new ArrayDeque<>(lines);
      missing = lost;
      lines.clear();
      lost = 0;
    }
    JsonWriter json = new JsonWriter().beginArray().value(missing);
    for (Line line : taken) {
      json.beginArray()
          .value(line.time.toEpochMilli())
          .value(line.level)
          .value(line.logger)
          .value(line.text)
          .value(line.cause)
          .endArray();
    }
    return json.endArray().text();
  }
}

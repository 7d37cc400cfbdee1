package io.libprocess.simulation.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * The record of a run: a hash of everything that happened, and the last entries as lines. For the
 * thread with the baton, and for any once the run is over.
 */
public final class StepTrace {

  /** How many entries are kept. */
  private static final int KEPT = 10_000;

  /** The kinds of entries. */
  public enum Kind {
    /** A host starts. */
    BOOT,
    /** A host fails. */
    CRASH,
    /** A host is asked to end. */
    STOP,
    /** A process serves an event. */
    RUN(true),
    /** Something that runs once. */
    TASK,
    /** A timer fires. */
    TIMER,
    /** A connection is asked for. */
    CONNECT,
    /** A connection is accepted or refused. */
    ACCEPT,
    /** A channel tells its handler something. */
    DELIVER(true),
    /** The other end will send no more. */
    END,
    /** A connection breaks. */
    RESET,
    /** A blocking call runs. */
    ASYNC,
    /** A file was written or forced, or the power failed. */
    DISK,
    /** Something else goes wrong. */
    FAULT,
    /** A point of chaos was asked. */
    BUGGIFY,
    /** A random number was drawn; in full traces only. */
    DRAW,
    /** A property fails or first holds. */
    CHECK,
    /** A line of the log, or a remark. */
    LOG;

    private final boolean recurs;
    private final String text = name().toLowerCase(Locale.ROOT);

    Kind() {
      this(false);
    }

    Kind(boolean recurs) {
      this.recurs = recurs;
    }

    /** Whether the same task comes again. */
    boolean recurs() {
      return recurs;
    }

    String text() {
      return text;
    }
  }

  private final Hash hash = new Hash();
  private final Consumer<String> writer; // Null if nobody wants all lines.

  private int next;
  private boolean full;
  private long[] times = new long[64];
  private long[] steps = new long[64];
  private Kind[] kinds = new Kind[64];
  private String[] hosts = new String[64];
  private Object[] subjects = new Object[64];

  /**
   * An empty trace.
   *
   * @param writer gets all lines; null if nobody does
   */
  public StepTrace(Consumer<String> writer) {
    this.writer = writer;
  }

  /** Gets all numbers that are drawn. */
  public Hash hash() {
    return hash;
  }

  /**
   * Adds an entry.
   *
   * @param identity a number for the subject that is the same in each run
   * @param subject what the line shows; may be null
   */
  void add(long time, long step, Kind kind, String host, long identity, Object subject) {
    hash.roll(time);
    hash.roll(identity * 31 + kind.ordinal());
    if (next == times.length) {
      grow();
    }
    times[next] = time;
    steps[next] = step;
    kinds[next] = kind;
    hosts[next] = host;
    subjects[next] = subject;
    if (writer != null) {
      writer.accept(line(next));
    }
    next++;
  }

  /** Whether somebody gets all lines. */
  boolean isFull() {
    return writer != null;
  }

  /** Tells who gets all lines of a number that was drawn, which is in the hash already. */
  void draw(long time, long step, String stream, long number) {
    StringBuilder line = start(time, step).append(' ').append(stream).append(' ');
    writer.accept(line.append(Kind.DRAW.text()).append(' ').append(number).toString());
  }

  /** Adds a line of the log, whose text may be another one in each run. */
  public void log(long time, long step, String text) {
    add(time, step, Kind.LOG, "log", 0, text);
  }

  private void grow() {
    if (times.length >= KEPT) {
      full = true;
      next = 0;
      return;
    }
    int size = Math.min(KEPT, 2 * times.length);
    times = Arrays.copyOf(times, size);
    steps = Arrays.copyOf(steps, size);
    kinds = Arrays.copyOf(kinds, size);
    hosts = Arrays.copyOf(hosts, size);
    subjects = Arrays.copyOf(subjects, size);
  }

  private static StringBuilder start(long time, long step) {
    StringBuilder line = new StringBuilder(80).append(time / 1_000_000_000).append('.');
    return Engine.digits(line, time % 1_000_000_000, 9).append(" #").append(step);
  }

  private String line(int i) {
    StringBuilder line = start(times[i], steps[i]);
    line.append(' ').append(hosts[i]).append(' ').append(kinds[i].text());
    return (subjects[i] == null ? line : line.append(' ').append(subjects[i])).toString();
  }

  /** The last lines, oldest first. */
  public List<String> last(int most) {
    int size = full ? times.length : next;
    List<String> lines = new ArrayList<>();
    for (int i = Math.min(size, most); i > 0; i--) {
      lines.add(line(Math.floorMod(next - i, times.length)));
    }
    return lines;
  }
}

package io.libprocess.simulation.engine;

import java.util.ArrayList;
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
    END(true),
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

  private final Block[] blocks = new Block[KEPT / Block.SIZE]; // Null until they are reached.
  private int next;
  private boolean full;

  /** Some entries. They are kept in blocks, of which a short run needs few. */
  private static final class Block {
    static final int SIZE = 500;

    final long[] times = new long[SIZE];
    final long[] steps = new long[SIZE];
    final Kind[] kinds = new Kind[SIZE];
    final String[] hosts = new String[SIZE];
    final Object[] subjects = new Object[SIZE];
  }

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
    if (next == KEPT) {
      full = true;
      next = 0;
    }
    Block block = blocks[next / Block.SIZE];
    if (block == null) {
      block = new Block();
      blocks[next / Block.SIZE] = block;
    }
    int at = next % Block.SIZE;
    block.times[at] = time;
    block.steps[at] = step;
    block.kinds[at] = kind;
    block.hosts[at] = host;
    block.subjects[at] = subject;
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

  private static StringBuilder start(long time, long step) {
    StringBuilder line = new StringBuilder(80).append(time / 1_000_000_000).append('.');
    return Engine.digits(line, time % 1_000_000_000, 9).append(" #").append(step);
  }

  private String line(int number) {
    Block block = blocks[number / Block.SIZE];
    int at = number % Block.SIZE;
    StringBuilder line = start(block.times[at], block.steps[at]);
    line.append(' ').append(block.hosts[at]).append(' ').append(block.kinds[at].text());
    Object subject = block.subjects[at];
    return (subject == null ? line : line.append(' ').append(subject)).toString();
  }

  /** The last lines, oldest first. */
  public List<String> last(int most) {
    int size = full ? KEPT : next;
    List<String> lines = new ArrayList<>();
    for (int i = Math.min(size, most); i > 0; i--) {
      lines.add(line(Math.floorMod(next - i, KEPT)));
    }
    return lines;
  }
}

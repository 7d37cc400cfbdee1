package io.libprocess.subprocess;

import java.util.Locale;
import java.util.Map;

/**
 * A signal of POSIX. The constants have the numbers of this platform: Linux, or the BSD ones of
 * macOS.
 *
 * @param number 1 to 64
 */
public record Signal(int number) {

  private static final int HIGHEST = 64;

  private static final boolean BSD =
      System.getProperty("os.name").toLowerCase(Locale.ROOT).matches("mac.*|.*bsd.*|darwin.*");

  /** The terminal hung up. */
  public static final Signal HUP = new Signal(1);

  /** Interrupt, as from the keyboard. */
  public static final Signal INT = new Signal(2);

  /** Quit; a JVM prints its stacks and goes on. */
  public static final Signal QUIT = new Signal(3);

  /** Raised by {@code abort()}. */
  public static final Signal ABRT = new Signal(6);

  /** Ends a process unconditionally. */
  public static final Signal KILL = new Signal(9);

  /** An access to memory that does not exist. */
  public static final Signal SEGV = new Signal(11);

  /** A write to a pipe without a reader. */
  public static final Signal PIPE = new Signal(13);

  /** An expired timer of the process. */
  public static final Signal ALRM = new Signal(14);

  /** Asks a process to end. */
  public static final Signal TERM = new Signal(15);

  /** A signal whose meaning the process defines. */
  public static final Signal USR1 = new Signal(BSD ? 30 : 10);

  /** A signal whose meaning the process defines. */
  public static final Signal USR2 = new Signal(BSD ? 31 : 12);

  /** Lets a stopped process go on. */
  public static final Signal CONT = new Signal(BSD ? 19 : 18);

  /** Stops a process unconditionally until {@link #CONT}. */
  public static final Signal STOP = new Signal(BSD ? 17 : 19);

  private static final Map<Signal, String> NAMES =
      Map.ofEntries(
          Map.entry(HUP, "HUP"),
          Map.entry(INT, "INT"),
          Map.entry(QUIT, "QUIT"),
          Map.entry(ABRT, "ABRT"),
          Map.entry(KILL, "KILL"),
          Map.entry(SEGV, "SEGV"),
          Map.entry(PIPE, "PIPE"),
          Map.entry(ALRM, "ALRM"),
          Map.entry(TERM, "TERM"),
          Map.entry(USR1, "USR1"),
          Map.entry(USR2, "USR2"),
          Map.entry(CONT, "CONT"),
          Map.entry(STOP, "STOP"));

  /**
   * Checks the number.
   *
   * @throws IllegalArgumentException if the number is not in 1..64
   */
  public Signal {
    if (!isNumber(number)) {
      throw new IllegalArgumentException("not the number of a signal: " + number);
    }
  }

  static boolean isNumber(int number) {
    return number >= 1 && number <= HIGHEST;
  }

  /** {@code SIGTERM}, or {@code signal 40} for one without a constant. */
  @Override
  public String toString() {
    String name = NAMES.get(this);
    return name == null ? "signal " + number : "SIG" + name;
  }
}

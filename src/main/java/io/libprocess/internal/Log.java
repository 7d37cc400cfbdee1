package io.libprocess.internal;

import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * The library's log: a {@link System.Logger} for each package, with the package's name, such as
 * {@code io.libprocess.http.server}; so a level that is set for {@code io.libprocess.http} applies
 * to all of HTTP. The package that logs a line is found by a look at the stack. If that fails, the
 * line is logged by {@value #NAME}. Logging never throws, not even an {@code Error}, because most
 * lines are logged where a thread or a connection has just been saved from one: if the logger
 * cannot be made, one of its handlers throws, a text cannot be made, or memory or stack run out, a
 * line goes to {@link System#err}; if even that fails, the line is lost. Nor does it hold up
 * threads that must not wait ({@link NonBlocking}): see {@link LogRelay}.
 *
 * <p>A text that is made for each line should come from a supplier, which is called only if the
 * line is logged. Where memory may have run out, the text should be a constant, and all necessary
 * steps should come before the log. All methods may be called from any thread.
 */
public final class Log {

  private static final String NAME = "io.libprocess";

  /** Made in advance, for the case that nothing can be allocated. */
  private static final byte[] LOST =
      "io.libprocess: a line could not be logged\n".getBytes(StandardCharsets.US_ASCII);

  private static volatile System.Logger logger; // Null until made; making it may fail.

  private static final LogRelay RELAY = new LogRelay();

  private static final StackWalker WALKER =
      StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);

  private static final Map<String, System.Logger> NAMED = new ConcurrentHashMap<>();

  /** Takes lines in place of the logger. */
  @FunctionalInterface
  public interface Diversion {

    /** Takes a line of the calling thread, or leaves it to the logger; whether it took it. */
    boolean takes(Level level, Supplier<String> text, Throwable cause);
  }

  private static volatile Diversion diversion; // Null unless there are simulated worlds.

  private Log() {}

  /** Installs a diversion, which is asked first about every line of this JVM. */
  public static void divert(Diversion to) {
    diversion = to;
  }

  /** Does nothing but have this class initialized, while there is stack. */
  public static void load() {}

  /** Prepares the logger, while there are enough descriptors and memory. */
  public static void prepare() {
    try {
      logger().isLoggable(Level.ERROR);
    } catch (Throwable thrown) {
      // The first line that is logged tries again.
    }
  }

  /** Logs an event that should not have happened. */
  public static void error(String text, Throwable cause) {
    log(Level.ERROR, null, text, cause);
  }

  /** Like {@link #error(String, Throwable)}, with a text that is costly to make. */
  public static void error(Supplier<String> text, Throwable cause) {
    log(Level.ERROR, text, null, cause);
  }

  /** Logs an event that an operator may want to act on. */
  public static void warning(String text) {
    log(Level.WARNING, null, text, null);
  }

  /** Logs an event that an operator may want to act on. */
  public static void warning(String text, Throwable cause) {
    log(Level.WARNING, null, text, cause);
  }

  /** Like {@link #warning(String)}, with a text that is costly to make. */
  public static void warning(Supplier<String> text) {
    log(Level.WARNING, text, null, null);
  }

  /** Like {@link #warning(String, Throwable)}, with a text that is costly to make. */
  public static void warning(Supplier<String> text, Throwable cause) {
    log(Level.WARNING, text, null, cause);
  }

  /** Logs a normal event that is worth knowing. */
  public static void info(Supplier<String> text) {
    log(Level.INFO, text, null, null);
  }

  /** Logs a line of a log that has a name of its own, such as that of requests. */
  public static void info(String logger, Supplier<String> text) {
    log(Level.INFO, logger, text, null, null);
  }

  /** Logs a detail that helps to find a fault. */
  public static void debug(Supplier<String> text) {
    log(Level.DEBUG, text, null, null);
  }

  /** Logs a detail that helps to find a fault. */
  public static void debug(String text, Throwable cause) {
    log(Level.DEBUG, null, text, cause);
  }

  private static void log(Level level, Supplier<String> supplier, String text, Throwable cause) {
    log(level, null, supplier, text, cause);
  }

  /**
   * Logs a line.
   *
   * @param logger null for that of the room that logs
   */
  private static void log(
      Level level, String logger, Supplier<String> supplier, String text, Throwable cause) {
    try {
      Diversion other = diversion;
      if (other != null && other.takes(level, supplier == null ? () -> text : supplier, cause)) {
        return;
      }
      System.Logger to = logger == null ? ofCaller() : named(logger);
      if (to.isLoggable(level)) {
        String line = supplier == null ? text : supplier.get();
        if (mustNotBlock()) {
          RELAY.log(to, level, line, cause);
        } else {
          to.log(level, line, cause);
        }
      }
    } catch (Throwable broken) {
      saveOrLose(level, supplier, text, cause, broken);
    }
  }

  private static boolean mustNotBlock() {
    return Thread.currentThread() instanceof NonBlocking thread && thread.mustNotBlock();
  }

  /** Gives a line to a logger. */
  static void deliver(System.Logger to, Level level, String line, Throwable cause) {
    try {
      to.log(level, line, cause);
    } catch (Throwable broken) {
      saveOrLose(level, null, line, cause, broken);
    }
  }

  /** Writes a line that could not be logged to standard error, unless that would be to wait. */
  private static void saveOrLose(
      Level level, Supplier<String> supplier, String text, Throwable cause, Throwable broken) {
    if (!mustNotBlock()) {
      try {
        toStandardError(level, supplier, text, cause, broken);
      } catch (Throwable lost) {
        try {
          System.err.write(LOST, 0, LOST.length);
          System.err.flush();
        } catch (Throwable silent) {
          // Nothing else can be done.
        }
      }
    }
  }

  /** The logger of the calling package. */
  private static System.Logger ofCaller() {
    try {
      Class<?> caller =
          WALKER.walk(
              frames ->
                  frames
                      .<Class<?>>map(StackWalker.StackFrame::getDeclaringClass)
                      .filter(type -> type != Log.class)
                      .findFirst()
                      .orElse(Log.class));
      String room = caller.getPackageName();
      return room.equals(NAME) || !room.startsWith(NAME) ? logger() : named(room);
    } catch (Throwable thrown) { // Little stack or memory is left.
      return logger();
    }
  }

  private static System.Logger named(String name) {
    return NAMED.computeIfAbsent(name, System::getLogger);
  }

  private static System.Logger logger() {
    System.Logger made = logger;
    if (made == null) {
      made = System.getLogger(NAME);
      logger = made;
    }
    return made;
  }

  private static void toStandardError(
      Level level, Supplier<String> supplier, String text, Throwable cause, Throwable broken) {
    String line = NAME + ": " + level + ": " + textOf(supplier, text);
    if (cause != null) {
      line += ": " + Reason.description(cause);
    }
    System.err.println(line + " (the log failed: " + Reason.description(broken) + ")");
  }

  private static String textOf(Supplier<String> supplier, String text) {
    try {
      return supplier == null ? text : supplier.get();
    } catch (Throwable thrown) {
      return "a text that cannot be made";
    }
  }
}

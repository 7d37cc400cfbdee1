package io.libprocess;

import io.libprocess.internal.scheduler.NameCounters;

/**
 * Names for processes of which there are many instances.
 *
 * <p>A process that was given no id keeps only a number; its id is made when it is first asked for.
 */
public final class Id {

  private static final int MAX_DIGITS = 18; // Every number with this many digits fits into a long.

  private Id() {}

  /** Generates {@code prefix(1)}, {@code prefix(2)} and so on, counted per prefix in this JVM. */
  public static String generate(String prefix) {
    return prefix + "(" + NameCounters.current().next(prefix) + ")";
  }

  /** The id of a process, from that id or its number. */
  static String text(Object idOrNumber) {
    return idOrNumber instanceof Long number ? "(" + number + ")" : (String) idOrNumber;
  }

  /**
   * The key of an id in a table: the number from which {@link #text} would make the id, or the id
   * itself.
   */
  static Object key(String id) {
    int end = id.length() - 1;
    if (end < 2 || end > MAX_DIGITS + 1 || id.charAt(0) != '(' || id.charAt(end) != ')') {
      return id;
    }
    long number = 0;
    for (int i = 1; i < end; i++) {
      char digit = id.charAt(i);
      if (digit < (i == 1 ? '1' : '0') || digit > '9') {
        return id;
      }
      number = 10 * number + digit - '0';
    }
    return number;
  }

  /** Checks that a process may have an id, and returns it. */
  static String checked(String id) {
    if (!isLegal(id)) {
      throw new IllegalArgumentException(
          "the id of a process must not be empty or contain '/', '@' or control characters: '"
              + id
              + "'");
    }
    return id;
  }

  private static boolean isLegal(String id) {
    for (int i = 0; i < id.length(); i++) {
      char c = id.charAt(i);
      if (c == '/' || c == '@' || c < ' ' || c == 127) {
        return false;
      }
    }
    return !id.isEmpty();
  }
}

package io.libprocess;

import io.libprocess.internal.scheduler.NameCounters;

/**
 * Names for processes of which there are many.
 *
 * <p>Of a process that was given no id only a number is kept; its id is made when someone asks.
 */
public final class Id {

  private static final int MAX_DIGITS = 18; // Any number of these is a long.

  private Id() {}

  /** {@code prefix(1)}, {@code prefix(2)} and so on, counted for each prefix in this JVM. */
  public static String generate(String prefix) {
    return prefix + "(" + NameCounters.current().next(prefix) + ")";
  }

  /** The id of a process, given that or its number. */
  static String text(Object idOrNumber) {
    return idOrNumber instanceof Long number ? "(" + number + ")" : (String) idOrNumber;
  }

  /**
   * What stands for an id in a table: the number that {@link #text} would make it of, or itself.
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

  /** The id itself, if a process may have it. */
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

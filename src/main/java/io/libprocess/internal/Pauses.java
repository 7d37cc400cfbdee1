package io.libprocess.internal;

/**
 * Whether any clock of this JVM was ever paused. Until then no process has a clock of its own, and
 * whoever sends an event finds that out with one look at a field that never changes.
 *
 * <p>The field is set before the first clock reads as paused, so who sees that clock paused sees
 * the field set.
 */
public final class Pauses {

  private static volatile boolean seen;

  private Pauses() {}

  /** Whether there was one. */
  public static boolean seen() {
    return seen;
  }

  /** To be called before a clock is paused. */
  public static void note() {
    seen = true;
  }
}

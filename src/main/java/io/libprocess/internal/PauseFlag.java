package io.libprocess.internal;

/**
 * Whether any clock of this JVM was ever paused. Until then no process has a time of its own, and
 * whoever sends an event finds that out by reading one field that never changes.
 *
 * <p>The flag is set before the first clock reads as paused, so whoever sees that clock paused sees
 * the flag set.
 */
public final class PauseFlag {

  private static volatile boolean set;

  private PauseFlag() {}

  /** Whether a clock was ever paused. */
  public static boolean isSet() {
    return set;
  }

  /** Called before a clock is paused. */
  public static void set() {
    set = true;
  }
}

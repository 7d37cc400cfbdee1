package io.libprocess.internal;

/**
 * Whether there is something to look at for whoever sends an event to a process: a clock of this
 * JVM that was paused at some time, or a node that wants to measure the next event. Mostly there is
 * neither, and a sender finds that out by reading one field that hardly ever changes.
 *
 * <p>The flag of clocks is set before the first clock reads as paused, so whoever sees that clock
 * paused sees the flag set. It stays set. The nodes that want an event are counted. Writers hold
 * the lock of the class; those who read need none.
 */
public final class SendFlags {

  private static final int PAUSED = 1;
  private static final int SAMPLE = 2; // Times how many are wanted.

  private static volatile int flags;

  private SendFlags() {}

  /** Whether there is anything to look at. */
  public static boolean any() {
    return flags != 0;
  }

  /** Whether a clock was ever paused. */
  public static boolean isPaused() {
    return (flags & PAUSED) != 0;
  }

  /** Called before a clock is paused. */
  public static synchronized void pause() {
    flags |= PAUSED;
  }

  /** One node more, or one less, wants to measure an event. */
  public static synchronized void sample(boolean wanted) {
    flags += wanted ? SAMPLE : -SAMPLE;
  }
}

package io.libprocess.internal;

/**
 * Flags for the senders of events to processes: whether a clock of this JVM was ever paused,
 * whether a request context was ever entered, and whether a node wants to measure the next event.
 * Usually none is set, and a sender learns that by reading one field that hardly ever changes.
 *
 * <p>The flag of clocks is set before the first clock reads as paused, so a thread that sees that
 * clock paused sees the flag set; likewise the flag of contexts. Both stay set. The nodes that want
 * an event are counted. Writers hold the lock of the class; readers need none.
 */
public final class SendFlags {

  private static final int PAUSED = 1;
  private static final int CONTEXTS = 2;
  private static final int SAMPLE = 4; // Times how many are wanted.

  private static volatile int flags;

  private SendFlags() {}

  /** Whether any flag is set. */
  public static boolean any() {
    return flags != 0;
  }

  /** Whether a clock was ever paused. */
  public static boolean isPaused() {
    return (flags & PAUSED) != 0;
  }

  /** Whether a node wants to measure an event. */
  public static boolean isSampling() {
    return flags >= SAMPLE;
  }

  /** Called before the first context is entered. */
  static synchronized void useContexts() {
    flags |= CONTEXTS;
  }

  /** Called before a clock is paused. */
  public static synchronized void pause() {
    flags |= PAUSED;
  }

  /** Adds or removes a node that wants to measure an event. */
  public static synchronized void sample(boolean wanted) {
    flags += wanted ? SAMPLE : -SAMPLE;
  }
}

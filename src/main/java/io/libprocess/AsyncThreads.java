package io.libprocess;

/** What kind of threads {@link Async#async} runs blocking calls on. */
public enum AsyncThreads {

  /**
   * Virtual threads from JDK 24 on, where they no longer hold their carrier inside {@code
   * synchronized}; platform threads below.
   */
  AUTO,

  /** Virtual threads; needs JDK 21. */
  VIRTUAL,

  /** Platform threads: as many as there are calls, reused. */
  PLATFORM;

  private static final int UNPINNED = 24;

  boolean areVirtual() {
    return this == VIRTUAL || this == AUTO && Runtime.version().feature() >= UNPINNED;
  }
}

package io.libprocess.config;

/** The kinds of threads that {@link io.libprocess.Async#async} can run blocking calls on. */
public enum AsyncThreads {

  /**
   * Virtual threads from JDK 24 on, where {@code synchronized} no longer pins them to their
   * carrier; platform threads on older JDKs.
   */
  AUTO,

  /** Virtual threads; needs JDK 21. */
  VIRTUAL,

  /** Platform threads: reused, and as many as there are calls at a time. */
  PLATFORM
}

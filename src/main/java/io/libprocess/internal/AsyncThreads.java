package io.libprocess.internal;

/** What kind of threads run blocking calls. */
public enum AsyncThreads {
  /** Virtual threads from JDK 24 on, platform threads below. */
  AUTO,
  /** Virtual threads, if the JDK has them. */
  VIRTUAL,
  /** Platform threads, as many as there are calls. */
  PLATFORM
}

package io.libprocess;

import io.libprocess.settings.ThreadKind;

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

  boolean areVirtual() {
    return ThreadKind.valueOf(name()).areVirtual();
  }
}

package io.libprocess.settings;

/** What kind of threads blocking calls run on, as the variable {@value #VARIABLE} says. */
public enum ThreadKind {
  /** Virtual threads on JDKs where they no longer hold their carrier in synchronized code. */
  AUTO,
  /** Virtual threads. */
  VIRTUAL,
  /** Platform threads. */
  PLATFORM;

  /** The variable. */
  public static final String VARIABLE = "LIBPROCESS_ASYNC_THREADS";

  private static final int UNPINNED = 24;

  /**
   * What the variable says; {@link #AUTO} if it is not set.
   *
   * @throws IllegalArgumentException if its value is not valid
   */
  public static ThreadKind of(Variables variables) {
    ThreadKind[] kind = {AUTO};
    Setting.<ThreadKind[], ThreadKind>of(
            VARIABLE,
            Form.oneOf(ThreadKind.class),
            "auto",
            "what kind of threads blocking calls run on",
            (read, value) -> read[0] = value)
        .read(variables, kind);
    return kind[0];
  }

  /** Whether these are virtual threads on this JDK. */
  public boolean areVirtual() {
    return this == VIRTUAL || this == AUTO && Runtime.version().feature() >= UNPINNED;
  }
}

package io.libprocess.settings;

/** The kinds of threads that blocking calls run on, as set by the variable {@value #VARIABLE}. */
public enum ThreadKind {
  /** Virtual threads on JDKs where synchronized code no longer pins them to their carrier. */
  AUTO,
  /** Virtual threads. */
  VIRTUAL,
  /** Platform threads. */
  PLATFORM;

  /** The name of the variable. */
  public static final String VARIABLE = "LIBPROCESS_ASYNC_THREADS";

  private static final int UNPINNED = 24;

  /**
   * Reads the variable; {@link #AUTO} if it is not set.
   *
   * @throws IllegalArgumentException if its value is not valid
   */
  public static ThreadKind of(Variables variables) {
    ThreadKind[] kind = {AUTO};
    Setting.<ThreadKind[], ThreadKind>of(
            VARIABLE,
            Syntax.oneOf(ThreadKind.class),
            "auto",
            "what kind of threads blocking calls run on",
            (read, value) -> read[0] = value)
        .read(variables, kind);
    return kind[0];
  }

  /** Whether the kind means virtual threads on this JDK. */
  public boolean areVirtual() {
    return this == VIRTUAL || this == AUTO && Runtime.version().feature() >= UNPINNED;
  }
}

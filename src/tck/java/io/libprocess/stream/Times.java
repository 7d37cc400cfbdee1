package io.libprocess.stream;

/** How long the judge waits. */
final class Times {

  /** Milliseconds for what has to happen; a busy machine keeps that. */
  static final long LONG = 5_000;

  /** Milliseconds in which nothing must happen. */
  static final long SHORT = 50;

  /** Milliseconds for the garbage collector. */
  static final long COLLECTION = 2_000;

  private Times() {}
}

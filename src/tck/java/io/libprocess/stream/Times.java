package io.libprocess.stream;

/** How long the judge waits. */
final class Times {

  /** Milliseconds for what has to happen; a busy machine keeps that. */
  static final long LONG = 5_000;

  /** Milliseconds in which nothing must happen. */
  static final long SHORT = 50;

  private Times() {}
}

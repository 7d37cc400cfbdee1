package io.libprocess.simulation.example;

/** Remembers the first promise that was seen broken. Used by the one thread of a world. */
abstract class Verdict {

  private String wrong; // Null while nothing is.

  final void wrong(String what) {
    wrong = wrong == null ? what : wrong;
  }

  /** Whether nothing was wrong; it throws if something was. */
  final boolean nothingIsWrong() {
    if (wrong != null) {
      throw new AssertionError(wrong);
    }
    return true;
  }
}

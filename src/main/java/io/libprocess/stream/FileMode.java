package io.libprocess.stream;

/** What becomes of a file that a stream is written to. */
public enum FileMode {
  /** It is made anew, and emptied if there is one. After a failure it has what was written. */
  CREATE,
  /** What is written comes behind what is there; it is made if there is none. */
  APPEND,
  /**
   * It appears, or takes the place of the one that is there, when all of it is written and on the
   * disk. Until then a file beside it is written to, which is deleted if anything fails.
   */
  ATOMIC
}

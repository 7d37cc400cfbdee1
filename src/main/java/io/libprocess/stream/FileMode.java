package io.libprocess.stream;

/** The ways in which a stream is written to a file. */
public enum FileMode {
  /**
   * The file is created, or emptied if it exists. After a failure it contains what was written
   * until then.
   */
  CREATE,
  /** The bytes are appended to the file; it is created if it does not exist. */
  APPEND,
  /**
   * The file appears, or replaces the existing one, when all of it is written and on the disk.
   * Until then the bytes go to a file beside it, which is deleted if anything fails.
   */
  ATOMIC
}

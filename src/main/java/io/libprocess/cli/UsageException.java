package io.libprocess.cli;

/** The failure of a command line that is not understood; the message names the argument. */
final class UsageException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  UsageException(String message) {
    super(message);
  }
}

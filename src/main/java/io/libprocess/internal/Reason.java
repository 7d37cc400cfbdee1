package io.libprocess.internal;

/** The reason of a failure as a part of another text. Thread-safe. */
public final class Reason {

  private Reason() {}

  /** The message of a failure; if it has none, its class. */
  public static String of(Throwable failure) {
    String message = failure.getMessage();
    return message == null ? failure.toString() : message;
  }
}

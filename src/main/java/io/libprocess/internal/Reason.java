package io.libprocess.internal;

/**
 * What a failure says of itself, as a part of another text. Its methods may be a user's, and throw:
 * that must not keep anybody from being told of the failure. Thread-safe.
 */
public final class Reason {

  private Reason() {}

  /** The message of a failure; if it has none, its description. */
  public static String of(Throwable failure) {
    String message = message(failure);
    return message == null ? description(failure) : message;
  }

  /** The message of a failure; null if it has none. */
  public static String message(Throwable failure) {
    try {
      return failure.getMessage();
    } catch (Throwable indescribable) {
      return null;
    }
  }

  /** The description of a failure: its class, and usually its message. */
  public static String description(Throwable failure) {
    try {
      return failure.toString();
    } catch (Throwable indescribable) {
      return failure.getClass().getName();
    }
  }
}

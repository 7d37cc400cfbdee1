package io.libprocess.context;

/**
 * Makes a text of a value that goes to another process of the system, and a value of that text. For
 * any thread.
 *
 * @param <T> the type of the values
 */
public interface ContextCodec<T> {

  /**
   * Whether a value is sent at all. A value that goes one hop only says no where it was received.
   */
  default boolean isSent(T value) {
    return true;
  }

  /**
   * The text of a value: visible ASCII characters and blanks between them, because it becomes the
   * value of a header field.
   */
  String encode(T value);

  /**
   * The value of a text, which may have come from anywhere.
   *
   * @throws IllegalArgumentException if the text has another form: the value is left out then
   */
  T decode(String text);
}

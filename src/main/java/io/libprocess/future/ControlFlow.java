package io.libprocess.future;

/**
 * What the body of a {@link Futures#loop} says: go on, or end with a value.
 *
 * @param <V> the type of the loop's result
 */
public sealed interface ControlFlow<V> {

  /** Go on with the next iteration. */
  record Continue<V>() implements ControlFlow<V> {}

  /** End the loop with a value, which may be null. */
  record Break<V>(V value) implements ControlFlow<V> {}

  /** Go on with the next iteration. */
  static <V> ControlFlow<V> proceed() {
    return new Continue<>();
  }

  /** End the loop with a value, which may be null. */
  static <V> ControlFlow<V> breakWith(V value) {
    return new Break<>(value);
  }

  /** End a loop that has no value. */
  static ControlFlow<Void> finish() {
    return new Break<>(null);
  }
}

package io.libprocess.future;

/**
 * The decision of the body of a {@link Futures#loop}: go on, or end with a value.
 *
 * @param <V> the type of the loop's result
 */
public sealed interface ControlFlow<V> {

  /** The decision to go on with the next iteration. */
  record Continue<V>() implements ControlFlow<V> {}

  /** The decision to end the loop with a value, which may be null. */
  record Break<V>(V value) implements ControlFlow<V> {}

  /** Goes on with the next iteration. */
  static <V> ControlFlow<V> proceed() {
    return new Continue<>();
  }

  /** Ends the loop with a value, which may be null. */
  static <V> ControlFlow<V> breakWith(V value) {
    return new Break<>(value);
  }

  /** Ends a loop that has no value. */
  static ControlFlow<Void> finish() {
    return new Break<>(null);
  }
}

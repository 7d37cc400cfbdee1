package io.libprocess.future;

/** An action on a value that may throw any exception. */
@FunctionalInterface
public interface CheckedConsumer<T> {

  /**
   * Acts on a value.
   *
   * @throws Exception anything; whoever calls the function says what becomes of it
   */
  void accept(T value) throws Exception;
}

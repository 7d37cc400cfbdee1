package io.libprocess.future;

/** An action on a value that may throw any exception. */
@FunctionalInterface
public interface CheckedConsumer<T> {

  /**
   * Acts on a value.
   *
   * @throws Exception any exception; the method that takes this action says how it is handled
   */
  void accept(T value) throws Exception;
}

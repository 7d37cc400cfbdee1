package io.libprocess.future;

/** A function that may throw any exception. */
@FunctionalInterface
public interface CheckedFunction<T, R> {

  /**
   * Computes the result for a value.
   *
   * @throws Exception any exception; the method that takes this function says how it is handled
   */
  R apply(T value) throws Exception;
}

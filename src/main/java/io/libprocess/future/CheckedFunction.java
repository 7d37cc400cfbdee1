package io.libprocess.future;

/** A function that may throw any exception. */
@FunctionalInterface
public interface CheckedFunction<T, R> {

  /**
   * Computes the result for a value.
   *
   * @throws Exception anything; whoever calls the function says what becomes of it
   */
  R apply(T value) throws Exception;
}

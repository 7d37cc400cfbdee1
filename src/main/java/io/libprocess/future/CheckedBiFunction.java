package io.libprocess.future;

/** A function of two values that may throw any exception. */
@FunctionalInterface
public interface CheckedBiFunction<A, B, R> {

  /**
   * Computes the result for two values.
   *
   * @throws Exception any exception; the method that takes this function says how it is handled
   */
  R apply(A first, B second) throws Exception;
}

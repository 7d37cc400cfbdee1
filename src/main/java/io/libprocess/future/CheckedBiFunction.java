package io.libprocess.future;

/** A function of two values that may throw any exception. */
@FunctionalInterface
public interface CheckedBiFunction<A, B, R> {

  /**
   * Computes the result for two values.
   *
   * @throws Exception anything; whoever calls the function says what becomes of it
   */
  R apply(A first, B second) throws Exception;
}

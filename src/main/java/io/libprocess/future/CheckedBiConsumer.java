package io.libprocess.future;

/** An action on two values that may throw any exception. */
@FunctionalInterface
public interface CheckedBiConsumer<A, B> {

  /**
   * Acts on two values.
   *
   * @throws Exception anything; whoever calls the function says what becomes of it
   */
  void accept(A first, B second) throws Exception;
}

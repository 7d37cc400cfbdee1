package io.libprocess.future;

/** An action on two values that may throw any exception. */
@FunctionalInterface
public interface CheckedBiConsumer<A, B> {

  /**
   * Acts on two values.
   *
   * @throws Exception any exception; the method that takes this action says how it is handled
   */
  void accept(A first, B second) throws Exception;
}

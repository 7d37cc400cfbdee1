package io.libprocess.future;

/** A supplier that may throw any exception. */
@FunctionalInterface
public interface CheckedSupplier<T> {

  /**
   * Supplies a value.
   *
   * @throws Exception anything; whoever calls the function says what becomes of it
   */
  T get() throws Exception;
}

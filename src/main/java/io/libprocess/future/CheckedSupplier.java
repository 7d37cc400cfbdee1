package io.libprocess.future;

/** A supplier that may throw any exception. */
@FunctionalInterface
public interface CheckedSupplier<T> {

  /**
   * Supplies a value.
   *
   * @throws Exception any exception; the method that takes this supplier says how it is handled
   */
  T get() throws Exception;
}

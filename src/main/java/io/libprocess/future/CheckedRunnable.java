package io.libprocess.future;

/** An action that may throw any exception. */
@FunctionalInterface
public interface CheckedRunnable {

  /**
   * Acts.
   *
   * @throws Exception anything; whoever calls the function says what becomes of it
   */
  void run() throws Exception;
}

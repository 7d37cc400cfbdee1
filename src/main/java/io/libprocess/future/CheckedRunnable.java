package io.libprocess.future;

/** An action that may throw any exception. */
@FunctionalInterface
public interface CheckedRunnable {

  /**
   * Performs the action.
   *
   * @throws Exception any exception; the method that takes this action says how it is handled
   */
  void run() throws Exception;
}

package io.libprocess.service.support;

import io.libprocess.future.Future;
import io.libprocess.internal.Log;
import java.util.function.Supplier;

/** Closes what users have written, whose fault must not keep other things from being closed. */
public final class Closing {

  private Closing() {}

  /**
   * Closes something. Never throws, unless there is no stack for it.
   *
   * @return what the call returns; done if that is null, and failed if it throws
   */
  public static Future<Void> of(Supplier<Future<Void>> close) {
    try {
      Future<Void> closed = close.get();
      return closed != null ? closed : Future.done();
    } catch (StackOverflowError recursion) {
      throw recursion; // The caller may have to close it once more.
    } catch (Throwable thrown) { // Of the user: an error harms no more than an exception.
      return Future.failed(thrown);
    }
  }

  /** Closes something where nobody waits for that; a failure is logged. */
  public static void logged(Supplier<Future<Void>> close) {
    of(close).onFailed(failure -> Log.warning("Closing a service failed", failure));
  }
}

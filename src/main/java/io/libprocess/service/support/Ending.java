package io.libprocess.service.support;

import io.libprocess.future.CheckedConsumer;
import io.libprocess.future.CheckedRunnable;
import io.libprocess.future.Future;
import io.libprocess.internal.Log;
import java.util.concurrent.atomic.AtomicBoolean;

/** Runs an action once, when a future is completed or abandoned, whichever comes first. */
public final class Ending<T> implements CheckedConsumer<Future<T>>, CheckedRunnable {

  private final AtomicBoolean over = new AtomicBoolean();
  private final CheckedConsumer<Future<T>> action;
  private final Future<T> future;

  private Ending(Future<T> future, CheckedConsumer<Future<T>> action) {
    this.future = future;
    this.action = action;
  }

  /** Loads what is needed at the end of an operation, where there may be no stack to load it. */
  public static void load() {
    new Ending<>(null, null);
  }

  /**
   * Has an action run with the future when it is over, at once if it is. Callbacks that are
   * registered later run later. The action runs also if there is no memory or stack to register it;
   * then this throws, too.
   *
   * @param action what it throws is logged
   * @return the future itself
   */
  public static <T> Future<T> of(Future<T> future, CheckedConsumer<Future<T>> action) {
    if (!future.isPending()) {
      try {
        action.accept(future);
      } catch (Throwable thrown) {
        Log.error("What follows a response failed", thrown);
      }
      return future;
    }
    return register(future, action);
  }

  /**
   * The same as {@link #of}, for what may lead to more of its kind: if the future is over, the
   * action runs as its callback, so that it does not nest without end. If there is no stack for
   * that, this throws and the action does not run.
   */
  public static <T> Future<T> chained(Future<T> future, CheckedConsumer<Future<T>> action) {
    return future.isPending() ? register(future, action) : future.onAny(action);
  }

  private static <T> Future<T> register(Future<T> future, CheckedConsumer<Future<T>> action) {
    Ending<T> ending = null;
    try {
      ending = new Ending<>(future, action);
      return future.onAny(ending).onAbandoned(ending);
    } catch (Throwable thrown) {
      runNow(future, ending == null ? action : ending, thrown);
      throw thrown;
    }
  }

  private static <T> void runNow(
      Future<T> future, CheckedConsumer<Future<T>> action, Throwable registering) {
    try {
      action.accept(future);
    } catch (Throwable second) {
      registering.addSuppressed(second);
    }
  }

  @Override
  public void accept(Future<T> completed) throws Exception {
    if (over.compareAndSet(false, true)) {
      action.accept(completed);
    }
  }

  @Override
  public void run() throws Exception {
    accept(future);
  }
}

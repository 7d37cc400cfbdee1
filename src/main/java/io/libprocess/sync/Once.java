package io.libprocess.sync;

import io.libprocess.future.Future;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * An action that the first caller performs, once, while later callers wait until it is done. In
 * libprocess they block; here they hold a future, so that a process can wait as well and no thread
 * is needed for it. To block, call {@link Future#get} on it.
 *
 * <pre>{@code
 * Future<Void> initialized() {
 *   return once.once().then(done -> done ? Future.done() : initialize().onAny(f -> once.done()));
 * }
 * }</pre>
 *
 * <p>All methods may be called from any thread.
 */
public final class Once {

  private final AtomicBoolean begun = new AtomicBoolean();
  private final OneShot done = new OneShot();

  /** Makes an action that has not been performed. */
  public Once() {}

  /**
   * Asks whether the action has been performed. The first caller gets false at once, and must
   * perform the action and then call {@link #done}. All others get true, as soon as {@code done}
   * has been called. Discarding one result has no effect on the others.
   */
  public Future<Boolean> once() {
    if (begun.compareAndSet(false, true)) {
      return Future.of(false);
    }
    return done.future().map(given -> true);
  }

  /**
   * Says that the action has been performed. The callbacks of those that wait run inside this call.
   *
   * @throws IllegalStateException if no caller has begun, or if {@code done} was called before
   */
  public void done() {
    if (!begun.get()) {
      throw new IllegalStateException("done() before once()");
    }
    if (!done.give()) {
      throw new IllegalStateException("done() a second time");
    }
  }
}

package io.libprocess.sync;

import io.libprocess.future.Future;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Something to be done once, by whoever comes first, while the others wait until it is done. In
 * libprocess the others block; here they hold a future, so that a process can wait as well and
 * nobody needs a thread for it. To block, call {@link Future#get} on it.
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

  /** Something that has not been done. */
  public Once() {}

  /**
   * Asks whether it has been done. The first caller gets false at once, and must do it and then
   * call {@link #done}. All others get true, as soon as that has been called. Discarding the result
   * makes it discarded and concerns no other.
   */
  public Future<Boolean> once() {
    if (begun.compareAndSet(false, true)) {
      return Future.of(false);
    }
    return done.future().map(given -> true);
  }

  /**
   * Says that it has been done. Callbacks of those who wait run inside this call.
   *
   * @throws IllegalStateException if nobody has begun, or it was done already
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

package io.libprocess.service.support;

import io.libprocess.future.CheckedConsumer;
import io.libprocess.future.Future;
import io.libprocess.internal.ContextSlot;
import io.libprocess.time.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Gives something back, such as a permit or a session, when a response is over. Where there is no
 * stack left for that it waits in a list (a Treiber stack), from which a timer gives it back, or if
 * there was no stack to start one, whoever gives something back next, or calls {@link
 * #giveWaiting}.
 *
 * <p>It is made before the request is served. What it does at the end of the stack has no lambdas
 * and initializes no classes: neither is possible there.
 *
 * @param <T> the type of the response
 */
public abstract class GivingBack<T> implements CheckedConsumer<Future<T>>, Runnable {

  private static final Duration AT_ONCE = Duration.ZERO;
  private static final AtomicReference<GivingBack<?>> WAITING = new AtomicReference<>();

  static {
    Ending.load();
    ContextSlot.get();
    Clock.current(); // All are initialized while there is stack.
  }

  private GivingBack<?> next; // The one below in the list; written before it is pushed.

  /**
   * Gives it back. If this throws for want of stack, calling it again does what was left undone.
   */
  protected abstract void giveBack();

  @Override
  public final void accept(Future<T> over) {
    now();
  }

  /** Gives it back now, or soon if there is no stack. */
  public final void now() {
    try {
      giveBack();
    } catch (StackOverflowError recursion) {
      later();
      return;
    }
    giveWaiting();
  }

  private void later() {
    GivingBack<?> top;
    do {
      top = WAITING.get();
      next = top;
    } while (!WAITING.compareAndSet(top, this));
    try {
      Object outer = ContextSlot.switchTo(null);
      try {
        Clock.current().timer(AT_ONCE, this);
      } finally {
        ContextSlot.switchBack(outer);
      }
    } catch (StackOverflowError recursion) {
      // It is given back from the list.
    }
  }

  /** Gives back what had to wait; where there is still no stack, it goes on waiting. */
  public static void giveWaiting() {
    if (WAITING.get() == null) {
      return;
    }
    GivingBack<?> each = WAITING.getAndSet(null);
    while (each != null) {
      GivingBack<?> below = each.next;
      try {
        each.giveBack();
      } catch (StackOverflowError recursion) {
        each.later();
      }
      each = below;
    }
  }

  @Override
  public final void run() {
    giveWaiting();
  }
}

package io.libprocess.stream.operator;

import io.libprocess.future.Failure;
import io.libprocess.future.Future;
import io.libprocess.stream.stage.Downstream;
import io.libprocess.stream.stage.Elements;
import io.libprocess.stream.stage.InputStage;
import io.libprocess.stream.stage.Run;
import io.libprocess.sync.RateLimiter;

/**
 * A stage that asks a limiter before it sends an element, and requests the next element after that.
 */
public final class ThrottleStage<T> extends InputStage<T, T> {

  private final RateLimiter limiter;

  private volatile T held; // Set inside signals while it is null, cleared by the loop.

  // Used only by the loop.
  private boolean asked;
  private Future<Void> permit; // Null if no permit was requested.

  /** Makes a stage with a limiter. */
  public ThrottleStage(Run<?> run, Downstream<? super T> down, RateLimiter limiter) {
    super(run, down);
    this.limiter = limiter;
  }

  @Override
  protected void step() {
    for (; ; ) {
      boolean last = hasInputEnded(); // Read before the element is looked at.
      T element = held;
      if (element == null) {
        if (last) {
          endAsInput();
        } else if (!asked && mayEmit()) {
          asked = true;
          requestUpstream(1);
        }
        return; // The thread that set it has asked for another round.
      }
      if (permit == null) {
        permit = limiter.acquire();
        if (permit.isPending()) {
          permit.onAny(any -> ask());
        }
      }
      if (permit.isPending()) {
        return;
      }
      if (!permit.isReady()) {
        abort(new Failure("the limiter is closed"));
        return;
      }
      if (!claim()) {
        return; // Cancelled: there was demand when the element was requested.
      }
      permit = null;
      held = null;
      asked = false;
      down.next(element);
    }
  }

  @Override
  protected void dispose() {
    if (permit != null) {
      permit.discard();
    }
    sweep();
  }

  @Override
  protected void sweep() {
    T element = held;
    if (element != null) {
      held = null;
      Elements.release(element);
    }
  }

  @Override
  protected void store(T element) {
    if (held != null) {
      Elements.release(element);
      abortForExcess();
      return;
    }
    held = element;
    ask();
  }
}

package io.libprocess.stream.operator;

import io.libprocess.future.Failure;
import io.libprocess.future.Future;
import io.libprocess.stream.stage.Downstream;
import io.libprocess.stream.stage.Elements;
import io.libprocess.stream.stage.Emitter;
import io.libprocess.stream.stage.Run;
import io.libprocess.stream.stage.Upstream;
import io.libprocess.sync.RateLimiter;

/** Asks a limiter before it sends an element, and asks for the next element after that. */
public final class ThrottleStage<T> extends Emitter<T> {

  private final Input input = new Input();
  private final RateLimiter limiter;

  private volatile T held; // Set inside signals while it is null, cleared by the loop.
  private Throwable failure; // Null if it ended well; written before the flag.
  private volatile boolean inputEnded;

  // Used by the loop only.
  private boolean asked;
  private Future<Void> permit; // Null if none was asked for.

  /** Makes a stage with a limiter. */
  public ThrottleStage(Run<?> run, Downstream<? super T> down, RateLimiter limiter) {
    super(run, down);
    this.limiter = limiter;
  }

  /** What is to be signalled. */
  public Downstream<T> input() {
    return input;
  }

  @Override
  protected void cancelUpstream(Throwable cause) {
    input.up.cancel(cause);
  }

  @Override
  protected void step() {
    for (; ; ) {
      boolean last = inputEnded; // Before the look at the element.
      T element = held;
      if (element == null) {
        if (last) {
          end();
        } else if (!asked && mayEmit()) {
          asked = true;
          input.up.request(1);
        }
        return; // What came meanwhile has asked for another round.
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
        return; // Cancelled: there was demand when the element was asked for.
      }
      permit = null;
      held = null;
      asked = false;
      down.next(element);
    }
  }

  private void end() {
    if (failure == null) {
      complete();
    } else {
      fail(failure);
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

  private final class Input extends Downstream<T> {

    private Upstream up;

    @Override
    public void begin(Upstream upstream) {
      up = upstream;
      ThrottleStage.this.begin();
    }

    @Override
    public void next(T element) {
      if (held != null) {
        Elements.release(element);
        abort(new IllegalStateException("more than the requested elements were sent"));
        return;
      }
      held = element;
      ask();
    }

    @Override
    public void complete() {
      inputEnded = true;
      ask();
    }

    @Override
    public void fail(Throwable thrown) {
      failure = thrown;
      complete();
    }
  }
}

package io.libprocess.stream.stage;

import static java.util.Objects.requireNonNull;

/**
 * A stage that passes signals on as they come, on the same thread, and holds no elements: it costs
 * a call. Requests and cancels go past it straight to the stage above, unless a subclass gives
 * itself to {@code down} in {@link #begin}.
 *
 * <p>The fields are used only inside signals, which are serial.
 *
 * @param <A> the type of the elements that go in
 * @param <B> the type of the elements that come out
 */
public abstract class FusedStage<A, B> extends Downstream<A> {

  /** The receiver of the output. */
  protected final Downstream<? super B> down;

  /** The upstream; null before the beginning. */
  protected Upstream up;

  /** Whether the downstream has received the end. */
  protected boolean done;

  /** Makes a stage in front of another one. */
  protected FusedStage(Downstream<? super B> down) {
    this.down = requireNonNull(down, "down");
  }

  @Override
  public void begin(Upstream upstream) {
    up = upstream;
    down.begin(upstream);
  }

  @Override
  public void complete() {
    if (!done) {
      done = true;
      down.complete();
    }
  }

  @Override
  public void fail(Throwable failure) {
    if (!done) {
      done = true;
      down.fail(failure);
    }
  }

  /** Ends because this stage has failed, inside {@code next}. */
  protected final void failed(Throwable failure) {
    done = true;
    up.cancel(failure);
    down.fail(failure);
  }

  /** Ends because this stage wants no more elements, inside {@code next}. */
  protected final void finished() {
    done = true;
    down.complete();
    up.cancel(null);
  }
}

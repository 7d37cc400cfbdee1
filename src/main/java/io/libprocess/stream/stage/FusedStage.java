package io.libprocess.stream.stage;

import static java.util.Objects.requireNonNull;

/**
 * A stage that passes signals on as they come, on the thread they come on, and holds nothing: it
 * costs a call. Requests and cancels go past it straight to the stage above, unless a subclass
 * gives itself to {@code down} in {@link #begin}.
 *
 * <p>The fields are used inside signals only, which are serial.
 *
 * @param <A> the type of the elements that go in
 * @param <B> the type of those that come out
 */
public abstract class FusedStage<A, B> extends Downstream<A> {

  /** Who gets what comes out. */
  protected final Downstream<? super B> down;

  /** Whom to ask; null before the beginning. */
  protected Upstream up;

  /** Whether the downstream has been told the end. */
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

  /** This stage has failed, inside {@code next}. */
  protected final void failed(Throwable failure) {
    done = true;
    up.cancel(failure);
    down.fail(failure);
  }

  /** This stage wants no more, inside {@code next}. */
  protected final void finished() {
    done = true;
    down.complete();
    up.cancel(null);
  }
}

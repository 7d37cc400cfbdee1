package io.libprocess.stream.stage;

/**
 * A stage with one input, which stores the elements that arrive until the loop of the {@link
 * Emitter} sends them.
 *
 * <p>The signals of the input are serial, and run concurrently with the loop. So the loop checks
 * whether the input {@linkplain #hasInputEnded has ended} before it looks at the store: nothing is
 * stored after the end.
 *
 * @param <A> the type of the elements that arrive
 * @param <B> the type of the elements sent
 */
public abstract class InputStage<A, B> extends Emitter<B> {

  private final Input input = new Input();
  private Upstream up; // Written before anything else happens.

  // Written inside signals from above, the failure before the flag.
  private Throwable failure; // Null if it completed.
  private volatile boolean inputEnded;

  /** Makes a stage that begins when its input does. */
  protected InputStage(Run<?> run, Downstream<? super B> down) {
    super(run, down);
  }

  /** The receiver of the input's signals. */
  public final Downstream<A> input() {
    return input;
  }

  /* ------ For subclasses ------ */

  /** Called once, when the stage has begun. */
  protected void begun() {}

  /**
   * Stores an element, or a result computed from it, and {@linkplain #ask asks} the loop to look.
   * Called inside signals. The stage may end during the call; {@link #sweep} then disposes of the
   * stored element.
   */
  protected abstract void store(A element);

  /** Requests more elements from the input. */
  protected final void requestUpstream(long count) {
    up.request(count);
  }

  /** Whether no more elements will be stored. */
  protected final boolean hasInputEnded() {
    return inputEnded;
  }

  /** The failure of the input; null if it completed, or if its end was not seen yet. */
  protected final Throwable inputFailure() {
    return failure;
  }

  /** Completes or fails as the input did. Called in the loop. */
  protected final void endAsInput() {
    if (failure == null) {
      complete();
    } else {
      fail(failure);
    }
  }

  @Override
  protected final void cancelUpstream(Throwable cause) {
    up.cancel(cause);
  }

  private final class Input extends Downstream<A> {

    @Override
    public void begin(Upstream upstream) {
      up = upstream;
      InputStage.this.begin();
      begun();
    }

    @Override
    public void next(A element) {
      if (inputEnded || isOver()) {
        Elements.release(element);
      } else {
        store(element);
      }
    }

    @Override
    public void complete() {
      if (!inputEnded) {
        inputEnded = true;
        ask();
      }
    }

    @Override
    public void fail(Throwable thrown) {
      if (!inputEnded) {
        failure = thrown;
        complete();
      }
    }
  }
}

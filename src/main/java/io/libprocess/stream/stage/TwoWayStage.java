package io.libprocess.stream.stage;

/**
 * A {@link FusedStage} that requests and cancels go through, too. It passes them on; a subclass
 * overrides those that it has to see, which may come from any thread.
 *
 * @param <A> the type of the elements that go in
 * @param <B> the type of the elements that come out
 */
public abstract class TwoWayStage<A, B> extends FusedStage<A, B> implements Upstream {

  /** Makes a stage in front of another one. */
  protected TwoWayStage(Downstream<? super B> down) {
    super(down);
  }

  @Override
  public void begin(Upstream upstream) {
    up = upstream;
    down.begin(this);
  }

  @Override
  public void request(long count) {
    up.request(count);
  }

  @Override
  public void cancel(Throwable cause) {
    up.cancel(cause);
  }
}

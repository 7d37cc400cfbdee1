package io.libprocess.stream.ends;

import io.libprocess.stream.stage.Downstream;
import io.libprocess.stream.stage.Emitter;
import io.libprocess.stream.stage.Run;

/** A source that fails at once. */
public final class FailedSource<T> extends Emitter<T> {

  private final Throwable failure;

  /** Makes a source that fails with {@code failure}. */
  public FailedSource(Run<?> run, Downstream<? super T> down, Throwable failure) {
    super(run, down);
    this.failure = failure;
  }

  /** Begins. */
  public void start() {
    begin();
    ask();
  }

  @Override
  protected void cancelUpstream(Throwable cause) {}

  @Override
  protected void step() {
    fail(failure);
  }
}

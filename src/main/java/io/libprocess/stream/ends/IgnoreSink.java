package io.libprocess.stream.ends;

import io.libprocess.stream.stage.Elements;
import io.libprocess.stream.stage.Run;
import io.libprocess.stream.stage.SinkStage;

/** A sink that drops all elements. */
public final class IgnoreSink<T> extends SinkStage<T, Void> {

  /** Makes a sink that waits for the end. */
  public IgnoreSink(Run<Void> run) {
    super(run);
  }

  @Override
  public void next(T element) {
    Elements.release(element);
  }

  @Override
  protected void ending() {
    succeed(null);
  }
}

package io.libprocess.stream.ends;

import io.libprocess.stream.stage.Elements;
import io.libprocess.stream.stage.Run;
import io.libprocess.stream.stage.SinkStage;
import java.util.Optional;

/** A sink that takes the first element. */
public final class HeadSink<T> extends SinkStage<T, Optional<T>> {

  /** Makes a sink for one element. */
  public HeadSink(Run<Optional<T>> run) {
    super(run);
  }

  @Override
  protected void started() {
    request(1);
  }

  @Override
  public void next(T element) {
    if (!finish(Optional.of(element))) {
      Elements.release(element);
    }
  }

  @Override
  protected void ending() {
    succeed(Optional.empty());
  }
}

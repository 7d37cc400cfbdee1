package io.libprocess.stream.ends;

import io.libprocess.future.Failure;
import io.libprocess.stream.stage.Elements;
import io.libprocess.stream.stage.Run;
import io.libprocess.stream.stage.SinkStage;
import java.util.ArrayList;
import java.util.List;

/** A sink that collects the elements, and fails if there are too many. */
public final class ListSink<T> extends SinkStage<T, List<T>> {

  private final int most;
  private final List<T> elements = new ArrayList<>(); // Guarded by its own monitor.

  /** Makes a sink for a limited number of elements. */
  public ListSink(Run<List<T>> run, int most) {
    super(run);
    this.most = most;
  }

  @Override
  public void next(T element) {
    boolean full;
    synchronized (elements) {
      full = elements.size() == most;
      if (isOpen() && !full) {
        elements.add(element);
        return;
      }
    }
    Elements.release(element);
    if (full) {
      stop(new Failure("there are more than " + most + " elements"));
    }
  }

  @Override
  protected void ending() {
    succeed(elements);
  }

  @Override
  protected void dropped(Throwable cause) {
    synchronized (elements) {
      Elements.releaseAll(elements);
    }
  }
}

package io.libprocess.stream.operator;

import static java.util.Objects.requireNonNull;

import io.libprocess.future.CheckedFunction;
import io.libprocess.stream.stage.DemandSwitch;
import io.libprocess.stream.stage.Downstream;
import io.libprocess.stream.stage.Elements;
import io.libprocess.stream.stage.FusedStage;
import io.libprocess.stream.stage.Run;
import io.libprocess.stream.stage.Source;
import io.libprocess.stream.stage.Start;
import io.libprocess.stream.stage.Upstream;

/**
 * A stage that goes on with another source when the first one has failed; the other one may fail,
 * too.
 */
public final class RecoverStage<T> extends FusedStage<T, T> {

  private final Run<?> run;
  private final CheckedFunction<? super Throwable, ? extends Source<? extends T>> function;
  private final DemandSwitch demand = new DemandSwitch();

  /** Makes a stage with a function that returns the other source. */
  public RecoverStage(
      Run<?> run,
      Downstream<? super T> down,
      CheckedFunction<? super Throwable, ? extends Source<? extends T>> function) {
    super(down);
    this.run = run;
    this.function = function;
  }

  @Override
  public void begin(Upstream upstream) {
    up = upstream;
    demand.switchTo(upstream);
    down.begin(demand);
  }

  @Override
  public void next(T element) {
    if (done) {
      Elements.release(element);
      return;
    }
    demand.produced();
    down.next(element);
  }

  @Override
  public void fail(Throwable failure) {
    if (done) {
      return;
    }
    done = true;
    demand.off();
    if (demand.isCancelled()) {
      return;
    }
    Source<? extends T> other;
    try {
      other = requireNonNull(function.apply(failure), "the function returned null");
    } catch (Throwable thrown) {
      Run.suppress(failure, thrown);
      down.fail(failure);
      return;
    }
    Start.source(other, run, new Second());
  }

  /** Passes on the elements of the other source. */
  private final class Second extends Downstream<T> {

    @Override
    public void begin(Upstream upstream) {
      demand.switchTo(upstream);
    }

    @Override
    public void next(T element) {
      down.next(element);
    }

    @Override
    public void complete() {
      down.complete();
    }

    @Override
    public void fail(Throwable failure) {
      down.fail(failure);
    }
  }
}

package io.libprocess.stream.operator;

import io.libprocess.future.CheckedConsumer;
import io.libprocess.stream.Termination;
import io.libprocess.stream.Termination.Kind;
import io.libprocess.stream.stage.Downstream;
import io.libprocess.stream.stage.Run;
import io.libprocess.stream.stage.TwoWayStage;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A stage that calls a function once with the termination of the stream, before the end is passed
 * on.
 */
public final class TerminationStage<T> extends TwoWayStage<T, T> {

  private final Run<?> run;
  private final CheckedConsumer<? super Termination> function;
  private final AtomicBoolean over = new AtomicBoolean();

  /** Makes a stage with a function. */
  public TerminationStage(
      Run<?> run, Downstream<? super T> down, CheckedConsumer<? super Termination> function) {
    super(down);
    this.run = run;
    this.function = function;
  }

  @Override
  public boolean takesFileRegions() {
    return down.takesFileRegions();
  }

  @Override
  public void next(T element) {
    down.next(element);
  }

  @Override
  public void complete() {
    if (!over.compareAndSet(false, true)) {
      return;
    }
    Throwable thrown = call(Kind.COMPLETE, null);
    if (thrown == null) {
      down.complete();
    } else {
      down.fail(thrown);
    }
  }

  @Override
  public void fail(Throwable failure) {
    if (!over.compareAndSet(false, true)) {
      return;
    }
    Throwable thrown = call(Kind.FAIL, failure);
    if (thrown != null) {
      Run.suppress(failure, thrown);
    }
    down.fail(failure);
  }

  @Override
  public void cancel(Throwable cause) {
    if (!over.compareAndSet(false, true)) {
      return;
    }
    Throwable thrown = call(Kind.CANCEL, cause);
    if (thrown != null) {
      run.note(thrown);
    }
    up.cancel(cause);
  }

  /** Calls the function, and returns its exception; null if there is none. */
  private Throwable call(Kind kind, Throwable cause) {
    try {
      function.accept(new Termination(kind, Optional.ofNullable(cause)));
      return null;
    } catch (Throwable thrown) {
      return thrown;
    }
  }
}

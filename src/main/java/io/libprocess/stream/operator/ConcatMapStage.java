package io.libprocess.stream.operator;

import static java.util.Objects.requireNonNull;

import io.libprocess.future.CheckedFunction;
import io.libprocess.stream.stage.DemandSwitch;
import io.libprocess.stream.stage.Downstream;
import io.libprocess.stream.stage.Elements;
import io.libprocess.stream.stage.Run;
import io.libprocess.stream.stage.Source;
import io.libprocess.stream.stage.Start;
import io.libprocess.stream.stage.Upstream;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;

/**
 * A stage that sends the elements of the sources that a function returns for the elements, one
 * source after the other. The next element is requested when its predecessor's source has ended, so
 * the signals of the sources, and those of the upstream that lead to them, follow each other. Only
 * the end of the upstream may come while a source is active, on another thread: {@code state} tells
 * which of the two has happened, and the thread that makes it exactly ENDED sends the end.
 */
public final class ConcatMapStage<A, B> extends Downstream<A> implements Upstream {

  private static final int ACTIVE = 1; // A source is active or has failed.
  private static final int ENDED = 2; // The upstream has ended.

  private final Run<?> run;
  private final Downstream<? super B> down;
  private final CheckedFunction<? super A, ? extends Source<? extends B>> function;
  private final BiConsumer<? super A, Throwable> disposal;
  private final DemandSwitch demand = new DemandSwitch();
  private final AtomicInteger state = new AtomicInteger();
  private final AtomicBoolean started = new AtomicBoolean();
  private Upstream up;
  private Throwable failure; // The upstream's; written before ENDED is set, null if none.

  /** Makes a stage with a function; elements that come after a cancel are released. */
  public ConcatMapStage(
      Run<?> run,
      Downstream<? super B> down,
      CheckedFunction<? super A, ? extends Source<? extends B>> function) {
    this(run, down, function, Elements::release);
  }

  /**
   * Makes a stage with a function.
   *
   * @param disposal is called for an element that came after a cancel, with the reason or null
   */
  public ConcatMapStage(
      Run<?> run,
      Downstream<? super B> down,
      CheckedFunction<? super A, ? extends Source<? extends B>> function,
      BiConsumer<? super A, Throwable> disposal) {
    this.run = run;
    this.down = down;
    this.function = function;
    this.disposal = disposal;
  }

  @Override
  public void begin(Upstream upstream) {
    up = upstream;
    down.begin(this);
  }

  @Override
  public void next(A element) {
    if (demand.isCancelled()) {
      disposal.accept(element, demand.cause());
      return;
    }
    state.getAndUpdate(old -> old | ACTIVE);
    Source<? extends B> source;
    try {
      source = requireNonNull(function.apply(element), "the function returned null");
    } catch (Throwable thrown) {
      up.cancel(thrown);
      down.fail(thrown);
      return;
    }
    Start.source(source, run, new Inner());
  }

  @Override
  public void complete() {
    if (state.getAndUpdate(old -> old | ENDED) == 0) {
      end();
    }
  }

  @Override
  public void fail(Throwable thrown) {
    failure = thrown;
    complete();
  }

  private void end() {
    if (failure == null) {
      down.complete();
    } else {
      down.fail(failure);
    }
  }

  @Override
  public void request(long count) {
    if (count <= 0 && !demand.isOn()) {
      up.request(count);
      return;
    }
    demand.request(count);
    if (!started.get() && started.compareAndSet(false, true)) {
      up.request(1);
    }
  }

  @Override
  public void cancel(Throwable cause) {
    demand.cancel(cause);
    up.cancel(cause);
  }

  private final class Inner extends Downstream<B> {

    @Override
    public void begin(Upstream upstream) {
      demand.switchTo(upstream);
    }

    @Override
    public void next(B element) {
      demand.produced();
      down.next(element);
    }

    @Override
    public void complete() {
      demand.off();
      if (state.updateAndGet(old -> old & ~ACTIVE) == ENDED) {
        end();
      } else {
        up.request(1);
      }
    }

    @Override
    public void fail(Throwable thrown) {
      up.cancel(thrown);
      down.fail(thrown);
    }
  }
}

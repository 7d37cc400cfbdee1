package io.libprocess.stream.operator;

import static java.util.Objects.requireNonNull;

import io.libprocess.future.CheckedFunction;
import io.libprocess.future.Future;
import io.libprocess.stream.stage.Downstream;
import io.libprocess.stream.stage.Emitter;
import io.libprocess.stream.stage.InputStage;
import io.libprocess.stream.stage.Ring;
import io.libprocess.stream.stage.Run;

/**
 * A stage that sends the values of the futures that a function returns for the elements, in order.
 * As many elements are requested as there are slots, whatever the demand; a slot is free when its
 * value has been sent. The upstream adds futures to a ring, and the loop of the {@link Emitter}
 * takes them.
 */
public final class MapAsyncStage<A, B> extends InputStage<A, B> {

  private final int slots;
  private final CheckedFunction<? super A, ? extends Future<? extends B>> function;
  private final Ring<Future<? extends B>> ring;

  // Used only by the loop.
  private boolean started;
  private Future<? extends B> first; // Taken from the ring and not sent; null if there is none.

  /** Makes a stage with a number of slots. */
  public MapAsyncStage(
      Run<?> run,
      Downstream<? super B> down,
      int slots,
      CheckedFunction<? super A, ? extends Future<? extends B>> function) {
    super(run, down);
    this.slots = slots;
    this.function = function;
    ring = new Ring<>(slots);
  }

  @Override
  protected void step() {
    if (!started && mayEmit()) {
      started = true;
      requestUpstream(slots);
    }
    int free = 0;
    for (; ; ) {
      boolean last = hasInputEnded(); // Read before the ring is looked at.
      if (first == null) {
        first = ring.poll();
      }
      if (first == null) {
        if (last) {
          endAsInput();
        }
        break;
      }
      Throwable thrown = Results.failure(first);
      if (thrown != null) {
        first = null;
        if (last && inputFailure() != null) {
          Run.suppress(thrown, inputFailure());
        }
        abort(thrown);
        return;
      }
      if (first.isPending() || !claim()) {
        break;
      }
      B value = requireNonNull(first.get(), "the future's value is null");
      first = null;
      free++;
      down.next(value);
    }
    if (free > 0 && !hasInputEnded()) {
      requestUpstream(free);
    }
  }

  @Override
  protected void dispose() {
    if (first != null) {
      Results.drop(first);
      first = null;
    }
    for (Future<?> result = ring.poll(); result != null; result = ring.poll()) {
      Results.drop(result);
    }
  }

  @Override
  protected void sweep() {
    dispose();
  }

  @Override
  protected void store(A element) {
    Future<? extends B> result = Results.of(function, element);
    if (!ring.offer(result)) {
      Results.drop(result);
      abortForExcess();
      return;
    }
    if (result.isPending()) {
      Results.whenDone(result, this::ask);
    }
    ask(); // Even for a pending one, which may have come after the stage had ended.
  }
}

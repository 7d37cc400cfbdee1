package io.libprocess.stream.operator;

import static java.util.Objects.requireNonNull;

import io.libprocess.future.CheckedFunction;
import io.libprocess.future.Future;
import io.libprocess.stream.stage.Downstream;
import io.libprocess.stream.stage.InputStage;
import io.libprocess.stream.stage.Run;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * A stage that sends the values of the futures that a function returns for the elements, in the
 * order in which they become ready; otherwise like {@link MapAsyncStage}. A future is in {@code
 * slots} from its creation until its value has been sent, and in {@code completed} when it is done.
 */
public final class MapAsyncUnorderedStage<A, B> extends InputStage<A, B> {

  /** A slot for a future; the same future may occur twice. */
  private static final class Slot<B> {
    final Future<? extends B> result;

    Slot(Future<? extends B> result) {
      this.result = result;
    }
  }

  private final int most;
  private final CheckedFunction<? super A, ? extends Future<? extends B>> function;
  private final Set<Slot<B>> slots = ConcurrentHashMap.newKeySet();
  private final ConcurrentLinkedQueue<Slot<B>> completed = new ConcurrentLinkedQueue<>();

  private boolean started; // Used only by the loop.

  /** Makes a stage with a number of slots. */
  public MapAsyncUnorderedStage(
      Run<?> run,
      Downstream<? super B> down,
      int slots,
      CheckedFunction<? super A, ? extends Future<? extends B>> function) {
    super(run, down);
    this.most = slots;
    this.function = function;
  }

  @Override
  protected void step() {
    if (!started && mayEmit()) {
      started = true;
      requestUpstream(most);
    }
    int free = 0;
    for (; ; ) {
      boolean last = hasInputEnded(); // Read before the slots are looked at.
      Slot<B> slot = completed.peek();
      if (slot == null) {
        if (last && slots.isEmpty()) {
          endAsInput();
        }
        break;
      }
      Throwable thrown = Results.failure(slot.result);
      if (thrown == null && !claim()) {
        break;
      }
      completed.poll();
      slots.remove(slot);
      if (thrown != null) {
        if (last && inputFailure() != null) {
          Run.suppress(thrown, inputFailure());
        }
        abort(thrown);
        return;
      }
      B value = requireNonNull(slot.result.get(), "the future's value is null");
      free++;
      down.next(value);
    }
    if (free > 0 && !hasInputEnded()) {
      requestUpstream(free);
    }
  }

  @Override
  protected void dispose() {
    for (Slot<B> slot : slots) {
      if (slots.remove(slot)) {
        Results.drop(slot.result);
      }
    }
    completed.clear();
  }

  @Override
  protected void sweep() {
    dispose();
  }

  @Override
  protected void store(A element) {
    Slot<B> slot = new Slot<>(Results.of(function, element));
    slots.add(slot);
    Results.whenDone(
        slot.result,
        () -> {
          completed.add(slot);
          ask();
        });
    if (isOver()) {
      ask(); // It may have been disposed of before the slot was there.
    }
  }
}

package io.libprocess.stream.operator;

import io.libprocess.stream.stage.Downstream;
import io.libprocess.stream.stage.Elements;
import io.libprocess.stream.stage.Emitter;
import io.libprocess.stream.stage.InputStage;
import io.libprocess.stream.stage.Ring;
import io.libprocess.stream.stage.Run;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A buffer of elements that are requested in advance: as many as it has room for, and more when
 * half of the room is free. The upstream adds to a ring, and the loop of the {@link Emitter} takes
 * from it.
 *
 * <p>If weight counts, one element is requested at a time, whenever half of the room is free,
 * because its weight is not known beforehand.
 */
public class BufferStage<T> extends InputStage<T, T> {

  private final BufferSize<? super T> size;
  private final int half; // In elements.
  private final boolean failsFast;
  private final Ring<T> ring;

  // If weight counts.
  private final AtomicLong weight = new AtomicLong(); // Of the elements in the ring.
  private volatile boolean asked; // For an element that is not in the ring yet.

  // Used only by the loop.
  private boolean started;
  private int taken; // Since the last request.

  /**
   * Makes a buffer of a size.
   *
   * @param failsFast whether it drops its elements when the upstream fails
   */
  public BufferStage(
      Run<?> run, Downstream<? super T> down, BufferSize<? super T> size, boolean failsFast) {
    super(run, down);
    this.size = size;
    this.failsFast = failsFast;
    half = size.elements() - size.elements() / 2;
    ring = new Ring<>(size.elements());
  }

  /** How many elements a round may send before it ends. */
  protected int batch() {
    return Integer.MAX_VALUE;
  }

  @Override
  protected final void step() {
    if (!started && mayEmit()) {
      started = true;
      if (size.weigher() == null) {
        requestUpstream(size.elements());
      }
    }
    for (int left = batch(); ; left--) {
      boolean last = hasInputEnded(); // Read before the ring is looked at.
      if (last && (ring.isEmpty() || failsFast && inputFailure() != null)) {
        endAsInput();
        return;
      }
      if (left == 0) {
        ask();
        return;
      }
      if (!last) {
        refill();
      }
      if (ring.isEmpty() || !claim()) {
        return;
      }
      taken++;
      down.next(take());
    }
  }

  private void refill() {
    if (size.weigher() == null) {
      if (taken >= half) {
        int count = taken;
        taken = 0;
        requestUpstream(count);
      }
    } else if (started && !asked && weight.get() <= size.capacity() / 2 && !ring.isFull()) {
      asked = true;
      requestUpstream(1);
    }
  }

  private T take() {
    T element = ring.poll();
    if (size.weigher() != null && element != null) {
      weight.addAndGet(-size.weightOf(element));
    }
    return element;
  }

  @Override
  protected void dispose() {
    for (T element = ring.poll(); element != null; element = ring.poll()) {
      Elements.release(element);
    }
  }

  @Override
  protected final void sweep() {
    dispose();
  }

  @Override
  protected final void store(T element) {
    if (size.weigher() != null) {
      weight.addAndGet(size.weightOf(element));
      asked = false;
    }
    if (!ring.offer(element)) {
      Elements.release(element);
      abortForExcess();
      return;
    }
    ask();
  }
}

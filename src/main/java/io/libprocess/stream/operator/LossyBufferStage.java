package io.libprocess.stream.operator;

import io.libprocess.stream.Overflow;
import io.libprocess.stream.stage.Downstream;
import io.libprocess.stream.stage.Elements;
import io.libprocess.stream.stage.InputStage;
import io.libprocess.stream.stage.Run;
import io.libprocess.stream.stage.Upstream;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A buffer that accepts everything the upstream sends, and drops elements or fails if there is no
 * room. The lock guards the stored elements; nothing is called under it.
 */
public final class LossyBufferStage<T> extends InputStage<T, T> {

  private final int capacity;
  private final Overflow policy;

  // Guarded by its own monitor; its room never exceeds the capacity.
  private final ArrayDeque<T> stored = new ArrayDeque<>();

  private final AtomicBoolean started = new AtomicBoolean();

  /** Makes a buffer for a number of elements, with a policy other than BACKPRESSURE. */
  public LossyBufferStage(Run<?> run, Downstream<? super T> down, int capacity, Overflow policy) {
    super(run, down);
    this.capacity = capacity;
    this.policy = policy;
  }

  /**
   * Requests from the upstream here rather than in the loop, which has to send elements that arrive
   * inside this request.
   */
  @Override
  protected void requested() {
    if (!started.get() && started.compareAndSet(false, true)) {
      requestUpstream(Upstream.UNBOUNDED);
    }
  }

  @Override
  protected void step() {
    for (; ; ) {
      boolean last = hasInputEnded(); // Read before the store is looked at.
      if (!mayEmit()) {
        if (last && isEmpty()) {
          endAsInput();
        }
        return;
      }
      T element = poll();
      if (element == null) {
        if (last) {
          endAsInput();
        }
        return;
      }
      claim(); // If it is cancelled meanwhile, the downstream drops the element.
      down.next(element);
    }
  }

  private boolean isEmpty() {
    synchronized (stored) {
      return stored.isEmpty();
    }
  }

  private T poll() {
    synchronized (stored) {
      return stored.poll();
    }
  }

  @Override
  protected void dispose() {
    for (T element = poll(); element != null; element = poll()) {
      Elements.release(element);
    }
  }

  @Override
  protected void sweep() {
    dispose();
  }

  @Override
  protected void store(T element) {
    T dropped = null;
    synchronized (stored) {
      if (stored.size() == capacity) {
        dropped = policy == Overflow.DROP_OLDEST ? stored.poll() : element;
      }
      if (dropped != element) {
        stored.add(element);
      }
    }
    if (dropped != null) {
      Elements.release(dropped);
    }
    if (dropped == element && policy == Overflow.FAIL) {
      IllegalStateException full =
          new IllegalStateException("the buffer is full at " + capacity + " elements");
      cancelUpstream(full);
      input().fail(full);
      return;
    }
    ask();
  }
}

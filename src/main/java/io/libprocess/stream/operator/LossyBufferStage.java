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
 * Takes whatever the upstream sends, and drops elements or fails if there is no room. The lock
 * guards what is stored; nothing is called under it.
 */
public final class LossyBufferStage<T> extends InputStage<T, T> {

  private final int capacity;
  private final Overflow policy;

  // Guarded by itself; its room is never more than the capacity's.
  private final ArrayDeque<T> stored = new ArrayDeque<>();

  private final AtomicBoolean started = new AtomicBoolean();

  /** Makes a buffer for so many elements, with a policy other than BACKPRESSURE. */
  public LossyBufferStage(Run<?> run, Downstream<? super T> down, int capacity, Overflow policy) {
    super(run, down);
    this.capacity = capacity;
    this.policy = policy;
  }

  /** Not in the loop, which has to send what comes inside this request. */
  @Override
  protected void requested() {
    if (!started.get() && started.compareAndSet(false, true)) {
      requestUpstream(Upstream.UNBOUNDED);
    }
  }

  @Override
  protected void step() {
    for (; ; ) {
      boolean last = hasInputEnded(); // Before the look at what is stored.
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
      claim(); // Or it is cancelled meanwhile, and the downstream drops what comes.
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

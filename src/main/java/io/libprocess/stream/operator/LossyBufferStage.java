package io.libprocess.stream.operator;

import io.libprocess.stream.Overflow;
import io.libprocess.stream.stage.Downstream;
import io.libprocess.stream.stage.Elements;
import io.libprocess.stream.stage.Emitter;
import io.libprocess.stream.stage.Run;
import io.libprocess.stream.stage.Upstream;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Takes whatever the upstream sends, and drops elements or fails if there is no room. The lock
 * guards what is stored; nothing is called under it.
 */
public final class LossyBufferStage<T> extends Emitter<T> {

  private final Input input = new Input();
  private final int capacity;
  private final Overflow policy;

  // Guarded by itself; its room is never more than the capacity's.
  private final ArrayDeque<T> stored = new ArrayDeque<>();

  // Written inside signals from above, the failure before the flag.
  private Throwable failure; // Null if it ended well.
  private volatile boolean inputEnded;

  private final AtomicBoolean started = new AtomicBoolean();

  /** Makes a buffer for so many elements, with a policy other than BACKPRESSURE. */
  public LossyBufferStage(Run<?> run, Downstream<? super T> down, int capacity, Overflow policy) {
    super(run, down);
    this.capacity = capacity;
    this.policy = policy;
  }

  /** What is to be signalled. */
  public Downstream<T> input() {
    return input;
  }

  @Override
  protected void cancelUpstream(Throwable cause) {
    input.up.cancel(cause);
  }

  /** Not in the loop, which has to send what comes inside this request. */
  @Override
  protected void requested() {
    if (!started.get() && started.compareAndSet(false, true)) {
      input.up.request(Upstream.UNBOUNDED);
    }
  }

  @Override
  protected void step() {
    for (; ; ) {
      boolean last = inputEnded; // Before the look at what is stored.
      if (!mayEmit()) {
        if (last && isEmpty()) {
          end();
        }
        return;
      }
      T element = poll();
      if (element == null) {
        if (last) {
          end();
        }
        return;
      }
      claim(); // Or it is cancelled meanwhile, and the downstream drops what comes.
      down.next(element);
    }
  }

  private void end() {
    if (failure == null) {
      complete();
    } else {
      fail(failure);
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

  private final class Input extends Downstream<T> {

    private Upstream up;

    @Override
    public void begin(Upstream upstream) {
      up = upstream;
      LossyBufferStage.this.begin();
    }

    @Override
    public void next(T element) {
      if (inputEnded || isOver()) {
        Elements.release(element);
        return;
      }
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
        up.cancel(full);
        fail(full);
        return;
      }
      ask();
    }

    @Override
    public void complete() {
      if (!inputEnded) {
        inputEnded = true;
        ask();
      }
    }

    @Override
    public void fail(Throwable thrown) {
      if (!inputEnded) {
        failure = thrown;
        complete();
      }
    }
  }
}

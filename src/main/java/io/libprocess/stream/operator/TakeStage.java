package io.libprocess.stream.operator;

import io.libprocess.stream.stage.Downstream;
import io.libprocess.stream.stage.Elements;
import io.libprocess.stream.stage.TwoWayStage;
import io.libprocess.stream.stage.Upstream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** A stage that passes on the first elements and completes, and never requests more than those. */
public final class TakeStage<T> extends TwoWayStage<T, T> {

  private static final VarHandle UNREQUESTED;

  static {
    try {
      UNREQUESTED =
          MethodHandles.lookup().findVarHandle(TakeStage.class, "unrequested", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private volatile long unrequested; // How many may still be requested.
  private volatile boolean cancelled;
  private long left; // How many are still to come; used only inside signals.

  /** Makes a stage that takes a number of elements, 0 or more. */
  public TakeStage(Downstream<? super T> down, long count) {
    super(down);
    unrequested = count;
    left = count;
  }

  @Override
  public boolean takesFileRegions() {
    return down.takesFileRegions();
  }

  @Override
  public void begin(Upstream upstream) {
    super.begin(upstream);
    if (left == 0) {
      finish();
    }
  }

  private void finish() {
    done = true;
    if (!cancelled) {
      finished();
    }
  }

  @Override
  public void next(T element) {
    if (left == 0) {
      Elements.release(element);
      return;
    }
    left--;
    down.next(element);
    if (left == 0) {
      finish();
    }
  }

  @Override
  public void request(long count) {
    if (count <= 0) {
      up.request(count);
      return;
    }
    long old;
    long some;
    do {
      old = unrequested;
      some = Math.min(old, count);
    } while (some != 0 && !UNREQUESTED.compareAndSet(this, old, old - some));
    if (some != 0) {
      up.request(some);
    }
  }

  @Override
  public void cancel(Throwable cause) {
    cancelled = true;
    up.cancel(cause);
  }
}

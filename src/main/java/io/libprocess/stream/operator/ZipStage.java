package io.libprocess.stream.operator;

import static java.util.Objects.requireNonNull;

import io.libprocess.future.CheckedBiFunction;
import io.libprocess.stream.stage.Downstream;
import io.libprocess.stream.stage.Elements;
import io.libprocess.stream.stage.Emitter;
import io.libprocess.stream.stage.Run;
import io.libprocess.stream.stage.Source;
import io.libprocess.stream.stage.Start;
import io.libprocess.stream.stage.Upstream;

/**
 * A stage that sends the results of a function of pairs of elements of two sources. It ends, or
 * fails, as soon as one of the sources has ended and no element of it is held; the other one is
 * cancelled.
 */
public final class ZipStage<A, B, C> extends Emitter<C> {

  private final Source<? extends A> leftSource;
  private final Source<? extends B> rightSource;
  private final CheckedBiFunction<? super A, ? super B, ? extends C> function;
  private final Input<A> left = new Input<>();
  private final Input<B> right = new Input<>();

  // Used only by the loop.
  private boolean started;
  private boolean asked; // For a pair that has not been sent.

  /** Makes a stage with a function, which owns the elements and must not return null. */
  public ZipStage(
      Run<?> run,
      Downstream<? super C> down,
      Source<? extends A> left,
      Source<? extends B> right,
      CheckedBiFunction<? super A, ? super B, ? extends C> function) {
    super(run, down);
    leftSource = left;
    rightSource = right;
    this.function = function;
  }

  /** Begins; the sources start with the first request. */
  public void start() {
    begin();
  }

  @Override
  protected void cancelUpstream(Throwable cause) {
    left.cancel(cause);
    right.cancel(cause);
  }

  @Override
  protected void step() throws Exception {
    if (!started) {
      if (!mayEmit()) {
        return;
      }
      startSources();
    }
    for (; ; ) {
      if (left.isAtEnd() || right.isAtEnd()) {
        end(left.isAtEnd() ? left : right, left.isAtEnd() ? right : left);
        return;
      }
      A a = left.held;
      B b = right.held;
      if (a == null || b == null) {
        if (!asked && mayEmit()) {
          asked = true;
          left.request();
          right.request();
        }
        return; // The thread that set it has asked for another round.
      }
      if (!claim()) {
        return;
      }
      left.held = null;
      right.held = null;
      asked = false;
      down.next(requireNonNull(function.apply(a, b), "the function returned null"));
    }
  }

  private void startSources() {
    started = true;
    Start.source(leftSource, run(), left);
    Start.source(rightSource, run(), right);
  }

  private void end(Input<?> over, Input<?> other) {
    other.cancel(over.failure);
    if (over.failure != null && other.isAtEnd() && other.failure != null) {
      Run.suppress(over.failure, other.failure);
    }
    if (over.failure == null) {
      complete();
    } else {
      fail(over.failure);
    }
  }

  @Override
  protected void dispose() {
    if (!started) {
      startSources(); // They are cancelled at once, and release what they hold.
    }
    sweep();
  }

  @Override
  protected void sweep() {
    left.clear();
    right.clear();
  }

  private final class Input<T> extends Downstream<T> {

    volatile T held; // Set inside signals while it is null, cleared by the loop.
    Throwable failure; // Written before the flag; null if it completed.
    private volatile boolean ended;
    private volatile Upstream up; // Null before the beginning.

    boolean isAtEnd() {
      return ended && held == null; // In this order: no element comes after the end.
    }

    void request() {
      if (!ended) {
        up.request(1);
      }
    }

    void cancel(Throwable cause) {
      Upstream above = up;
      if (above != null && !ended) {
        above.cancel(cause);
      }
    }

    void clear() {
      T element = held;
      if (element != null) {
        held = null;
        Elements.release(element);
      }
    }

    @Override
    public void begin(Upstream upstream) {
      up = upstream;
      if (isOver()) {
        upstream.cancel(cause());
      }
    }

    @Override
    public void next(T element) {
      if (held != null) {
        Elements.release(element);
        abortForExcess();
        return;
      }
      held = element;
      ask();
    }

    @Override
    public void complete() {
      ended = true;
      ask();
    }

    @Override
    public void fail(Throwable thrown) {
      failure = thrown;
      ended = true;
      ask();
    }
  }
}

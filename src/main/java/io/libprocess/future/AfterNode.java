package io.libprocess.future;

import io.libprocess.internal.Trampoline;
import io.libprocess.time.Clock;
import io.libprocess.time.Timer;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;

/** {@link Future#after}. Whichever comes first, completion or the timer, takes the function. */
final class AfterNode<T> extends Derivation {

  private static final VarHandle FUNCTION;

  static {
    try {
      FUNCTION =
          MethodHandles.lookup().findVarHandle(AfterNode.class, "function", CheckedFunction.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private CheckedFunction<? super Future<T>, Future<T>> function;
  private Timer timer;

  AfterNode(Future<T> source, CheckedFunction<? super Future<T>, Future<T>> function) {
    super(source);
    this.function = function;
  }

  /** Called before this is attached, so the timer is there for whoever completes the source. */
  void start(Duration duration) {
    timer = Clock.current().timer(duration, this::expired);
  }

  @Override
  Node fire(FutureState source) {
    if (take() == null) {
      return null; // Expired before.
    }
    timer.cancel();
    return passOn(source);
  }

  @SuppressWarnings("unchecked") // The source is a Future<T>.
  private void expired() {
    CheckedFunction<? super Future<T>, Future<T>> f = take();
    if (f == null) {
      return;
    }
    Trampoline trampoline = Trampoline.enter();
    try {
      target.runStack(associateTarget(Future.applyAsync(f, (Future<T>) source())));
    } finally {
      trampoline.exit();
    }
  }

  @SuppressWarnings("unchecked") // The only type the field can hold.
  private CheckedFunction<? super Future<T>, Future<T>> take() {
    return (CheckedFunction<? super Future<T>, Future<T>>) FUNCTION.getAndSet(this, null);
  }
}

package io.libprocess.future;

import io.libprocess.time.Clock;
import io.libprocess.time.Timer;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.Collection;

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

  // The source, once this has turned to the future that the function returned: a discard request
  // goes to both, but only to a source that somebody still holds.
  private volatile WeakReference<FutureState> expired;

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
    if (f != null) {
      FutureState source = source();
      expired = new WeakReference<>(source);
      target.runStack(apply(f, (Future<T>) source));
    }
  }

  @Override
  Mark sourceAbandoned(FutureState abandoned) {
    return FUNCTION.getVolatile(this) == null ? null : super.sourceAbandoned(abandoned);
  }

  @Override
  void addSources(Collection<FutureState> targets) {
    super.addSources(targets);
    FutureState source = sourceAfterExpiry();
    if (source != null) {
      targets.add(source);
    }
  }

  @Override
  boolean mayBeLeftOut() {
    FutureState source = sourceAfterExpiry();
    return source == null
        || !FutureState.isPendingWord(source.state())
        || source.isDiscardRequested();
  }

  private FutureState sourceAfterExpiry() {
    WeakReference<FutureState> reference = expired;
    return reference == null ? null : reference.get();
  }

  @SuppressWarnings("unchecked") // The only type the field can hold.
  private CheckedFunction<? super Future<T>, Future<T>> take() {
    return (CheckedFunction<? super Future<T>, Future<T>>) FUNCTION.getAndSet(this, null);
  }
}

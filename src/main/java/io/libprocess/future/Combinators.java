package io.libprocess.future;

import io.libprocess.time.Clock;
import io.libprocess.time.Timer;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;

/**
 * The completions that the combinators of {@link Future} push onto the stack of the future they
 * wait for.
 */
final class Combinators {

  private Combinators() {}

  /**
   * Whether {@code then} and {@code map} run their function: the future is ready, and no discard
   * was requested.
   */
  static boolean applies(Object outcome) {
    return !(outcome instanceof Outcome o)
        || o.kind == Outcome.Kind.READY && (o.flags & FutureState.DISCARD_REQUESTED) == 0;
  }

  /** The outcome of {@code then} and {@code map} where {@link #applies} is false. */
  static Object withoutApplying(Object outcome) {
    return Outcome.kind(outcome) == Outcome.Kind.READY
        ? Outcome.DISCARDED
        : Outcome.withFlags(outcome, 0);
  }

  /** The outcome of applying a function to a value. */
  static <T, R> Object outcomeOf(CheckedFunction<? super T, ? extends R> function, T value) {
    try {
      return Outcome.ready(function.apply(value));
    } catch (Throwable thrown) {
      return Outcome.failed(thrown);
    }
  }

  /** The completion of {@link Future#map}. */
  static final class MapCompletion<T, R> extends DependentCompletion {

    private CheckedFunction<? super T, ? extends R> function;

    MapCompletion(Future<T> source, CheckedFunction<? super T, ? extends R> function) {
      super(source);
      this.function = function;
    }

    @Override
    @SuppressWarnings("unchecked") // The source is a Future<T>.
    Completion fire(FutureState source) {
      Object outcome = source.outcome();
      CheckedFunction<? super T, ? extends R> f = function;
      function = null;
      if (!applies(outcome)) {
        return target.completeFor(this, withoutApplying(outcome));
      }
      return target.completeFor(this, outcomeOf(f, (T) Outcome.value(outcome)));
    }
  }

  /** The completion of {@link Future#then}. */
  static final class ThenCompletion<T, R> extends DependentCompletion {

    private CheckedFunction<? super T, Future<R>> function;

    ThenCompletion(Future<T> source, CheckedFunction<? super T, Future<R>> function) {
      super(source);
      this.function = function;
    }

    @Override
    @SuppressWarnings("unchecked") // The source is a Future<T>.
    Completion fire(FutureState source) {
      Object outcome = source.outcome();
      CheckedFunction<? super T, Future<R>> f = function;
      function = null;
      return applies(outcome)
          ? apply(f, (T) Outcome.value(outcome))
          : target.completeFor(this, withoutApplying(outcome));
    }
  }

  /** The completion of {@link Future#repair}. */
  static final class RepairCompletion<T> extends DependentCompletion {

    private CheckedFunction<? super Future<T>, Future<T>> function;

    RepairCompletion(Future<T> source, CheckedFunction<? super Future<T>, Future<T>> function) {
      super(source);
      this.function = function;
    }

    @Override
    @SuppressWarnings("unchecked") // The source is a Future<T>.
    Completion fire(FutureState source) {
      CheckedFunction<? super Future<T>, Future<T>> f = function;
      function = null;
      return Outcome.kind(source.outcome()) == Outcome.Kind.FAILED
          ? apply(f, (Future<T>) source)
          : passOn(source);
    }
  }

  /** A completion with a function that one of two events takes, whichever comes first. */
  private abstract static class Contended<T> extends DependentCompletion {

    private static final VarHandle FUNCTION;

    static {
      try {
        FUNCTION =
            MethodHandles.lookup()
                .findVarHandle(Contended.class, "function", CheckedFunction.class);
      } catch (ReflectiveOperationException e) {
        throw new ExceptionInInitializerError(e);
      }
    }

    private CheckedFunction<? super Future<T>, Future<T>> function; // Null once it has been taken.

    Contended(Future<T> source, CheckedFunction<? super Future<T>, Future<T>> function) {
      super(source);
      this.function = function;
    }

    final boolean isTaken() {
      return FUNCTION.getVolatile(this) == null;
    }

    @SuppressWarnings("unchecked") // The only type the field can hold.
    final CheckedFunction<? super Future<T>, Future<T>> take() {
      return (CheckedFunction<? super Future<T>, Future<T>>) FUNCTION.getAndSet(this, null);
    }

    @Override
    final boolean isLive() {
      return !isTaken();
    }
  }

  /** The completion of {@link Future#recover}: completion and abandonment contend. */
  static final class RecoverCompletion<T> extends Contended<T> {

    RecoverCompletion(Future<T> source, CheckedFunction<? super Future<T>, Future<T>> function) {
      super(source, function);
    }

    @Override
    Completion fire(FutureState source) {
      CheckedFunction<? super Future<T>, Future<T>> f = take();
      if (f == null) {
        return null;
      }
      return Outcome.kind(source.outcome()) == Outcome.Kind.READY
          ? passOn(source)
          : recover(f, source);
    }

    @Override
    FlagChange sourceAbandoned(FutureState abandoned) {
      CheckedFunction<? super Future<T>, Future<T>> f = take();
      if (f != null) {
        target.runStack(recover(f, abandoned));
      }
      return null;
    }

    @SuppressWarnings("unchecked") // The source is a Future<T>.
    private Completion recover(
        CheckedFunction<? super Future<T>, Future<T>> f, FutureState source) {
      target.clearDiscardRequest();
      return apply(f, (Future<T>) source);
    }
  }

  /** The completion of {@link Future#after}: completion and the timer contend. */
  static final class AfterCompletion<T> extends Contended<T> {

    private Timer timer;

    // The source, once this waits for the future that the function returned: a discard request goes
    // to both, but only to a source that is still referenced elsewhere.
    private volatile WeakReference<FutureState> expired;

    AfterCompletion(Future<T> source, CheckedFunction<? super Future<T>, Future<T>> function) {
      super(source, function);
    }

    /**
     * Starts the timer. Called before this is attached, so the thread that completes the source
     * finds the timer.
     */
    void start(Duration duration) {
      timer = Clock.current().timer(duration, this::expired);
    }

    @Override
    Completion fire(FutureState source) {
      if (take() == null) {
        return null; // It expired before.
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
    FlagChange sourceAbandoned(FutureState abandoned) {
      return isTaken() ? null : super.sourceAbandoned(abandoned);
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
  }

  /**
   * The completion of {@link Future#undiscardable}: passes on the outcome, and nothing else in
   * either direction.
   */
  static final class UndiscardableCompletion extends DependentCompletion {

    UndiscardableCompletion(FutureState source) {
      super(source);
    }

    @Override
    void addSources(Collection<FutureState> targets) {}

    @Override
    Completion fire(FutureState source) {
      return passOn(source);
    }

    @Override
    FlagChange sourceAbandoned(FutureState abandoned) {
      return null;
    }
  }

  /**
   * The completion of {@link Future#discardable}: passes on everything except discard requests,
   * which end the target.
   */
  static final class DiscardableCompletion extends DependentCompletion {

    DiscardableCompletion(FutureState source) {
      super(source);
    }

    @Override
    void addSources(Collection<FutureState> targets) {}

    @Override
    void targetDiscardRequested() {
      target.complete(Outcome.DISCARDED);
    }

    @Override
    Completion fire(FutureState source) {
      return passOn(source);
    }
  }

  /**
   * The completion of {@link Future#toCompletableFuture}; a holder of the JDK future may complete
   * that one first.
   */
  static final class JdkCompletion<T> extends Completion {

    private final CompletableFuture<T> result;

    JdkCompletion(CompletableFuture<T> result) {
      this.result = result;
    }

    @Override
    boolean early() {
      return true;
    }

    @Override
    boolean isLive() {
      return !result.isDone();
    }

    @Override
    @SuppressWarnings("unchecked") // The source is a Future<T>.
    Completion fire(FutureState source) {
      Object outcome = source.outcome();
      switch (Outcome.kind(outcome)) {
        case READY -> result.complete((T) Outcome.value(outcome));
        case FAILED -> result.completeExceptionally((Throwable) Outcome.value(outcome));
        case DISCARDED -> result.cancel(false);
      }
      return null;
    }
  }
}

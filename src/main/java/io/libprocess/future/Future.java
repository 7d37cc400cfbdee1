package io.libprocess.future;

import static java.util.Objects.requireNonNull;

import io.libprocess.future.Outcome.Kind;
import io.libprocess.internal.StackReserve;
import io.libprocess.internal.Trampoline;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/**
 * A value that may not be available yet. A future is <em>pending</em> and then, once and for ever,
 * <em>ready</em> with a value, <em>failed</em> with a {@link Throwable}, or <em>discarded</em>.
 *
 * <p>Two flags stand beside the state. {@link #hasDiscard} says that a holder of the future has
 * lost interest: {@link #discard} is a request, which the producer may follow or ignore. {@link
 * #isAbandoned} says that no producer is left to complete it, which is how a pending future fails
 * quietly; it may still be completed in another way, for instance by {@link #after}.
 *
 * <p><b>Threads.</b> All methods may be called from any thread, and none but {@link #await()} and
 * {@link #get} blocks. A callback runs on the thread that completes the future, inside the
 * completing call, or inside the registration if the future is already completed; always in the
 * {@link io.libprocess.context.Context} in which it was registered. To run it in a process use the
 * process's {@code defer} or {@code Executor} form. Actions of a thread before it completes a
 * future happen-before every callback and every successful read. Exceptions of callbacks are
 * logged. Callbacks that register callbacks at completed futures, or complete, discard or abandon
 * others, and so on to any depth do not exhaust the stack: a callback that would be nested more
 * than a few dozen levels deep runs on the same thread as soon as the outermost callback has
 * returned or the thread waits.
 *
 * <p>On completion the callbacks for this kind of completion run first, then those for any kind
 * ({@link #onAny}, {@link #map}, {@link #then}, {@link #recover} and so on), each in the order of
 * registration.
 *
 * <p>The value may be null; {@code Future<Void>} is what libprocess calls {@code Future<Nothing>}.
 * Equality is identity.
 *
 * @param <T> the type of the value
 */
public final class Future<T> extends FutureState {

  private static final Future<?> DISCARDED = new Future<>(Outcome.DISCARDED);
  private static final Future<Void> DONE = new Future<>(Outcome.NULL);

  Future() {}

  /** Makes a future with a state word: an outcome, or the origin of a derived future. */
  Future(Object initial) {
    super(initial);
  }

  /** A future that is ready with {@code value}, which may be null. */
  public static <T> Future<T> of(T value) {
    return new Future<>(Outcome.ready(value));
  }

  /** A future that is ready without a value. */
  public static Future<Void> done() {
    return DONE;
  }

  /** A future that has failed. */
  public static <T> Future<T> failed(Throwable failure) {
    return new Future<>(Outcome.failed(requireNonNull(failure, "failure")));
  }

  /** A future that has failed with a {@link Failure}. */
  public static <T> Future<T> failed(String message) {
    return failed(new Failure(requireNonNull(message, "message")));
  }

  /** A future that is discarded. */
  @SuppressWarnings("unchecked") // It has no value.
  public static <T> Future<T> discarded() {
    return (Future<T>) DISCARDED;
  }

  /**
   * A pending future without a producer: it is abandoned from the start. (libprocess: a future
   * constructed by default.)
   */
  public static <T> Future<T> abandoned() {
    Future<T> future = new Future<>();
    future.abandon();
    return future;
  }

  /**
   * Converts a {@link CompletionStage}. If the stage is cancelled, the future is discarded; a
   * discard request cancels the stage.
   */
  public static <T> Future<T> from(CompletionStage<T> stage) {
    requireNonNull(stage, "stage");
    Promise<T> promise = new Promise<>();
    promise.future().onDiscard(() -> stage.toCompletableFuture().cancel(true));
    stage.whenComplete(
        (value, thrown) -> {
          Throwable failure =
              thrown instanceof CompletionException e && e.getCause() != null
                  ? e.getCause()
                  : thrown;
          if (failure == null) {
            promise.set(value);
          } else if (failure instanceof CancellationException) {
            promise.discard();
          } else {
            promise.fail(failure);
          }
        });
    return promise.future();
  }

  /* ---------------- State ---------------- */

  /** Whether the future is not completed; it may be abandoned. */
  public boolean isPending() {
    return isPendingWord(state());
  }

  /** Whether the future has a value. */
  public boolean isReady() {
    return is(Kind.READY);
  }

  /** Whether the future has failed. */
  public boolean isFailed() {
    return is(Kind.FAILED);
  }

  /**
   * Whether the future ended without a value or a failure, usually in answer to a discard request.
   */
  public boolean isDiscarded() {
    return is(Kind.DISCARDED);
  }

  private boolean is(Kind kind) {
    Object s = state();
    return !isPendingWord(s) && Outcome.kind(s) == kind;
  }

  /** Whether the future was abandoned while it was pending. */
  public boolean isAbandoned() {
    return isFlaggedAbandoned();
  }

  /** Whether {@link #discard} was called while the future was pending. */
  public boolean hasDiscard() {
    return isDiscardRequested();
  }

  /**
   * Returns the value, and waits for it without limit.
   *
   * @throws CompletionException if the future failed; the cause is the failure
   * @throws CancellationException if the future is discarded
   */
  @SuppressWarnings("unchecked") // A ready future holds a T.
  public T get() {
    if (isPendingWord(state())) {
      Signaller.await(this);
    }
    Object s = state();
    return switch (Outcome.kind(s)) {
      case READY -> (T) Outcome.value(s);
      case FAILED -> throw new CompletionException((Throwable) Outcome.value(s));
      case DISCARDED -> throw new CancellationException("the future is discarded");
    };
  }

  /**
   * The failure.
   *
   * @throws IllegalStateException if the future has not failed
   */
  public Throwable failure() {
    Object s = state();
    if (isPendingWord(s) || Outcome.kind(s) != Kind.FAILED) {
      throw new IllegalStateException("not failed: " + this);
    }
    return (Throwable) Outcome.value(s);
  }

  /**
   * Waits without limit until the future is completed. An abandoned future does not end the wait,
   * and neither does an interrupt; the interrupt status is restored for the caller. Inside a
   * process this blocks the process; use {@link #then} there.
   */
  public void await() {
    Signaller.await(this);
  }

  /**
   * Waits until the future is completed.
   *
   * @param limit the longest time to wait, by the clock of the calling thread: while that clock is
   *     paused the limit is not reached. Zero or less does not wait.
   * @return whether the future is completed
   */
  public boolean await(Duration limit) {
    return Signaller.await(this, requireNonNull(limit, "limit"));
  }

  /* ---------------- Callbacks ---------------- */

  /** Calls back with the value if the future becomes, or is, ready. */
  public Future<T> onReady(CheckedConsumer<? super T> callback) {
    return on(Callback.Kind.READY, Contextual.consumer(requireNonNull(callback, "callback")));
  }

  /** Calls back with the failure if the future fails or has failed. */
  public Future<T> onFailed(CheckedConsumer<? super Throwable> callback) {
    return on(Callback.Kind.FAILED, Contextual.consumer(requireNonNull(callback, "callback")));
  }

  /** Calls back if the future ends, or has ended, as discarded. */
  public Future<T> onDiscarded(CheckedRunnable callback) {
    return on(Callback.Kind.DISCARDED, Contextual.runnable(requireNonNull(callback, "callback")));
  }

  /** Calls back with this future when it is completed in any way, after the other callbacks. */
  public Future<T> onAny(CheckedConsumer<? super Future<T>> callback) {
    return on(Callback.Kind.ANY, Contextual.consumer(requireNonNull(callback, "callback")));
  }

  private Future<T> on(Callback.Kind kind, Object callback) {
    Callback node = new Callback(kind, callback);
    if (!push(node)) {
      StackReserve.checkLittle();
      Trampoline trampoline = Trampoline.enter();
      try {
        Trampoline.Step later = trampoline.isFullOrShort() ? DeferredStep.firing(node, this) : null;
        if (later != null) {
          trampoline.putOff(later);
        } else {
          node.fire(this);
        }
      } finally {
        trampoline.exit();
      }
    }
    return this;
  }

  /** Calls back on the first {@link #discard}, at once if there was one. */
  public Future<T> onDiscard(CheckedRunnable callback) {
    return onFlag(DISCARD_REQUESTED, Callback.Kind.DISCARD_REQUEST, callback);
  }

  /** Calls back when the future is abandoned, at once if it was. */
  public Future<T> onAbandoned(CheckedRunnable callback) {
    return onFlag(ABANDONED, Callback.Kind.ABANDONED, callback);
  }

  private Future<T> onFlag(int flag, Callback.Kind kind, CheckedRunnable callback) {
    CheckedRunnable bound = Contextual.runnable(requireNonNull(callback, "callback"));
    if (pushUnlessSet(flag, new Callback(kind, bound))) {
      Callback.runNested(bound);
    }
    return this;
  }

  /* ---------------- Combinators ---------------- */

  /**
   * Applies a function to the value. If this future fails or is discarded, so does the result, and
   * the function does not run. Nor does it run if a discard of this future was requested before it
   * became ready: the result is then discarded. A discard request on the result is passed on to
   * this future. If the function throws, the result fails. (libprocess: {@code then} with a
   * function that returns a plain value.)
   */
  @SuppressWarnings("unchecked") // A ready future holds a T.
  public <R> Future<R> map(CheckedFunction<? super T, ? extends R> function) {
    requireNonNull(function, "function");
    Object s = state();
    if (!isPendingWord(s)) {
      return new Future<>(
          Combinators.applies(s)
              ? Combinators.outcomeOf(function, (T) Outcome.value(s))
              : Combinators.withoutApplying(s));
    }
    return derived(new Combinators.MapCompletion<>(this, Contextual.function(function)));
  }

  /**
   * Applies a function to the value and takes the outcome of the future that it returns, without
   * its flags. Otherwise like {@link #map}; a discard request on the result goes to the returned
   * future once the function has run, even if the request came before.
   *
   * <p>A recursion whose last step is this call, or {@link #repair} or {@link #recover}, may be
   * arbitrarily long: it needs constant stack, and constant memory for all steps to which no
   * reference is kept.
   */
  @SuppressWarnings("unchecked") // A ready future holds a T.
  public <R> Future<R> then(CheckedFunction<? super T, Future<R>> function) {
    requireNonNull(function, "function");
    Object s = state();
    if (isPendingWord(s)) {
      return derived(new Combinators.ThenCompletion<>(this, Contextual.function(function)));
    }
    if (!Combinators.applies(s)) {
      return new Future<>(Combinators.withoutApplying(s));
    }
    StackReserve.checkLittle();
    Trampoline trampoline = Trampoline.enter();
    try {
      if (trampoline.isFull()) {
        // Which puts it off.
        return derived(new Combinators.ThenCompletion<>(this, Contextual.function(function)));
      }
      return unflagged(applyAsync(function, (T) Outcome.value(s)));
    } finally {
      trampoline.exit();
    }
  }

  /** Returns a future with the outcome of {@code inner}, but not its flags. */
  private static <R> Future<R> unflagged(Future<R> inner) {
    Object s = inner.state();
    if (!isPendingWord(s)) {
      Object bare = Outcome.withFlags(s, 0);
      return bare == s ? inner : new Future<>(bare);
    }
    Link.Transfer transfer = Link.Transfer.toNewFuture(inner);
    inner.attach(transfer);
    return result(transfer);
  }

  /**
   * Replaces a failure: the result is this future or, if it fails, the future that a function of it
   * returns. A discard request goes to this future and, even if it came before, to the returned
   * one. If the function throws, the result fails.
   */
  public Future<T> repair(CheckedFunction<? super Future<T>, Future<T>> function) {
    requireNonNull(function, "function");
    return derived(new Combinators.RepairCompletion<>(this, Contextual.function(function)));
  }

  /**
   * Replaces every end without a value: the result is this future if it becomes ready; if it fails,
   * is discarded or is abandoned, the result is the future that a function of it returns. A discard
   * request made before the function runs has been passed on to this future and is forgotten then;
   * one made later reaches the returned future. If the function throws, the result fails. Once this
   * future has been abandoned, its completion comes too late.
   */
  public Future<T> recover(CheckedFunction<? super Future<T>, Future<T>> function) {
    requireNonNull(function, "function");
    return derived(new Combinators.RecoverCompletion<>(this, Contextual.function(function)));
  }

  /**
   * Sets a time limit: the result is this future if it completes in time, by the clock of the
   * calling thread; otherwise it is the future that a function of it returns, called on the clock's
   * thread. The function runs even if a discard was requested or this future was abandoned. This
   * future is not discarded unless the function does so; a discard request on the result goes to it
   * before the time is up, and to both afterwards. If the function throws, the result fails.
   *
   * @param duration the time; zero or less means as soon as possible
   */
  public Future<T> after(
      Duration duration, CheckedFunction<? super Future<T>, Future<T>> function) {
    requireNonNull(duration, "duration");
    Combinators.AfterCompletion<T> node =
        new Combinators.AfterCompletion<>(
            this, Contextual.function(requireNonNull(function, "function")));
    if (isPending()) {
      node.start(duration);
      return derived(node);
    }
    return unflagged(this);
  }

  /**
   * A future with the outcome of this one that discard requests do not pass through and that
   * ignores abandonment.
   */
  public Future<T> undiscardable() {
    return derived(new Combinators.UndiscardableCompletion(this));
  }

  /**
   * A future with the outcome of this one for one of several that wait for it: a discard request
   * ends the result at once as discarded, and does not reach this future or the other results. If
   * this future is abandoned, so is the result. To share a future, hand out a new result of this
   * method to each holder.
   */
  public Future<T> discardable() {
    Object s = state();
    if (isPendingWord(s)) {
      return derived(new Combinators.DiscardableCompletion(this));
    }
    Object bare = Outcome.withFlags(s, 0);
    return bare == s ? this : new Future<>(bare);
  }

  private <R> Future<R> derived(DependentCompletion node) {
    attach(node);
    return result(node);
  }

  @SuppressWarnings("unchecked") // Every derivation here makes its target for the result's type.
  private static <R> Future<R> result(DependentCompletion node) {
    return (Future<R>) node.target;
  }

  /** Calls a function that should return a future; an exception or null becomes a failed one. */
  static <T, R> Future<R> applyAsync(CheckedFunction<? super T, Future<R>> function, T value) {
    try {
      Future<R> future = function.apply(value);
      return future != null
          ? future
          : failed(new NullPointerException("the function returned null instead of a future"));
    } catch (Throwable thrown) {
      return failed(thrown);
    }
  }

  /* ---------------- Discard, conversion ---------------- */

  /**
   * Asks the producer of the value to give up. This is a hint: the state changes only if the
   * producer follows it. The request travels to the futures from which this one is made.
   *
   * @return true for the first request on a pending future
   */
  public boolean discard() {
    return requestDiscard();
  }

  /** A JDK future with the same outcome; cancelling it is a discard request. */
  public CompletableFuture<T> toCompletableFuture() {
    CompletableFuture<T> result = new CompletableFuture<>();
    attach(new Combinators.JdkCompletion<>(result));
    result.whenComplete(
        (value, thrown) -> {
          if (thrown instanceof CancellationException) {
            discard();
          }
        });
    return result;
  }

  /**
   * {@code Pending}, {@code Abandoned}, {@code Ready}, {@code Discarded} or {@code Failed:
   * message}, with {@code (with discard)} after the word if a discard was requested.
   */
  @Override
  public String toString() {
    Object s = state();
    String flagged = (flags(s) & DISCARD_REQUESTED) != 0 ? " (with discard)" : "";
    if (isPendingWord(s)) {
      return ((flags(s) & ABANDONED) != 0 ? "Abandoned" : "Pending") + flagged;
    }
    return switch (Outcome.kind(s)) {
      case READY -> "Ready" + flagged;
      case DISCARDED -> "Discarded" + flagged;
      case FAILED -> "Failed" + flagged + ": " + Failure.text((Throwable) Outcome.value(s));
    };
  }
}

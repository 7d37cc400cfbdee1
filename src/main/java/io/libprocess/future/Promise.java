package io.libprocess.future;

import static java.util.Objects.requireNonNull;

import io.libprocess.internal.FailureWatch;
import io.libprocess.internal.PromiseWatch;
import io.libprocess.internal.StackReserve;

/**
 * The producer's side of a {@link Future}, which completes it. All methods may be called from any
 * thread; the call that completes the future runs its callbacks before it returns. The exception is
 * a chain of callbacks that complete promises whose callbacks complete promises: beyond a few dozen
 * levels, the innermost callbacks wait until the outermost call has run its own, so such chains may
 * be of any length.
 *
 * <p>A promise that is dropped does not abandon its future: a producer that gives up calls {@link
 * #abandon}. (libprocess abandons when a promise is destroyed.)
 *
 * @param <T> the type of the value
 */
public final class Promise<T> {

  static {
    FailureWatch.give(new Outcome.Unseen.Promises());
    PromiseWatch.give(future -> ChainPropagation.sourcesOf((FutureState) future));
  }

  private final Future<T> future = new Future<>();

  /** Makes a promise whose future is pending. */
  public Promise() {
    PromiseWatch watch = PromiseWatch.installed();
    if (watch != null) {
      watch.made(future);
    }
  }

  /**
   * Makes a promise whose future ignores discard requests. Meant for a future that many wait for: a
   * request by one of them ends at the futures which that one has derived, and does not affect the
   * others.
   */
  public static <T> Promise<T> undiscardable() {
    Promise<T> promise = new Promise<>();
    promise.future.ignoreDiscardRequests();
    return promise;
  }

  /** The future that this promise completes. */
  public Future<T> future() {
    return future;
  }

  /**
   * Makes the future ready; {@code value} may be null.
   *
   * @return whether this call completed the future: not if it is completed or associated
   */
  public boolean set(T value) {
    return future.complete(Outcome.ready(value));
  }

  /**
   * Makes the future ready, unless somebody has requested a discard. Meant for a value that must
   * not be lost: {@link Future#then} drops the value of a future that becomes ready after a
   * request.
   *
   * @return whether this call completed the future; if not, the value is still the caller's
   */
  public boolean setUnlessDiscardRequested(T value) {
    return future.completeUnlessDiscardRequested(Outcome.ready(value));
  }

  /** Makes the future failed; see {@link #set} for the result. */
  public boolean fail(Throwable failure) {
    return future.complete(Outcome.failed(requireNonNull(failure, "failure")));
  }

  /** Makes the future failed with a {@link Failure}; see {@link #set} for the result. */
  public boolean fail(String message) {
    return fail(new Failure(requireNonNull(message, "message")));
  }

  /** Makes the future discarded; see {@link #set} for the result. */
  public boolean discard() {
    return future.complete(Outcome.DISCARDED);
  }

  /**
   * Gives the future the outcome of another one, now or later. From then on this promise does
   * nothing. Discard requests go to {@code source}; abandonment comes from it. If {@code source} is
   * this promise's own future, the promise fails, because it would wait for itself.
   *
   * @return true the first time, if the future is pending
   */
  public boolean associate(Future<T> source) {
    requireNonNull(source, "source");
    return associate(source, new Link.AssociatedSource(source), 0);
  }

  /**
   * Does the same with an element for the future's stack.
   *
   * @param flag a flag that is set with it, or zero
   */
  boolean associate(Future<T> source, Link.AssociatedSource association, int flag) {
    if (source == future) {
      return fail(new IllegalStateException("a future cannot wait for itself"));
    }
    StackReserve.checkForCallbacks();
    Link.Transfer transfer = new Link.Transfer(source, future, null);
    if (!future.beginAssociation(association, flag)) {
      return false;
    }
    source.attach(transfer);
    if (future.isDiscardRequested()) { // This includes a request that came before.
      source.requestDiscard();
    }
    return true;
  }

  /**
   * Says that the future will not be completed. It stays pending, and its {@link
   * Future#onAbandoned} callbacks run. A holder of the promise may nevertheless complete it.
   *
   * @return true if the future was pending, and neither associated nor abandoned before
   */
  public boolean abandon() {
    PromiseWatch watch = PromiseWatch.installed();
    if (watch != null) {
      watch.abandoned(future);
    }
    return future.abandon();
  }
}

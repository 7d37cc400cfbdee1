package io.libprocess.future;

import static java.util.Objects.requireNonNull;

import io.libprocess.internal.StackReserve;

/**
 * The side of a {@link Future} that completes it. All methods may be called from any thread; the
 * one call that completes the future runs its callbacks before it returns. Only where callbacks
 * complete promises whose callbacks complete promises, and so on some dozens of levels deep, do
 * those of the innermost wait until the outermost call has run its own; so such chains may be of
 * any length.
 *
 * <p>A promise that is dropped does not tell: whoever gives up calls {@link #abandon}. (libprocess
 * abandons when a promise is destroyed.)
 *
 * @param <T> the type of the value
 */
public final class Promise<T> {

  private final Future<T> future = new Future<>();

  /** Makes a promise whose future is pending. */
  public Promise() {}

  /**
   * A promise whose future ignores discard requests. For what many wait for: a request by one of
   * them ends at what that one has made of the future, and the others do not notice.
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
   * Makes the future ready, unless somebody has requested a discard. For a value that must not get
   * lost: of a future that becomes ready after a request, {@link Future#then} drops the value.
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
   * nothing. Discard requests go to {@code source}; abandonment comes from it. A promise whose own
   * future is given fails, because that would wait for itself.
   *
   * @return true once, while the future is pending
   */
  public boolean associate(Future<T> source) {
    requireNonNull(source, "source");
    if (source == future) {
      return fail(new IllegalStateException("a future cannot wait for itself"));
    }
    StackReserve.checkForCallbacks();
    Link.Transfer transfer = new Link.Transfer(source, future, null);
    if (!future.beginAssociation(source)) {
      return false;
    }
    source.attach(transfer);
    if (future.isDiscardRequested()) { // Also if that was before.
      source.requestDiscard();
    }
    return true;
  }

  /**
   * Says that nobody will complete the future. It stays pending, and its {@link Future#onAbandoned}
   * callbacks run. Whoever still holds the promise may complete it all the same.
   *
   * @return true if the future was pending, and neither associated nor abandoned before
   */
  public boolean abandon() {
    return future.abandon();
  }
}

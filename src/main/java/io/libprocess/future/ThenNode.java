package io.libprocess.future;

import io.libprocess.internal.Trampoline;

/**
 * {@link Future#then}: applies a function that returns a future, and then forwards that future's
 * outcome.
 *
 * <p>A recursion such as {@code loop(n) = step().then(v -> loop(n - 1))} would build a chain with
 * one forward per step. To keep it at constant length, a target in whose stack nothing waits but
 * one forward hands this forward on to the inner future and from then on merely <em>follows</em>
 * it: the target's state is this node, and {@link FutureState#state} turns it back into an ordinary
 * future if somebody should look at it after all. If nobody does, it is garbage.
 */
final class ThenNode<T, R> extends Derivation {

  private CheckedFunction<? super T, Future<R>> function;

  // Set before this becomes the target's whole state; read only by those who find it there.
  private boolean followed;

  ThenNode(Future<T> source, CheckedFunction<? super T, Future<R>> function) {
    super(source);
    this.function = function;
  }

  /** Whether {@code then} and {@code map} run their function: ready, and no discard requested. */
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

  boolean isFollowedBy(FutureState future) {
    return followed && target == future;
  }

  @Override
  @SuppressWarnings("unchecked") // The source is a Future<T>.
  Node fire(FutureState source) {
    Object outcome = source.outcome();
    CheckedFunction<? super T, Future<R>> f = function;
    function = null;
    if (!applies(outcome)) {
      return target.completeFor(this, withoutApplying(outcome));
    }
    Trampoline trampoline = Trampoline.enter();
    try {
      return continueWith(Future.applyAsync(f, (T) Outcome.value(outcome)));
    } finally {
      trampoline.exit();
    }
  }

  private Node continueWith(Future<R> inner) {
    Object s = inner.state();
    if (!FutureState.isPending(s)) {
      return target.completeFor(this, Outcome.withFlags(s, 0));
    }
    if (inner == target) {
      return failTarget(new IllegalStateException("a future cannot wait for itself"));
    }
    redirect(inner);
    if (!shortCut(inner)) {
      inner.attach(new Forward(inner, target, this));
    }
    if (target.has(FutureState.DISCARD_REQUESTED)) {
      inner.requestDiscard(); // It came while the source was still the one to tell.
    }
    return null;
  }

  private boolean shortCut(Future<R> inner) {
    Forward forward = target.onlyForward(this);
    if (forward == null || forward.target == inner) {
      return false;
    }
    followed = true;
    if (!target.follow(forward, this)) {
      followed = false;
      return false;
    }
    ThenNode<?, ?> outer = forward.installedBy;
    outer.redirect(inner);
    inner.attach(forward);
    if (outer.target.has(FutureState.DISCARD_REQUESTED)) {
      inner.requestDiscard();
    }
    return true;
  }
}

package io.libprocess.future;

/** {@link Future#then}. */
final class ThenNode<T, R> extends Derivation {

  private CheckedFunction<? super T, Future<R>> function;

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

  @Override
  @SuppressWarnings("unchecked") // The source is a Future<T>.
  Node fire(FutureState source) {
    Object outcome = source.outcome();
    CheckedFunction<? super T, Future<R>> f = function;
    function = null;
    return applies(outcome)
        ? apply(f, (T) Outcome.value(outcome))
        : target.completeFor(this, withoutApplying(outcome));
  }
}

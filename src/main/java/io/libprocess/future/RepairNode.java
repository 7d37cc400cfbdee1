package io.libprocess.future;

/** {@link Future#repair}. */
final class RepairNode<T> extends Derivation {

  private CheckedFunction<? super Future<T>, Future<T>> function;

  RepairNode(Future<T> source, CheckedFunction<? super Future<T>, Future<T>> function) {
    super(source);
    this.function = function;
  }

  @Override
  @SuppressWarnings("unchecked") // The source is a Future<T>.
  Node fire(FutureState source) {
    CheckedFunction<? super Future<T>, Future<T>> f = function;
    function = null;
    return Outcome.kind(source.outcome()) == Outcome.Kind.FAILED
        ? apply(f, (Future<T>) source)
        : passOn(source);
  }
}

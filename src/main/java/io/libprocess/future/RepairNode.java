package io.libprocess.future;

import io.libprocess.internal.Trampoline;

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
    if (Outcome.kind(source.outcome()) != Outcome.Kind.FAILED) {
      return passOn(source);
    }
    Trampoline trampoline = Trampoline.enter();
    try {
      return associateTarget(Future.applyAsync(f, (Future<T>) source));
    } finally {
      trampoline.exit();
    }
  }
}

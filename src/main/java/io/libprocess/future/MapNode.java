package io.libprocess.future;

/** {@link Future#map}. */
final class MapNode<T, R> extends Derivation {

  private CheckedFunction<? super T, ? extends R> function;

  MapNode(Future<T> source, CheckedFunction<? super T, ? extends R> function) {
    super(source);
    this.function = function;
  }

  @Override
  @SuppressWarnings("unchecked") // The source is a Future<T>.
  Node fire(FutureState source) {
    Object outcome = source.outcome();
    CheckedFunction<? super T, ? extends R> f = function;
    function = null;
    if (!ThenNode.applies(outcome)) {
      return target.completeFor(this, ThenNode.withoutApplying(outcome));
    }
    return target.completeFor(this, outcomeOf(f, (T) Outcome.value(outcome)));
  }

  /** The outcome of applying a function to a value. */
  static <T, R> Object outcomeOf(CheckedFunction<? super T, ? extends R> function, T value) {
    try {
      return Outcome.ready(function.apply(value));
    } catch (Throwable thrown) {
      return Outcome.failed(thrown);
    }
  }
}

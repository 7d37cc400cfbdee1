package io.libprocess.future;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** {@link Future#recover}. Whichever comes first, completion or abandonment, takes the function. */
final class RecoverNode<T> extends Derivation {

  private static final VarHandle FUNCTION;

  static {
    try {
      FUNCTION =
          MethodHandles.lookup()
              .findVarHandle(RecoverNode.class, "function", CheckedFunction.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private CheckedFunction<? super Future<T>, Future<T>> function;

  RecoverNode(Future<T> source, CheckedFunction<? super Future<T>, Future<T>> function) {
    super(source);
    this.function = function;
  }

  @Override
  Node fire(FutureState source) {
    CheckedFunction<? super Future<T>, Future<T>> f = take();
    if (f == null) {
      return null;
    }
    return Outcome.kind(source.outcome()) == Outcome.Kind.READY
        ? passOn(source)
        : recover(f, source);
  }

  @Override
  Mark sourceAbandoned(FutureState abandoned) {
    CheckedFunction<? super Future<T>, Future<T>> f = take();
    if (f != null) {
      target.runStack(recover(f, abandoned));
    }
    return null;
  }

  @SuppressWarnings("unchecked") // The only type the field can hold.
  private CheckedFunction<? super Future<T>, Future<T>> take() {
    return (CheckedFunction<? super Future<T>, Future<T>>) FUNCTION.getAndSet(this, null);
  }

  @SuppressWarnings("unchecked") // The source is a Future<T>.
  private Node recover(CheckedFunction<? super Future<T>, Future<T>> f, FutureState source) {
    target.clearDiscardRequest();
    return apply(f, (Future<T>) source);
  }
}

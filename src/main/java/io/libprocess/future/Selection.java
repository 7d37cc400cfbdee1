package io.libprocess.future;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** {@link Futures#select}: the first of many futures that is ready. */
final class Selection extends AtomicInteger { // Counts the inputs from which something may come.

  private static final long serialVersionUID = 1L;

  private final transient FutureState target = new Future<>();

  private Selection(int inputs) {
    super(inputs);
  }

  @SuppressWarnings("unchecked") // The target gets one of the inputs.
  static <T> Future<Future<T>> of(Collection<Future<T>> inputs) {
    List<Future<T>> futures = List.copyOf(inputs);
    Selection selection = new Selection(futures.size());
    Future<Future<T>> result = (Future<Future<T>>) selection.target;
    result.onDiscard(() -> result.complete(Outcome.DISCARDED));
    futures.forEach(future -> future.attach(new Input(selection)));
    if (futures.isEmpty()) {
      result.abandon();
    }
    return result;
  }

  /** Waits for one input. */
  private static final class Input extends Node {

    private static final VarHandle COUNTED;

    static {
      try {
        COUNTED = MethodHandles.lookup().findVarHandle(Input.class, "counted", boolean.class);
      } catch (ReflectiveOperationException e) {
        throw new ExceptionInInitializerError(e);
      }
    }

    private final Selection selection;
    private boolean counted; // Whether it has been counted as one from which nothing will come.

    Input(Selection selection) {
      this.selection = selection;
    }

    @Override
    Node fire(FutureState source) {
      if (Outcome.kind(source.outcome()) == Outcome.Kind.READY) {
        return selection.target.completeFor(this, Outcome.ready(source));
      }
      Mark mark = giveUp();
      if (mark != null) {
        Walk.tellAbandoned(mark);
      }
      return null;
    }

    @Override
    FutureState completed() {
      return selection.target;
    }

    @Override
    Mark sourceAbandoned(FutureState source) {
      return giveUp();
    }

    private Mark giveUp() {
      return COUNTED.compareAndSet(this, false, true) && selection.decrementAndGet() == 0
          ? selection.target.markAbandoned()
          : null;
    }
  }
}

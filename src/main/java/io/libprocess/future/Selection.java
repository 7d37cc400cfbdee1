package io.libprocess.future;

import io.libprocess.future.Completion.FlagChange;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** The first of many futures that becomes ready, for {@link Futures#select}. */
final class Selection extends AtomicInteger { // Counts the inputs that may still become ready.

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

  /** An element in the stack of one input, which it waits for. */
  private static final class Input extends Completion {

    private static final VarHandle COUNTED;

    static {
      try {
        COUNTED = MethodHandles.lookup().findVarHandle(Input.class, "counted", boolean.class);
      } catch (ReflectiveOperationException e) {
        throw new ExceptionInInitializerError(e);
      }
    }

    private final Selection selection;
    private boolean counted; // Whether the input has been counted as one that cannot become ready.

    Input(Selection selection) {
      this.selection = selection;
    }

    @Override
    Completion fire(FutureState source) {
      if (Outcome.kind(source.outcome()) == Outcome.Kind.READY) {
        return selection.target.completeFor(this, Outcome.ready(source));
      }
      FlagChange change = giveUp();
      if (change != null) {
        Propagation.tellAbandoned(change);
      }
      return null;
    }

    @Override
    Completion fail(Throwable thrown) {
      return selection.target.completeFor(this, Outcome.ofError(thrown));
    }

    @Override
    boolean isLive() {
      return !selection.target.isCompleted();
    }

    @Override
    FutureState completed() {
      return selection.target;
    }

    @Override
    FlagChange sourceAbandoned(FutureState source) {
      return giveUp();
    }

    private FlagChange giveUp() {
      return COUNTED.compareAndSet(this, false, true) && selection.decrementAndGet() == 0
          ? selection.target.flagAbandoned()
          : null;
    }
  }
}

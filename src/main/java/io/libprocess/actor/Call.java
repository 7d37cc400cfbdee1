package io.libprocess.actor;

import io.libprocess.future.CheckedFunction;
import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.internal.FailureWatch;

/** A function that runs in a process, and whose result completes a future. */
public sealed class Call extends Event {

  final CheckedFunction<?, ?> function;
  final Promise<Object> promise = new Promise<>();

  /** Makes the event for a function of the process. */
  public Call(CheckedFunction<?, ?> function) {
    this.function = function;
  }

  /** The future of the call. */
  @SuppressWarnings("unchecked") // The function returns an R.
  public final <R> Future<R> future() {
    return (Future<R>) promise.future();
  }

  @Override
  @SuppressWarnings("unchecked") // The PID's type guarantees that the process has this type.
  void serve(Object process) {
    Object result;
    try {
      result = ((CheckedFunction<Object, ?>) function).apply(process);
    } catch (Throwable thrown) {
      fail(process, thrown);
      return;
    }
    promise.set(result);
  }

  /** Fails the future; if nobody ever looks at it, that is logged. */
  final void fail(Object process, Throwable thrown) {
    FailureWatch.fail(
        promise, thrown, ProcessAccess.get().cellOf(process), ((Object) function).getClass());
  }

  @Override
  final void drop() {
    promise.abandon();
  }

  @Override
  final boolean isForSuccessor() {
    return true;
  }

  @Override
  final <V> V view(ProcessCell cell, EventViewer<V> viewer) {
    return viewer.dispatch(cell.pid(), function);
  }

  @Override
  final boolean refuse(ProcessCell cell, int limit) {
    RuntimeException full = ProcessAccess.get().mailboxFull(cell.pid(), limit);
    return FailureWatch.fail(promise, full, cell, ((Object) function).getClass());
  }

  /** A call whose result comes later. */
  public static final class Async extends Call {

    /** Makes the event for a function that returns a future. */
    public Async(CheckedFunction<?, ?> function) {
      super(function);
    }

    @Override
    @SuppressWarnings("unchecked") // The function takes the process and returns a future.
    void serve(Object process) {
      Future<Object> result;
      try {
        result = ((CheckedFunction<Object, Future<Object>>) function).apply(process);
      } catch (Throwable thrown) {
        fail(process, thrown);
        return;
      }
      if (result == null) {
        fail(process, new NullPointerException("the function returned null instead of a future"));
      } else if (result.isReady()) {
        promise.associate(result);
      } else {
        ProcessCell cell = ProcessAccess.get().cellOf(process);
        FailureWatch.associate(promise, result, cell, ((Object) function).getClass());
      }
    }
  }
}

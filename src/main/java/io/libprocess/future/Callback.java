package io.libprocess.future;

import io.libprocess.future.Completion.FlagChange;
import io.libprocess.internal.Log;
import io.libprocess.internal.StackReserve;
import io.libprocess.internal.Trampoline;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A user's callback. Its exceptions are logged; they reach neither the completing thread nor other
 * callbacks.
 */
final class Callback extends Completion {

  enum Kind {
    READY,
    FAILED,
    DISCARDED,
    ANY,
    DISCARD_REQUEST,
    ABANDONED
  }

  private static final VarHandle FUNCTION;

  static {
    try {
      FUNCTION = MethodHandles.lookup().findVarHandle(Callback.class, "function", Object.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Kind kind;
  private Object function; // CheckedRunnable for kinds without an argument, else CheckedConsumer.

  Callback(Kind kind, Object function) {
    this.kind = kind;
    this.function = function;
  }

  @Override
  boolean early() {
    return kind != Kind.ANY;
  }

  @Override
  boolean waitsForCompletion() {
    return kind != Kind.DISCARD_REQUEST && kind != Kind.ABANDONED;
  }

  @Override
  Completion fire(FutureState source) {
    Object outcome = source.outcome();
    switch (kind) {
      case READY -> {
        if (Outcome.kind(outcome) == Outcome.Kind.READY) {
          call(Outcome.value(outcome));
        }
      }
      case FAILED -> {
        if (Outcome.kind(outcome) == Outcome.Kind.FAILED) {
          call(Outcome.value(outcome));
        }
      }
      case DISCARDED -> {
        if (Outcome.kind(outcome) == Outcome.Kind.DISCARDED) {
          call(null);
        }
      }
      case ANY -> call(source);
      default -> throw new AssertionError(kind);
    }
    function = null;
    return null;
  }

  @Override
  FlagChange sourceAbandoned(FutureState source) {
    if (kind == Kind.ABANDONED) {
      callOnce();
    }
    return null;
  }

  @Override
  void discardRequested() {
    if (kind == Kind.DISCARD_REQUEST) {
      callOnce();
    }
  }

  // Propagations that may overlap reach these two kinds: a second request can follow a recovery.
  private void callOnce() {
    Object taken = FUNCTION.getAndSet(this, null);
    if (taken != null) {
      runNested((CheckedRunnable) taken);
    }
  }

  private void call(Object argument) {
    if (kind == Kind.DISCARDED) {
      run((CheckedRunnable) function);
    } else {
      accept((CheckedConsumer<?>) function, argument);
    }
  }

  /** Runs a callback of a flag, or puts it off if callbacks are nested too deeply. */
  static void runNested(CheckedRunnable callback) {
    StackReserve.checkLittle();
    Trampoline trampoline = Trampoline.enter();
    try {
      Trampoline.Step later = trampoline.isFullOrShort() ? DeferredStep.callback(callback) : null;
      if (later != null) {
        trampoline.putOff(later);
      } else {
        run(callback);
      }
    } finally {
      trampoline.exit();
    }
  }

  static void run(CheckedRunnable callback) {
    try {
      callback.run();
    } catch (Throwable thrown) {
      Log.error("A callback of a future threw", thrown);
    }
  }

  @SuppressWarnings("unchecked") // The registration methods pair each kind with its argument type.
  static void accept(CheckedConsumer<?> callback, Object argument) {
    try {
      ((CheckedConsumer<Object>) callback).accept(argument);
    } catch (Throwable thrown) {
      Log.error("A callback of a future threw", thrown);
    }
  }
}

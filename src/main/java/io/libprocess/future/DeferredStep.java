package io.libprocess.future;

import io.libprocess.future.Completion.DetachedStack;
import io.libprocess.future.Completion.FlagChange;
import io.libprocess.internal.Log;
import io.libprocess.internal.StackReserve;
import io.libprocess.internal.Trampoline;

/**
 * What futures put off when callbacks nest too deeply or the stack is short. Each method returns
 * null if there is no memory for the step; it then has to run at once.
 */
final class DeferredStep {

  private DeferredStep() {}

  /**
   * Loads the classes, and others that completions need, since that is impossible at the end of the
   * stack. If this is the end already, they are loaded when there is stack again.
   */
  static void load() {
    try {
      StackReserve.checkForOperation();
      stackRun(null, null);
      callback(null);
      firing(null, null);
      discardRequest(null, false);
      abandonment(null);
      application(null, null, null);
      DetachedStack.load();
      Log.load();
    } catch (StackOverflowError e) {
      // The first future of this JVM is made in a recursion.
    }
  }

  /** To run a detached stack. */
  static Trampoline.Step stackRun(FutureState future, Completion stack) {
    final class StackRun extends Trampoline.Step {
      @Override
      protected void run() {
        DetachedStack.run(future, stack);
      }
    }
    try {
      return new StackRun();
    } catch (OutOfMemoryError e) {
      return null;
    }
  }

  /** To run the callback of a flag. */
  static Trampoline.Step callback(CheckedRunnable callback) {
    final class CallbackRun extends Trampoline.Step {
      @Override
      protected void run() {
        Callback.run(callback);
      }
    }
    try {
      return new CallbackRun();
    } catch (OutOfMemoryError e) {
      return null;
    }
  }

  /** To fire a completion that waits for a future that is completed. */
  static Trampoline.Step firing(Completion completion, FutureState source) {
    final class Firing extends Trampoline.Step {
      @Override
      protected void run() {
        completion.fire(source);
      }
    }
    try {
      return new Firing();
    } catch (OutOfMemoryError e) {
      return null;
    }
  }

  /** To pass a discard request on. */
  static Trampoline.Step discardRequest(FlagChange first, boolean fromOrigin) {
    final class DiscardRequest extends Trampoline.Step {
      @Override
      protected void run() {
        ChainPropagation.requestAll(first, fromOrigin);
      }
    }
    try {
      return new DiscardRequest();
    } catch (OutOfMemoryError e) {
      return null;
    }
  }

  /** To tell of an abandonment. */
  static Trampoline.Step abandonment(FlagChange first) {
    final class Abandonment extends Trampoline.Step {
      @Override
      protected void run() {
        ChainPropagation.tellAllAbandoned(first);
      }
    }
    try {
      return new Abandonment();
    } catch (OutOfMemoryError e) {
      return null;
    }
  }

  /** To call the function of a completion, for the future that depends on its result. */
  static <A, R> Trampoline.Step application(
      DependentCompletion completion, CheckedFunction<? super A, Future<R>> function, A argument) {
    final class Application extends Trampoline.Step {
      @Override
      protected void run() {
        completion.target.runStack(completion.apply(function, argument));
      }
    }
    try {
      return new Application();
    } catch (OutOfMemoryError e) {
      return null;
    }
  }
}

package io.libprocess.future;

import io.libprocess.future.Completion.FlagChange;
import io.libprocess.internal.Trampoline;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Collection;

/**
 * A completion that completes another future, its target, when the future it waits for is
 * completed. It is also the origin of the target's stack, through which discard requests reach the
 * source.
 */
abstract class DependentCompletion extends Completion {

  private static final VarHandle SOURCE;

  static {
    try {
      SOURCE =
          MethodHandles.lookup()
              .findVarHandle(DependentCompletion.class, "source", FutureState.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  // Published by the push; changed only by redirect, after this has left the source's stack.
  private FutureState source;
  final FutureState target;

  /** Makes a completion for a target that exists. */
  DependentCompletion(FutureState source, FutureState target) {
    this.source = source;
    this.target = target;
  }

  /** Makes a completion and its target, with this as the target's origin. */
  DependentCompletion(FutureState source) {
    this.source = source;
    this.target = new Future<>(this);
  }

  // Volatile because of redirect: of two threads that write and then read, one sees what the other
  // has written.
  final FutureState source() {
    return (FutureState) SOURCE.getVolatile(this);
  }

  /**
   * Changes the future to which discard requests go; the caller must then check for a request that
   * came earlier.
   */
  final void redirect(FutureState newSource) {
    SOURCE.setVolatile(this, newSource);
  }

  /**
   * Adds, as the origin of a stack, the futures to which a discard request on the target goes on.
   */
  void addSources(Collection<FutureState> targets) {
    targets.add(source());
  }

  /** Runs, as the origin of a stack, because the target was asked to discard. */
  void targetDiscardRequested() {}

  /** The flags that the target had when this became the origin of its stack. */
  int initialFlags() {
    return 0;
  }

  @Override
  boolean isLive() {
    return !target.isCompleted();
  }

  @Override
  FlagChange sourceAbandoned(FutureState abandoned) {
    return target.flagAbandoned();
  }

  @Override
  final Completion fail(Throwable thrown) {
    return target.completeFor(this, Outcome.ofError(thrown));
  }

  @Override
  final FutureState completed() {
    return target;
  }

  /** Completes the target as the source was completed, without the source's flags. */
  final Completion passOn(FutureState source) {
    return target.completeFor(this, Outcome.withFlags(source.outcome(), 0));
  }

  /**
   * Gives the target the outcome of the future that a user's function returns. A function that
   * would nest too deeply is called later, by this thread.
   */
  final <A, R> Completion apply(CheckedFunction<? super A, Future<R>> function, A argument) {
    Trampoline trampoline = Trampoline.enter();
    try {
      Trampoline.Step later =
          trampoline.isFullOrShort() ? DeferredStep.application(this, function, argument) : null;
      if (later != null) {
        trampoline.putOff(later);
        return null;
      }
      return continueWith(Future.applyAsync(function, argument));
    } finally {
      trampoline.exit();
    }
  }

  /** Gives the target the outcome of {@code inner}, now or later. */
  private Completion continueWith(FutureState inner) {
    Object s = inner.state();
    if (!FutureState.isPendingWord(s)) {
      return target.completeFor(this, Outcome.withFlags(s, 0));
    }
    if (inner == target) {
      Throwable cycle = new IllegalStateException("a future cannot wait for itself");
      return target.completeFor(this, Outcome.failed(cycle));
    }
    DependentCompletion head = Link.leaveOut(target, this, inner);
    Link.transfer(inner, head == null ? this : head, head == null ? null : target);
    return null;
  }

  /** Whether the target may be left out of a chain: not if it also depends on something else. */
  boolean mayBeLeftOut() {
    return true;
  }
}

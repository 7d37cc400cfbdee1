package io.libprocess.future;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A node that completes another future, its target, when the future it waits for is completed. It
 * is also the origin of the target's stack, through which discard requests reach the source.
 */
abstract class Derivation extends Node {

  private static final VarHandle SOURCE;

  static {
    try {
      SOURCE = MethodHandles.lookup().findVarHandle(Derivation.class, "source", FutureState.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  // Published by the push; changed only by redirect, after this has left the source's stack.
  private FutureState source;
  final FutureState target;

  /** For a target that exists: this is not its origin. */
  Derivation(FutureState source, FutureState target) {
    this.source = source;
    this.target = target;
  }

  /** Makes the target, with this as its origin. */
  Derivation(FutureState source) {
    this.source = source;
    this.target = new Future<>(this);
  }

  final FutureState source() {
    return (FutureState) SOURCE.getAcquire(this);
  }

  /** Changes where discard requests go; a request that came before must then be checked for. */
  final void redirect(FutureState newSource) {
    SOURCE.setVolatile(this, newSource);
  }

  /** Where a discard request on the target goes, or null. */
  FutureState discardTarget() {
    return source();
  }

  @Override
  FutureState sourceAbandoned(FutureState abandoned) {
    return target.markAbandoned(0) ? target : null;
  }

  @Override
  final FutureState completed() {
    return target;
  }

  /** Completes the target as the source was completed, without the source's flags. */
  final Node passOn(FutureState source) {
    return target.completeFor(this, Outcome.withFlags(source.outcome(), 0));
  }

  /** Completes the target with a failure. */
  final Node failTarget(Throwable failure) {
    return target.completeFor(this, Outcome.failed(failure));
  }

  /** Gives the target to {@code inner} to complete, as an association does. */
  final Node associateTarget(FutureState inner) {
    Object s = inner.state();
    if (!FutureState.isPending(s)) {
      return target.completeFor(this, Outcome.withFlags(s, 0));
    }
    if (inner == target) {
      return failTarget(new IllegalStateException("a future cannot wait for itself"));
    }
    if (target.beginAssociation(inner)) {
      inner.attach(new Forward(inner, target));
    }
    return null;
  }
}

package io.libprocess.future;

import io.libprocess.internal.FailureWatch;

/**
 * The outcome of a future where the bare value is not enough: a failure, a discard, a null, a value
 * that carries flags, or a value that would be mistaken for machinery of a pending future.
 */
final class Outcome {

  enum Kind {
    READY,
    FAILED,
    DISCARDED
  }

  static final Outcome NULL = new Outcome(Kind.READY, null, 0);
  static final Outcome DISCARDED = new Outcome(Kind.DISCARDED, null, 0);

  private static final Outcome NO_MEMORY = failed(new Failure("memory has run out"));

  final Kind kind;
  final Object value; // The value if READY, the Throwable if FAILED.
  final int flags; // FutureState.DISCARD_REQUESTED and ABANDONED, kept from before the completion.

  private Outcome(Kind kind, Object value, int flags) {
    this.kind = kind;
    this.value = value;
    this.flags = flags;
  }

  static Outcome failed(Throwable failure) {
    return new Outcome(Kind.FAILED, failure, 0);
  }

  /** A failure, even if there is no memory to describe it. */
  static Outcome ofError(Throwable thrown) {
    try {
      return failed(thrown);
    } catch (OutOfMemoryError e) {
      return NO_MEMORY;
    }
  }

  /** The state word of a future that is ready with {@code value} and has no flags. */
  static Object ready(Object value) {
    if (value == null) {
      return NULL;
    }
    return value instanceof Completion || value instanceof Outcome
        ? new Outcome(Kind.READY, value, 0)
        : value;
  }

  /** The same outcome with exactly the given flags. */
  static Object withFlags(Object outcome, int flags) {
    if (!(outcome instanceof Outcome o)) {
      return flags == 0 ? outcome : new Outcome(Kind.READY, outcome, flags);
    }
    if (o.flags == flags) {
      return o;
    }
    return flags == 0 && o.kind == Kind.READY
        ? ready(o.value)
        : new Outcome(o.kind, o.value, flags);
  }

  static Kind kind(Object outcome) {
    return outcome instanceof Outcome o ? o.kind : Kind.READY;
  }

  /** The value or the failure. */
  static Object value(Object outcome) {
    return outcome instanceof Outcome o ? o.value : outcome;
  }

  /**
   * The state of a future that has failed while nothing waited for it, and at which nobody has
   * looked since. The first look puts the outcome itself in its place. If the future becomes
   * garbage before, the {@link FailureWatch} reports it.
   */
  static final class Unseen extends FutureState.Indirection {

    private final Outcome outcome;
    private final FailureWatch.Unseen reference;

    private Unseen(Outcome outcome, FailureWatch.Unseen reference) {
      this.outcome = outcome;
      this.reference = reference;
    }

    int flags() {
      return outcome.flags;
    }

    @Override
    void end(FutureState future) {
      reference.seen();
      future.exchange(this, outcome);
    }

    /**
     * Returns the state for a future that is about to be completed: this kind if it is a failure
     * that nothing waits for, otherwise the outcome. A caller that fails to set it must {@link
     * #undo} it.
     *
     * @param stack the top of what waits for the future, or null
     */
    static Object of(
        FutureState future,
        Completion stack,
        Object outcome,
        FailureWatch.Origin origin,
        Object what) {
      if (!(outcome instanceof Outcome failed)
          || failed.kind != Outcome.Kind.FAILED
          || (failed.flags & FutureState.DISCARD_REQUESTED) != 0
          || isAwaited(future, stack)) {
        return outcome;
      }
      try {
        FailureWatch.Unseen reference =
            origin.watch().watch(future, origin, what, (Throwable) failed.value);
        return reference == null ? outcome : new Unseen(failed, reference);
      } catch (OutOfMemoryError e) {
        return outcome; // The failure itself matters more.
      }
    }

    /** Like the other method, for a future whose stack says who is to be told. */
    static Object ofWatched(FutureState future, Completion stack, Object outcome) {
      for (Completion element = stack; element != null; element = element.next) {
        if (element instanceof WatchedSource watched) {
          return of(future, stack, outcome, watched.origin, watched.what);
        }
      }
      return outcome;
    }

    /** Undoes what making a state has done, if it is of this kind. */
    static void undo(Object state) {
      if (state instanceof Unseen unused) {
        unused.reference.seen();
      }
    }

    private static boolean isAwaited(FutureState future, Completion stack) {
      for (Completion element = stack;
          element != null && !future.isOrigin(element);
          element = element.next) {
        if (element.waitsForCompletion()) {
          return true;
        }
      }
      return false;
    }

    /** The element of an associated future whose failure must not go unnoticed. */
    static final class WatchedSource extends Link.AssociatedSource {

      private final FailureWatch.Origin origin;
      private final Object what;

      WatchedSource(FutureState source, FailureWatch.Origin origin, Object what) {
        super(source);
        this.origin = origin;
        this.what = what;
      }
    }

    /** Completes promises for the packages that are to be told of failures nobody notices. */
    static final class Promises implements FailureWatch.Promises {

      @Override
      public boolean fail(
          Object promise, Throwable failure, FailureWatch.Origin origin, Object what) {
        return ((Promise<?>) promise).future().failWatched(failure, origin, what);
      }

      @Override
      @SuppressWarnings("unchecked") // The caller pairs a promise with a future of its type.
      public boolean associate(
          Object promise, Object source, FailureWatch.Origin origin, Object what) {
        Future<Object> inner = (Future<Object>) source;
        return ((Promise<Object>) promise)
            .associate(inner, new WatchedSource(inner, origin, what), FutureState.WATCHED);
      }
    }
  }
}

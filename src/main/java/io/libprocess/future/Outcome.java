package io.libprocess.future;

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
}

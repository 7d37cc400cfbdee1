package io.libprocess.future;

import io.libprocess.future.Completion.FlagChange;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** One future of many, for {@link Futures#collect}, {@link Futures#await} and {@code select}. */
final class Join extends AtomicInteger { // Counts the inputs that are not completed.

  /** The ways of treating the inputs. */
  enum Mode {
    /** The values of the inputs are collected; the first input without a value fails the result. */
    VALUES,
    /**
     * The values are collected, but as for {@code then} a value does not count if a discard was
     * requested.
     */
    UNFLAGGED_VALUES,
    /** The inputs themselves are collected, however they end. */
    FUTURES
  }

  private static final long serialVersionUID = 1L;

  private final transient FutureState target = new Future<>();
  private final transient Object[] results;
  private final Mode mode;

  private Join(int inputs, Mode mode) {
    super(inputs);
    this.results = new Object[inputs];
    this.mode = mode;
  }

  @SuppressWarnings("unchecked") // The target gets a list of the inputs' values or of the inputs.
  static <R> Future<List<R>> of(List<? extends Future<?>> inputs, Mode mode) {
    List<Future<?>> futures = List.copyOf(inputs);
    if (futures.isEmpty()) {
      return Future.of(List.of());
    }
    Join join = new Join(futures.size(), mode);
    join.target.push(new Request(join, futures));
    int index = 0;
    for (FutureState input : futures) {
      input.attach(new Input(join, index++));
    }
    return (Future<List<R>>) join.target;
  }

  /**
   * An element in the stack of the result: passes a discard request on, and then discards the
   * result.
   */
  private static final class Request extends Completion {

    private final Join join;
    private final List<Future<?>> inputs;

    Request(Join join, List<Future<?>> inputs) {
      this.join = join;
      this.inputs = inputs;
    }

    @Override
    boolean waitsForCompletion() {
      return false;
    }

    @Override
    Completion fire(FutureState source) {
      return null;
    }

    @Override
    void addDiscardTargets(Collection<FutureState> targets) {
      targets.addAll(inputs);
    }

    @Override
    void discardRequested() {
      join.target.complete(Outcome.DISCARDED);
    }
  }

  /** An element in the stack of one input, which it waits for. */
  private static final class Input extends Completion {

    private final Join join;
    private final int index;

    Input(Join join, int index) {
      this.join = join;
      this.index = index;
    }

    @Override
    Completion fire(FutureState source) {
      return join.inputCompleted(this, source);
    }

    @Override
    Completion fail(Throwable thrown) {
      return join.target.completeFor(this, Outcome.ofError(thrown));
    }

    @Override
    boolean isLive() {
      return !join.target.isCompleted();
    }

    @Override
    FutureState completed() {
      return join.target;
    }

    @Override
    FlagChange sourceAbandoned(FutureState source) {
      return join.target.flagAbandoned();
    }
  }

  private Completion inputCompleted(Input input, FutureState source) {
    if (target.isDiscardRequested()) {
      return null; // The request, which this input may have followed, discards the result.
    }
    Object outcome = source.outcome();
    if (mode == Mode.FUTURES) {
      return succeed(input, source);
    }
    if (mode == Mode.UNFLAGGED_VALUES && !Combinators.applies(outcome)) {
      outcome = Combinators.withoutApplying(outcome);
    }
    return switch (Outcome.kind(outcome)) {
      case READY -> succeed(input, Outcome.value(outcome));
      case FAILED -> {
        Throwable cause = (Throwable) Outcome.value(outcome);
        yield fail(input, new Failure("Collect failed: " + Failure.text(cause), cause));
      }
      case DISCARDED -> fail(input, new Failure("Collect failed: future discarded"));
    };
  }

  private Completion succeed(Input input, Object result) {
    results[input.index] = result; // Published to the thread that counts down to zero.
    if (decrementAndGet() > 0) {
      return null;
    }
    List<Object> list = Collections.unmodifiableList(Arrays.asList(results));
    return target.completeFor(input, Outcome.ready(list));
  }

  private Completion fail(Input input, Failure failure) {
    return target.completeFor(input, Outcome.failed(failure));
  }

  /** {@link Futures#select}: the first of many futures that is ready. */
  static final class Selection
      extends AtomicInteger { // Counts the inputs from which something may come.

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
      private boolean counted; // Whether it has been counted as one from which nothing will come.

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
          ChainPropagation.tellAbandoned(change);
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
}

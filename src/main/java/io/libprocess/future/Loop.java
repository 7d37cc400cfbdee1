package io.libprocess.future;

import io.libprocess.future.Completion.FlagChange;
import io.libprocess.internal.Droppable;
import java.util.Collection;
import java.util.concurrent.Executor;

/**
 * The state of a {@link Futures#loop}: runs one step after the other, in a plain loop while they
 * are ready.
 *
 * <p>At most one thread at a time is inside the loop; it hands over by waiting for a pending step
 * ({@link Waiting}), after which it no longer touches this object.
 */
final class Loop<T, V> {

  private static final String OWN = "a loop cannot wait for itself";

  private final Executor executor; // Null: the thread that completes a step goes on.
  private final CheckedSupplier<Future<T>> iterate;
  private final CheckedFunction<? super T, Future<ControlFlow<V>>> body;
  private final Future<V> result = new Future<>();

  private boolean inBody; // Whether the pending step is the body's.
  private volatile Future<?> pending; // The step to which a discard request is passed on.

  Loop(
      Executor executor,
      CheckedSupplier<Future<T>> iterate,
      CheckedFunction<? super T, Future<ControlFlow<V>>> body) {
    this.executor = executor;
    this.iterate = iterate;
    this.body = body;
  }

  Future<V> start() {
    result.push(new Request(this));
    result.runStack(enter(null));
    return result;
  }

  /**
   * Starts the loop or goes on after a step, in the place where it has to run; returns the value
   * for {@link Completion#fire}.
   */
  private Completion enter(Future<?> completed) {
    if (executor == null) {
      return run(completed);
    }
    try {
      executor.execute(new Entry(completed));
      return null;
    } catch (Throwable rejection) {
      return complete(Outcome.failed(rejection));
    }
  }

  /** The task for the executor. If that is a process which ends, the loop does not go on. */
  private final class Entry implements Droppable {

    private final Future<?> completed;

    Entry(Future<?> completed) {
      this.completed = completed;
    }

    @Override
    public void run() {
      result.runStack(Loop.this.run(completed));
    }

    @Override
    public void dropped() {
      result.abandon();
    }
  }

  /**
   * Runs until a step is pending or the loop ends; returns the value for {@link Completion#fire}.
   */
  private Completion run(Future<?> completed) {
    Future<?> step = completed == null ? next() : completed;
    for (; ; ) {
      if (step == result) {
        return complete(Outcome.failed(new IllegalStateException(OWN)));
      }
      if (step.isPending()) {
        if (waitsFor(step)) {
          return null;
        }
      } else if (!step.isReady()) {
        return complete(Outcome.withFlags(step.outcome(), 0));
      } else if (inBody) {
        Object flow = step.get();
        if (!(flow instanceof ControlFlow.Continue)) {
          return complete(end(flow));
        }
        inBody = false;
        step = next();
      } else {
        inBody = true;
        step = bodyOf(step);
      }
    }
  }

  private Future<T> next() {
    return Future.applyAsync(ignored -> iterate.get(), null);
  }

  @SuppressWarnings("unchecked") // A step that is not the body's is a value for it.
  private Future<ControlFlow<V>> bodyOf(Future<?> step) {
    return Future.applyAsync(body, (T) step.get());
  }

  private static Object end(Object flow) {
    return flow instanceof ControlFlow.Break<?> end
        ? Outcome.ready(end.value())
        : Outcome.failed(new NullPointerException("the body of a loop returned null"));
  }

  private Completion complete(Object outcome) {
    return result.completeFor(null, outcome);
  }

  /** Leaves the loop until the step is completed; false if it already is. */
  private boolean waitsFor(Future<?> step) {
    pending = step;
    if (result.hasDiscard()) {
      step.discard(); // The discard may complete it.
    }
    return step.push(new Waiting(this));
  }

  /** An element in the stack of the result, for discard requests. */
  private static final class Request extends Completion {

    private final Loop<?, ?> loop;

    Request(Loop<?, ?> loop) {
      this.loop = loop;
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
      Future<?> step = loop.pending;
      if (step != null) {
        targets.add(step);
      }
    }
  }

  /** An element in the stack of the pending step, which it waits for. */
  private static final class Waiting extends Completion {

    private final Loop<?, ?> loop;

    Waiting(Loop<?, ?> loop) {
      this.loop = loop;
    }

    @Override
    Completion fire(FutureState source) {
      Object outcome = source.outcome();
      return Outcome.kind(outcome) == Outcome.Kind.READY
          ? loop.enter((Future<?>) source)
          : loop.complete(Outcome.withFlags(outcome, 0));
    }

    @Override
    boolean isLive() {
      return !loop.result.isCompleted();
    }

    @Override
    FutureState completed() {
      return loop.result;
    }

    @Override
    FlagChange sourceAbandoned(FutureState source) {
      return loop.result.flagAbandoned();
    }
  }
}

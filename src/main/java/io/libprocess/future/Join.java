package io.libprocess.future;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** {@link Futures#collect} and {@link Futures#await}: one future of many. */
final class Join extends AtomicInteger { // Counts the inputs that are not completed.

  private static final long serialVersionUID = 1L;

  private final transient FutureState target = new Future<>();
  private final transient Object[] results;
  private final boolean valuesOnly; // Collects values and fails early; else keeps the futures.

  private Join(int inputs, boolean valuesOnly) {
    super(inputs);
    this.results = new Object[inputs];
    this.valuesOnly = valuesOnly;
  }

  @SuppressWarnings("unchecked") // The target gets a list of the inputs' values or of the inputs.
  static <R> Future<List<R>> of(List<? extends Future<?>> inputs, boolean valuesOnly) {
    if (inputs.isEmpty()) {
      return Future.of(List.of());
    }
    List<Future<?>> futures = new ArrayList<>(inputs);
    Join join = new Join(futures.size(), valuesOnly);
    Future<List<R>> result = (Future<List<R>>) join.target;
    result.onDiscard(
        () -> {
          futures.forEach(Future::discard);
          result.complete(Outcome.DISCARDED);
        });
    for (int i = 0; i < futures.size(); i++) {
      FutureState input = futures.get(i);
      input.attach(new Input(join, i));
    }
    return result;
  }

  /** Waits for one input. */
  private static final class Input extends Node {

    private final Join join;
    private final int index;

    Input(Join join, int index) {
      this.join = join;
      this.index = index;
    }

    @Override
    Node fire(FutureState source) {
      Object outcome = source.outcome();
      if (!join.valuesOnly) {
        return join.completed(this, index, source);
      }
      return switch (Outcome.kind(outcome)) {
        case READY -> join.completed(this, index, Outcome.value(outcome));
        case FAILED -> {
          Throwable cause = (Throwable) Outcome.value(outcome);
          yield join.failed(this, new Failure("Collect failed: " + cause.getMessage(), cause));
        }
        case DISCARDED -> join.failed(this, new Failure("Collect failed: future discarded"));
      };
    }

    @Override
    FutureState completed() {
      return join.target;
    }

    @Override
    Mark sourceAbandoned(FutureState source) {
      return join.target.markAbandoned();
    }
  }

  private Node completed(Input input, int index, Object result) {
    results[index] = result; // Published to who counts down to zero.
    if (decrementAndGet() > 0) {
      return null;
    }
    List<Object> list = Collections.unmodifiableList(Arrays.asList(results));
    return target.completeFor(input, Outcome.ready(list));
  }

  private Node failed(Input input, Failure failure) {
    return target.completeFor(input, Outcome.failed(failure));
  }
}

package io.libprocess.future;

import java.util.concurrent.Executor;

/** {@link Futures#loop}: one step after the other, in a loop while they are ready. */
final class Loop<T, V> {

  private final Executor executor;
  private final CheckedSupplier<Future<T>> iterate;
  private final CheckedFunction<? super T, Future<ControlFlow<V>>> body;
  private final Promise<V> promise = new Promise<>();

  private volatile Future<?> step; // The pending one, which a discard request is passed on to.

  Loop(
      Executor executor,
      CheckedSupplier<Future<T>> iterate,
      CheckedFunction<? super T, Future<ControlFlow<V>>> body) {
    this.executor = executor;
    this.iterate = iterate;
    this.body = body;
  }

  Future<V> start() {
    promise
        .future()
        .onDiscard(
            () -> {
              Future<?> pending = step;
              if (pending != null) {
                pending.discard();
              }
            });
    executor.execute(() -> run(next()));
    return promise.future();
  }

  private Future<T> next() {
    return Future.applyAsync(ignored -> iterate.get(), null);
  }

  private void run(Future<T> first) {
    Future<T> value = first;
    while (value.isReady()) {
      Future<ControlFlow<V>> flow = Future.applyAsync(body, value.get());
      if (!flow.isReady()) {
        wait(flow, this::afterBody);
        return;
      }
      if (ends(flow.get())) {
        return;
      }
      value = next();
    }
    wait(value, this::run);
  }

  private void afterBody(Future<ControlFlow<V>> flow) {
    if (!ends(flow.get())) {
      run(next());
    }
  }

  private boolean ends(ControlFlow<V> flow) {
    if (flow instanceof ControlFlow.Break<V> end) {
      promise.set(end.value());
      return true;
    }
    if (flow == null) {
      promise.fail(new NullPointerException("the body of a loop returned null"));
      return true;
    }
    return false;
  }

  private <S> void wait(Future<S> pending, CheckedConsumer<Future<S>> resume) {
    step = pending;
    if (promise.future().hasDiscard()) {
      pending.discard();
    }
    pending.onReady(value -> executor.execute(() -> Callback.accept(resume, pending)));
    pending.onFailed(promise::fail);
    pending.onDiscarded(promise::discard);
    pending.onAbandoned(promise::abandon);
  }
}

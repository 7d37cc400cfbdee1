package io.libprocess.endpoints;

import io.libprocess.future.CheckedSupplier;
import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/** Runs the slow work of endpoints on the threads for blocking calls. Thread-safe. */
public record Background(Executor blocking) {

  /** The result of a call that may block; failed if the call throws or the node is closed. */
  public <T> Future<T> call(CheckedSupplier<T> call) {
    return then(() -> Future.of(call.get()));
  }

  /** The outcome of the future that a call returns; the call itself may block. */
  public <T> Future<T> then(CheckedSupplier<Future<T>> call) {
    Promise<T> promise = new Promise<>();
    try {
      blocking.execute(
          () -> {
            try {
              promise.associate(call.get());
            } catch (Throwable thrown) {
              promise.fail(thrown);
            }
          });
    } catch (RejectedExecutionException e) {
      promise.fail(e);
    }
    return promise.future();
  }
}

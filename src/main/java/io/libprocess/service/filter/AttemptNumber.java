package io.libprocess.service.filter;

import io.libprocess.future.Future;
import java.util.function.Supplier;

/** How often a request was sent before. */
final class AttemptNumber {

  private AttemptNumber() {}

  static <R> Future<R> call(int number, Supplier<Future<R>> body) {
    return body.get();
  }
}

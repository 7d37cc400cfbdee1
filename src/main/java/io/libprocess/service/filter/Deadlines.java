package io.libprocess.service.filter;

import io.libprocess.future.Future;
import io.libprocess.time.Clock;
import java.time.Duration;
import java.util.function.Supplier;

/** The deadline of what is called within a limit of time. */
final class Deadlines {

  private Deadlines() {}

  static <R> Future<R> within(Duration limit, Clock clock, Supplier<Future<R>> body) {
    return body.get();
  }
}

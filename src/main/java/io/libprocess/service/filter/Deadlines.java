package io.libprocess.service.filter;

import io.libprocess.context.Context;
import io.libprocess.context.Deadline;
import io.libprocess.future.Future;
import io.libprocess.time.Clock;
import java.time.Duration;
import java.util.Optional;

/** The deadline of what is called within a limit of time. */
final class Deadlines {

  private Deadlines() {}

  /** Calls something whose deadline is the limit, or the one that it has if that is earlier. */
  static <R> Future<R> within(
      Duration limit, Clock clock, Context.Body<Future<R>, RuntimeException> body) {
    Deadline own = Deadline.after(clock.now(), limit);
    Optional<Deadline> inherited = Deadline.current();
    Deadline both = inherited.isPresent() ? inherited.get().combined(own) : own;
    return Context.with(Deadline.KEY, both, body);
  }
}

package io.libprocess.service.filter;

import static java.util.Objects.requireNonNull;

import io.libprocess.context.Context;
import io.libprocess.context.Trace;
import io.libprocess.context.Trace.Sampling;
import io.libprocess.future.Future;
import io.libprocess.service.Filter;
import io.libprocess.service.Service;
import io.libprocess.settings.Check;
import java.util.random.RandomGenerator;

/**
 * Begins a trace for a request that belongs to none, and decides whether it is recorded. Outermost
 * in a client it makes one trace of all attempts, each of which is a part of its own; without it
 * each attempt that no trace has caused would begin one.
 *
 * @param <Q> the type of requests
 * @param <R> the type of responses
 */
public final class TraceStart<Q, R> implements Filter<Q, R, Q, R> {

  private final double sampling;
  private final RandomGenerator random;

  /**
   * Makes a filter.
   *
   * @param sampling which part of the traces is recorded, from 0 to 1; where somebody has decided
   *     already, that holds
   * @param random for several threads
   * @throws IllegalArgumentException if the part is not within 0 to 1
   */
  public TraceStart(double sampling, RandomGenerator random) {
    this.sampling = Check.inRange("sampling", sampling, 0.0, 1.0);
    this.random = requireNonNull(random, "random");
  }

  @Override
  public Future<R> apply(Q request, Service<Q, R> service) {
    Trace current = Trace.current().orElse(null);
    if (current != null && current.sampling() != Sampling.UNDECIDED) {
      return service.call(request);
    }
    Trace begun = current != null ? current : Trace.start(Sampling.UNDECIDED, random::nextLong);
    Trace decided = begun.decided(random.nextDouble() < sampling);
    return Context.with(Trace.KEY, decided, () -> service.call(request));
  }
}

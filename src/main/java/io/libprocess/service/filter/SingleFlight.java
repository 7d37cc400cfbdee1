package io.libprocess.service.filter;

import static java.util.Objects.requireNonNull;

import io.libprocess.future.Future;
import io.libprocess.internal.StackReserve;
import io.libprocess.service.Filter;
import io.libprocess.service.Service;
import io.libprocess.service.support.Ending;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;

/**
 * Sends equal requests once at a time: a request that equals one under way shares its response.
 * Each caller gets a future of its own, whose discard ends that future alone; the shared request is
 * discarded when the futures of all its callers were. Its context, with the deadline, is that of
 * the first caller.
 *
 * <p>Only for responses that may be shared, so not for streams.
 *
 * @param <Q> the type of requests
 * @param <R> the type of responses
 */
public final class SingleFlight<Q, R> implements Filter<Q, R, Q, R> {

  static {
    Ending.load();
  }

  private final Function<? super Q, ?> key;
  private final ConcurrentMap<Object, SharedRequest<R>> underWay = new ConcurrentHashMap<>();

  /**
   * Makes a filter.
   *
   * @param key what equal requests have in common; it must have a value for each request
   */
  public SingleFlight(Function<? super Q, ?> key) {
    this.key = requireNonNull(key, "key");
  }

  /** How many different requests are under way. */
  public int underWay() {
    return underWay.size();
  }

  @Override
  public Future<R> apply(Q request, Service<Q, R> service) {
    StackReserve.checkForOperation(); // What is under way is over some time.
    Object common = requireNonNull(key.apply(request), "the key of a request");
    while (true) {
      SharedRequest<R> known = underWay.get(common);
      Future<R> copy = known == null ? null : known.join();
      if (copy != null) {
        return copy;
      }
      if (known != null) { // It has just ended.
        underWay.remove(common, known);
      }
      SharedRequest<R> own = new SharedRequest<>(over -> underWay.remove(common, over));
      copy = own.join();
      if (underWay.putIfAbsent(common, own) == null) {
        Future<R> sent;
        try {
          sent = service.call(request);
        } catch (Throwable thrown) { // There was no stack for the call; others may have joined.
          sent = Future.failed(thrown);
        }
        own.start(sent);
        return copy;
      }
    }
  }
}

package io.libprocess.http.filter;

import io.libprocess.future.Future;
import io.libprocess.http.HttpFilter;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.service.Service;
import io.libprocess.settings.Check;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Lets so many requests be under way at a time, and answers others at once with 503 and {@code
 * Retry-After}. A request is under way until its handler has answered, failed or been abandoned,
 * also if the client has gone meanwhile; a body that is streamed afterwards does not count. For any
 * thread.
 */
public final class ConcurrentRequests implements HttpFilter {

  private final int most;
  private final AtomicInteger underWay = new AtomicInteger();

  private ConcurrentRequests(int most) {
    this.most = most;
  }

  /**
   * At most so many.
   *
   * @throws IllegalArgumentException if that is less than 1
   */
  public static ConcurrentRequests atMost(int most) {
    Check.atLeast("most", most, 1);
    return new ConcurrentRequests(most);
  }

  @Override
  public Future<Response> apply(Request request, Service<Request, Response> next) {
    if (underWay.incrementAndGet() > most) {
      underWay.decrementAndGet();
      return Future.of(
          Response.serviceUnavailable("Too many requests are under way.")
              .withHeader("Retry-After", "1"));
    }
    Runnable leave = leaving();
    return next.call(request).onAny(done -> leave.run()).onAbandoned(leave::run);
  }

  /** Counts a request out, once. */
  private Runnable leaving() {
    AtomicBoolean left = new AtomicBoolean();
    return () -> {
      if (!left.getAndSet(true)) {
        underWay.decrementAndGet();
      }
    };
  }
}

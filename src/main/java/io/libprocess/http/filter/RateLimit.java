package io.libprocess.http.filter;

import static java.util.Objects.requireNonNull;

import io.libprocess.future.Future;
import io.libprocess.http.HttpFilter;
import io.libprocess.http.Principal;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.http.Status;
import io.libprocess.net.Address;
import io.libprocess.service.Service;
import io.libprocess.settings.Check;
import io.libprocess.sync.RateLimiter;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Lets each principal, or each client, make so many requests in a time, and answers others with 429
 * and {@code Retry-After}. For any thread.
 *
 * <p>{@link #perPrincipal} belongs where the principal is known: in {@code Route.filterAdmitted}.
 * The last 10,000 principals or clients are remembered; a forgotten one begins anew.
 */
public final class RateLimit implements HttpFilter {

  private static final int MOST_KEPT = 10_000;
  private static final int NETWORK_BYTES = 8; // Of an IPv6 address: what one subscriber is given.
  private static final long MILLIS = 1000;

  private final Function<Request, String> key;
  private final int permits;
  private final Duration duration;
  private final int burst;

  private final Map<String, RateLimiter> limiters = // Guarded by itself; by key, last used last.
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, RateLimiter> eldest) {
          return size() > MOST_KEPT;
        }
      };

  private RateLimit(Function<Request, String> key, int permits, Duration duration, int burst) {
    this.key = key;
    this.permits = permits;
    this.duration = duration;
    this.burst = burst;
  }

  /**
   * For each principal, by name or, without one, by claims; requests without a principal count for
   * their client.
   *
   * @param permits how many requests in {@code duration}, and how many of these at once
   * @throws IllegalArgumentException if one of them is not positive
   */
  public static RateLimit perPrincipal(int permits, Duration duration) {
    return per(
        request -> request.principal().map(RateLimit::name).orElseGet(() -> client(request)),
        permits,
        duration);
  }

  /**
   * For each IP address, of IPv6 each network of 64 bits, that requests come from. Behind a proxy
   * that is the proxy's: use {@link #per} there.
   *
   * @param permits how many requests in {@code duration}, and how many of these at once
   * @throws IllegalArgumentException if one of them is not positive
   */
  public static RateLimit perClient(int permits, Duration duration) {
    return per(RateLimit::client, permits, duration);
  }

  /**
   * For each value of a function of requests.
   *
   * @param key what it throws, the request fails with
   * @param permits how many requests in {@code duration}, and how many of these at once
   * @throws IllegalArgumentException if one of them is not positive
   */
  public static RateLimit per(Function<Request, String> key, int permits, Duration duration) {
    Check.atLeast("permits", permits, 1);
    Check.positive("duration", duration);
    return new RateLimit(requireNonNull(key, "key"), permits, duration, permits);
  }

  /**
   * A limit with another number of requests at once.
   *
   * @throws IllegalArgumentException if it is not positive
   */
  public RateLimit burst(int requests) {
    Check.atLeast("requests", requests, 1);
    return new RateLimit(key, permits, duration, requests);
  }

  private static String name(Principal principal) {
    return "principal " + principal.value().orElseGet(principal::toString);
  }

  private static String client(Request request) {
    Optional<InetAddress> ip = request.client().map(Address::ip);
    return ip.map(RateLimit::network).orElse("client");
  }

  private static String network(InetAddress ip) {
    return ip instanceof Inet6Address
        ? "client " + Arrays.toString(Arrays.copyOf(ip.getAddress(), NETWORK_BYTES))
        : "client " + ip.getHostAddress();
  }

  @Override
  public Future<Response> apply(Request request, Service<Request, Response> next) {
    RateLimiter limiter = limiter(key.apply(request));
    return limiter.tryAcquire() ? next.call(request) : Future.of(refusal(limiter));
  }

  private RateLimiter limiter(String of) {
    requireNonNull(of, "key");
    synchronized (limiters) {
      // Made here, so that it goes by the clock of those who serve.
      return limiters.computeIfAbsent(of, name -> new RateLimiter(permits, duration, burst));
    }
  }

  private static Response refusal(RateLimiter limiter) {
    long seconds = (limiter.untilNext().toMillis() + MILLIS - 1) / MILLIS;
    Status status = Status.of(429);
    return Response.of(status.code(), status + ".")
        .withHeader("Retry-After", Long.toString(Math.max(1, seconds)));
  }
}

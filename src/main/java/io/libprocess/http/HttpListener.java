package io.libprocess.http;

import static java.util.Objects.requireNonNull;

import io.libprocess.context.Propagation;
import io.libprocess.future.CheckedBiFunction;
import io.libprocess.future.Failure;
import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.http.context.ContextWire;
import io.libprocess.http.exchange.FailureAnswers;
import io.libprocess.http.security.Authenticator;
import io.libprocess.http.server.FilteredHandler;
import io.libprocess.http.server.HttpServer;
import io.libprocess.http.server.HttpSettings;
import io.libprocess.internal.MemoryBudget;
import io.libprocess.metrics.Metrics;
import io.libprocess.net.NetworkAddress;
import io.libprocess.net.Tls;
import io.libprocess.net.Transport;
import io.libprocess.runtime.DefaultRuntime;
import io.libprocess.runtime.Runtime;
import io.libprocess.service.Filter;
import io.libprocess.service.Service;
import io.libprocess.time.Timer;
import io.libprocess.web.BoundRoute;
import io.libprocess.web.RouteMetrics;
import io.libprocess.web.RouteService;
import io.libprocess.web.ServerMetrics;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * A server that needs no node and no process: it listens on an address of its own, with threads of
 * its own, which are daemons, and gives each request to a handler, or to the handlers of routes. It
 * takes no messages between processes: to a program with a node it is a port that may be public.
 * All methods may be called from any thread. (libprocess: {@code http::Server}, which accepts only
 * while {@code run} runs.)
 *
 * <pre>{@code
 * HttpListener.builder()
 *     .authenticator("staff", new JwtAuthenticator("staff", key))
 *     .filter(AccessLog.combined())
 *     .route(Route.get("/books/{isbn}"), request -> books.call(b -> b.title(request.segment("isbn"))))
 *     .start(new Address(ip, 443));
 * }</pre>
 */
public final class HttpListener implements AutoCloseable {

  private static final int BACKLOG = 4096;

  private final Runtime runtime;
  private final HttpServer server;
  private final Transport.Listener listener;
  private final Metrics metrics;
  private final Promise<Void> ended = new Promise<>();

  private HttpListener(
      Runtime runtime, HttpServer server, Transport.Listener listener, RouteMetrics routes) {
    this.runtime = runtime;
    this.server = server;
    this.listener = listener;
    this.metrics = new Metrics(runtime.clock());
    ServerMetrics all = new ServerMetrics(metrics);
    all.watch(routes);
    all.watch(server);
    all.watch(runtime.transport());
    all.watch(MemoryBudget.of(runtime.transport()));
  }

  /**
   * The address on which a server listens, its TLS settings if it speaks TLS there, and who its
   * clients are, whether they may speak HTTP/2, and the filter that hears of what is refused.
   */
  private record Place(
      NetworkAddress address,
      Optional<Tls> tls,
      Propagation propagation,
      boolean http2,
      Optional<HttpFilter> filter) {

    /** The place of a server at the edge of a system. */
    Place(NetworkAddress address, Optional<Tls> tls) {
      this(address, tls, Propagation.foreign(), HttpSettings.HTTP2, Optional.empty());
    }
  }

  /** Listens with a handler that is made when it is known what clients are told of failures. */
  private static HttpListener start(
      Place place, BiFunction<FailureAnswers, RouteMetrics, RequestHandler> handler, Limits limits)
      throws IOException {
    Runtime runtime =
        DefaultRuntime.startWithoutNode("libprocess-server", DefaultRuntime.processors());
    return start(runtime, place, handler, limits);
  }

  /** Starts a server on a runtime, which ends with the server, or at once if this fails. */
  static HttpListener start(
      Runtime runtime, NetworkAddress address, RequestHandler handler, Limits limits)
      throws IOException {
    return start(
        runtime, new Place(address, Optional.empty()), (failures, routes) -> handler, limits);
  }

  private static HttpListener start(
      Runtime runtime,
      Place place,
      BiFunction<FailureAnswers, RouteMetrics, RequestHandler> handler,
      Limits limits)
      throws IOException {
    try {
      FailureAnswers failures = new FailureAnswers(runtime.clock());
      RouteMetrics routes = new RouteMetrics(runtime.clock());
      HttpServer server =
          new HttpServer(
              handler.apply(failures, routes),
              limits,
              runtime.clock(),
              runtime.internalBlocking(),
              MemoryBudget.of(runtime.transport()),
              null,
              ContextWire.of(place.propagation(), runtime),
              failures,
              place.http2());
      place.filter().ifPresent(filter -> server.tellRefusals(filter::refused));
      Function<Transport.Channel, Transport.Handler> accepted =
          place.tls().isPresent()
              ? place.tls().get().accepting(server.acceptor())
              : server.acceptor();
      Transport.Listener listener = runtime.transport().listen(place.address(), BACKLOG, accepted);
      return new HttpListener(runtime, server, listener, routes);
    } catch (Throwable thrown) {
      runtime.close();
      throw thrown;
    }
  }

  /**
   * Starts a server with the default limits.
   *
   * @throws IOException if the address cannot be bound
   */
  public static HttpListener start(NetworkAddress address, RequestHandler handler)
      throws IOException {
    return start(address, handler, Limits.defaults());
  }

  /**
   * Starts a server.
   *
   * @param address the address; port 0 picks a free port; a Unix domain socket is a file, which
   *     must not exist
   * @param handler called on a thread of the server, which it must not block
   * @throws IOException if the address cannot be bound; the message names the address
   */
  public static HttpListener start(NetworkAddress address, RequestHandler handler, Limits limits)
      throws IOException {
    requireNonNull(address, "address");
    requireNonNull(handler, "handler");
    return start(new Place(address, Optional.empty()), (failures, routes) -> handler, limits);
  }

  /**
   * Starts a server that speaks TLS.
   *
   * @throws IOException if the address cannot be bound; the message names the address
   */
  public static HttpListener start(
      NetworkAddress address, RequestHandler handler, Limits limits, Tls tls) throws IOException {
    requireNonNull(address, "address");
    requireNonNull(handler, "handler");
    Place place = new Place(address, Optional.of(requireNonNull(tls, "tls")));
    return start(place, (failures, routes) -> handler, limits);
  }

  /** A server of routes, to which nothing has been added. */
  public static Builder builder() {
    return new Builder();
  }

  /** Collects the routes and realms of a server. Not safe for concurrent use. */
  public static final class Builder {

    private final List<BoundRoute> routes = new ArrayList<>();
    private final Map<String, Optional<Authenticator>> realms = new LinkedHashMap<>();
    private Optional<HttpFilter> filter = Optional.empty();
    private Service<Request, Response> otherwise = request -> Future.of(Response.notFound());
    private Limits limits = Limits.defaults();
    private Optional<Tls> tls = Optional.empty();
    private Propagation propagation = Propagation.foreign();
    private boolean http2 = HttpSettings.HTTP2;

    private Builder() {}

    /**
     * Answers the requests of a route, in place of the routes of the same path and methods. The
     * handler is called by several threads at once, which must not be blocked, when the whole body
     * has arrived, unless the route streams.
     */
    public Builder route(Route route, Service<? super Request, Response> handler) {
      routes.add(BoundRoute.of(route, handler));
      return this;
    }

    /** Does the same as {@link #route(Route, Service)}, and tells the handler who makes it. */
    public Builder route(
        Route route, CheckedBiFunction<Request, Optional<Principal>, Future<Response>> handler) {
      routes.add(BoundRoute.of(route, handler));
      return this;
    }

    /** Answers the requests that are for none of the routes, instead of 404. */
    public Builder otherwise(Service<Request, Response> service) {
      otherwise = requireNonNull(service, "service");
      return this;
    }

    /** Lets an authenticator find out who makes requests for the routes of a realm. */
    public Builder authenticator(String realm, Authenticator authenticator) {
      realms.put(
          requireNonNull(realm, "realm"),
          Optional.of(requireNonNull(authenticator, "authenticator")));
      return this;
    }

    /** Lets everybody use the routes of a realm. */
    public Builder openRealm(String realm) {
      realms.put(requireNonNull(realm, "realm"), Optional.empty());
      return this;
    }

    /**
     * Puts a filter before all routes. It sees an answer to every request that could be understood,
     * also if it is for no route, refused or failed, and {@linkplain HttpFilter#refused hears} of
     * the other answers. Filters that were added before are asked first.
     */
    public Builder filter(Filter<Request, Response, Request, Response> filter) {
      HttpFilter last = HttpFilter.of(filter);
      this.filter = Optional.of(this.filter.map(first -> first.before(last)).orElse(last));
      return this;
    }

    /** Bounds what is accepted of clients. */
    public Builder limits(Limits limits) {
      this.limits = requireNonNull(limits, "limits");
      return this;
    }

    /** Speaks TLS. */
    public Builder tls(Tls tls) {
      this.tls = Optional.of(requireNonNull(tls, "tls"));
      return this;
    }

    /**
     * Sets whether the contexts of requests are trusted, and whether requests are traced. By
     * default the server is at the edge of a system: it removes the fields of contexts.
     */
    public Builder propagation(Propagation propagation) {
      this.propagation = requireNonNull(propagation, "propagation");
      return this;
    }

    /** Sets whether clients may speak HTTP/2; by default they may. */
    public Builder http2(boolean enabled) {
      this.http2 = enabled;
      return this;
    }

    /**
     * Listens.
     *
     * @param address port 0 picks a free port; a Unix domain socket is a file, which must not exist
     * @throws IOException if the address cannot be bound; the text names the address
     * @throws IllegalStateException if a route has a realm without an authenticator that was not
     *     opened
     */
    public HttpListener start(NetworkAddress address) throws IOException {
      requireNonNull(address, "address");
      return HttpListener.start(
          new Place(address, tls, propagation, http2, filter), this::handler, limits);
    }

    private RequestHandler handler(FailureAnswers failures, RouteMetrics metrics) {
      Service<Request, Response> service =
          new RouteService(routes, realms, limits.body(), otherwise, failures, metrics);
      RequestHandler handler = service::call;
      return filter
          .<RequestHandler>map(first -> new FilteredHandler(first, handler, failures))
          .orElse(handler);
    }
  }

  /** The address on which the server listens, with the port that was picked. */
  public NetworkAddress address() {
    return listener.address();
  }

  /**
   * The metrics of this server, under the names that they have for a node: its connections, bytes
   * and memory, and the requests by route and status, if it has routes. More may be added.
   */
  public Metrics metrics() {
    return metrics;
  }

  /**
   * A future that is ready when the server has been stopped and its last connection is gone. Each
   * call returns a new future; discarding one stops the server at once, and the others then fail.
   * (libprocess: {@code run}.)
   */
  public Future<Void> ended() {
    Future<Void> own = ended.future().discardable();
    own.onDiscard(this::giveUp);
    return own;
  }

  /**
   * Accepts no more connections, answers the requests that have begun, and then closes each
   * connection, or closes it with requests unanswered when the time is over. May be called again,
   * to shorten the time.
   *
   * @param grace how long to wait for answers
   * @return ready when all connections are gone; a discard request does nothing
   * @throws IllegalArgumentException if the time is negative
   */
  public Future<Void> stop(Duration grace) {
    if (grace.isNegative()) {
      throw new IllegalArgumentException("negative grace: " + grace);
    }
    listener.close();
    Future<Void> drained = server.drain();
    if (grace.isZero()) {
      server.disconnect();
    } else {
      Timer timer = runtime.clock().timer(grace, server::disconnect);
      drained.onAny(done -> timer.cancel());
    }
    return drained.onReady(ended::set).undiscardable();
  }

  private void giveUp() {
    ended.fail(new Failure("the server was discarded"));
    stop(Duration.ZERO);
  }

  /**
   * Stops at once and ends the threads. Idempotent.
   *
   * @throws IllegalStateException if called on one of these threads
   */
  @Override
  public void close() {
    stop(Duration.ZERO);
    runtime.close();
  }

  /** The address, for people. */
  @Override
  public String toString() {
    return "HttpListener " + address();
  }
}

package io.libprocess.http;

import static java.util.Objects.requireNonNull;

import io.libprocess.future.Failure;
import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.http.server.HttpServer;
import io.libprocess.internal.MemoryBudget;
import io.libprocess.net.NetworkAddress;
import io.libprocess.net.Tls;
import io.libprocess.net.Transport;
import io.libprocess.runtime.DefaultRuntime;
import io.libprocess.runtime.Runtime;
import io.libprocess.time.Timer;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/**
 * A server that needs no node and no process: it listens on its own address with its own threads,
 * which are daemons, and passes each request to a handler. All methods may be called from any
 * thread. (libprocess: {@code http::Server}, which accepts only while {@code run} runs.)
 */
public final class HttpListener implements AutoCloseable {

  private static final int BACKLOG = 4096;

  private final Runtime runtime;
  private final HttpServer server;
  private final Transport.Listener listener;
  private final Promise<Void> ended = new Promise<>();

  private HttpListener(Runtime runtime, HttpServer server, Transport.Listener listener) {
    this.runtime = runtime;
    this.server = server;
    this.listener = listener;
  }

  /** The address on which a server listens, and its TLS settings if it speaks TLS there. */
  private record Place(NetworkAddress address, Optional<Tls> tls) {}

  private static HttpListener start(Place place, RequestHandler handler, Limits limits)
      throws IOException {
    Runtime runtime =
        DefaultRuntime.startWithoutNode("libprocess-server", DefaultRuntime.processors());
    return start(runtime, place, handler, limits);
  }

  /** Starts a server on a runtime, which ends with the server, or at once if this fails. */
  static HttpListener start(
      Runtime runtime, NetworkAddress address, RequestHandler handler, Limits limits)
      throws IOException {
    return start(runtime, new Place(address, Optional.empty()), handler, limits);
  }

  private static HttpListener start(
      Runtime runtime, Place place, RequestHandler handler, Limits limits) throws IOException {
    try {
      HttpServer server =
          new HttpServer(
              handler,
              limits,
              runtime.clock(),
              runtime.internalBlocking(),
              MemoryBudget.of(runtime.transport()));
      Function<Transport.Channel, Transport.Handler> accepted =
          place.tls().isPresent() ? place.tls().get().accepting(server::accept) : server::accept;
      Transport.Listener listener = runtime.transport().listen(place.address(), BACKLOG, accepted);
      return new HttpListener(runtime, server, listener);
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
    return start(new Place(address, Optional.empty()), handler, limits);
  }

  /**
   * Starts a server that speaks TLS.
   *
   * @throws IOException if the address cannot be bound; the message names the address
   */
  public static HttpListener start(
      NetworkAddress address, RequestHandler handler, Limits limits, Tls tls) throws IOException {
    requireNonNull(address, "address");
    return start(new Place(address, Optional.of(requireNonNull(tls, "tls"))), handler, limits);
  }

  /** The address on which the server listens, with the port that was picked. */
  public NetworkAddress address() {
    return listener.address();
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

package io.libprocess.http.server;

import static java.util.Objects.requireNonNull;

import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.http.Limits;
import io.libprocess.http.RequestHandler;
import io.libprocess.http.http1.DateHeader;
import io.libprocess.http.http1.ResponseEncoder;
import io.libprocess.internal.Saturating;
import io.libprocess.net.Transport;
import io.libprocess.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * Speaks HTTP on accepted connections. All methods may be called from any thread.
 *
 * <p>One timer looks after the time limits of all connections, while there are any. It goes off
 * once a second, more often only if a limit is shorter than four seconds. So a limit may be
 * exceeded by up to two periods of that timer, and never falls short.
 */
public final class HttpServer {

  private static final long LONGEST_PERIOD = 1000;
  private static final long SHORTEST_PERIOD = 10;

  private final RequestHandler handler;
  private final NodeConnections nodes; // Null if no other node connects.
  private final Limits limits;
  private final Clock clock;
  private final Executor blocking;
  private final ResponseEncoder encoder;
  private final long started; // In milliseconds of the clock.
  private final AtomicLong failures = new AtomicLong(); // How many were named.
  private final long period; // In milliseconds, as all times here.

  /** The clock's time, as of the last period: cheap to read, and late by less than a period. */
  private volatile long time;

  // Guarded by this.
  private final Set<ServerConnection> connections = new HashSet<>();
  private final Promise<Void> drained = new Promise<>();
  private boolean draining;
  private boolean ticking; // A timer is set.

  /**
   * A server whose requests go to a handler.
   *
   * @param blocking runs what blocks: the opening of files
   */
  public HttpServer(RequestHandler handler, Limits limits, Clock clock, Executor blocking) {
    this(handler, limits, clock, blocking, null);
  }

  /**
   * A server of a node.
   *
   * @param blocking runs what blocks: the opening of files
   * @param nodes knows the connections of other nodes; null if there are none
   */
  public HttpServer(
      RequestHandler handler,
      Limits limits,
      Clock clock,
      Executor blocking,
      NodeConnections nodes) {
    this.nodes = nodes;
    this.handler = requireNonNull(handler, "handler");
    this.limits = requireNonNull(limits, "limits");
    this.clock = requireNonNull(clock, "clock");
    this.blocking = requireNonNull(blocking, "blocking");
    this.started = clock.now().toEpochMilli();
    this.encoder = new ResponseEncoder(new DateHeader(clock));
    this.period =
        Stream.of(limits.headTime(), limits.idleTime(), limits.bodyTime())
            .mapToLong(limit -> Saturating.millis(limit) / 4)
            .map(quarter -> Math.max(SHORTEST_PERIOD, Math.min(LONGEST_PERIOD, quarter)))
            .min()
            .getAsLong();
  }

  RequestHandler handler() {
    return handler;
  }

  /** What knows the connections of other nodes; null if there are none. */
  NodeConnections nodes() {
    return nodes;
  }

  Limits limits() {
    return limits;
  }

  Executor blocking() {
    return blocking;
  }

  ResponseEncoder encoder() {
    return encoder;
  }

  long time() {
    return time;
  }

  /** Names a failure in the log and in the answer: a text that no other failure has. */
  String nextFailureId() {
    return Long.toString(started, Character.MAX_RADIX) + "-" + failures.incrementAndGet();
  }

  /** The clock's elapsed time in milliseconds, exactly. */
  long now() {
    return clock.nanoTime() / 1_000_000;
  }

  long period() {
    return period;
  }

  /** Serves an accepted connection, whose events are to be given to the result. */
  public Transport.Handler accept(Transport.Channel channel) {
    ServerConnection connection;
    boolean late;
    synchronized (this) {
      if (!ticking) {
        ticking = true;
        tickLater();
      }
      connection = new ServerConnection(this, channel);
      connections.add(connection);
      late = draining;
    }
    if (late) {
      connection.drain();
    }
    return connection;
  }

  void closed(ServerConnection connection) {
    boolean last;
    synchronized (this) {
      connections.remove(connection);
      last = draining && connections.isEmpty();
    }
    if (last) {
      drained.set(null);
    }
  }

  private void tickLater() {
    time = now();
    clock.timer(Duration.ofMillis(period), this::tick);
  }

  private void tick() {
    List<ServerConnection> open;
    synchronized (this) {
      open = List.copyOf(connections);
      ticking = !open.isEmpty();
      if (ticking) {
        tickLater();
      }
    }
    open.forEach(ServerConnection::checkTime);
  }

  /** Ends all connections at once; what is not answered is given up. */
  public void disconnect() {
    List<ServerConnection> open;
    synchronized (this) {
      open = List.copyOf(connections);
    }
    open.forEach(ServerConnection::abort);
  }

  /**
   * Answers the requests that have begun and ends each connection after that; connections accepted
   * later are ended at once.
   *
   * @return ready when there are no connections any more
   */
  public Future<Void> drain() {
    List<ServerConnection> open;
    synchronized (this) {
      draining = true;
      open = List.copyOf(connections);
    }
    if (open.isEmpty()) {
      drained.set(null);
    }
    open.forEach(ServerConnection::drain);
    return drained.future();
  }
}

package io.libprocess.http;

import static java.util.Objects.requireNonNull;

import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.net.Transport;
import io.libprocess.time.Clock;
import io.libprocess.time.Timer;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Speaks HTTP on accepted connections. One timer looks after the time-outs of all of them, once a
 * second while there are any; so a time-out may come up to a second late.
 */
public final class HttpServer {

  private static final Duration TICK = Duration.ofSeconds(1);

  private final RequestHandler handler;
  private final Limits limits;
  private final Clock clock;
  private final ResponseEncoder encoder;

  // Guarded by this.
  private final Set<ServerConnection> connections = new HashSet<>();
  private final Promise<Void> drained = new Promise<>();
  private boolean draining;
  private Timer tick; // Null while there are no connections.
  private long lastTick;

  /** A server whose requests go to a handler. */
  public HttpServer(RequestHandler handler, Limits limits, Clock clock) {
    this.handler = requireNonNull(handler, "handler");
    this.limits = requireNonNull(limits, "limits");
    this.clock = requireNonNull(clock, "clock");
    this.encoder = new ResponseEncoder(new DateHeader(clock));
  }

  RequestHandler handler() {
    return handler;
  }

  Limits limits() {
    return limits;
  }

  ResponseEncoder encoder() {
    return encoder;
  }

  /** Serves an accepted connection. */
  public Transport.Handler accept(Transport.Channel channel) {
    ServerConnection connection = new ServerConnection(this, channel);
    boolean late;
    synchronized (this) {
      connections.add(connection);
      late = draining;
      if (tick == null) {
        lastTick = now();
        tick = clock.timer(TICK, this::tick);
      }
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

  private void tick() {
    List<ServerConnection> open;
    long passed;
    synchronized (this) {
      long now = now();
      passed = now - lastTick;
      lastTick = now;
      open = List.copyOf(connections);
      tick = open.isEmpty() ? null : clock.timer(TICK, this::tick);
    }
    open.forEach(connection -> connection.passed(passed));
  }

  private long now() {
    return clock.now().toEpochMilli();
  }

  /**
   * Answers the requests that have begun and closes each connection after that. New connections are
   * closed after one request.
   *
   * @return ready when there are no connections any more
   */
  public Future<Void> drain() {
    List<ServerConnection> open;
    synchronized (this) {
      draining = true;
      open = List.copyOf(connections);
    }
    open.forEach(ServerConnection::drain);
    if (open.isEmpty()) {
      drained.set(null);
    }
    return drained.future();
  }
}

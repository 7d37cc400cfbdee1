package io.libprocess.http.client;

import io.libprocess.future.Failure;
import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.http.ClientSettings;
import io.libprocess.http.Url;
import io.libprocess.http.context.ContextWire;
import io.libprocess.internal.ContextSlot;
import io.libprocess.internal.MemoryBudget;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The connections of a client. A call gets an idle connection, a new one, or waits, first come,
 * first served for each server. If the total is reached, an idle connection to another server makes
 * room.
 *
 * <p><b>Shared connections</b> (HTTP/2) carry many requests at a time: a call takes a place on one.
 * While it is not known whether a server has them one dial decides, and others wait for it. When
 * all places are taken another connection is dialled, up to {@value #MOST_SHARED} for each server.
 * A connection that takes no more requests is left out at once, and ends with its last request.
 * Whether a server has them is remembered for some time after the last connection.
 *
 * <p><b>Counting.</b> A connection counts from the moment it is dialled until it is gone. Every
 * change that may let a waiting call go on ends with {@link #serve}, which dials for the waiting
 * calls.
 *
 * <p><b>Locking.</b> One lock guards all fields. Promises are completed, and connections called,
 * without the lock: such actions are collected under the lock and run after it.
 */
public final class ClientPool implements ClientConnection.Owner {

  /** A connection for one request; a fresh connection has had none before. */
  record Lease(ClientConnection connection, boolean fresh) {}

  /** The most shared connections to one server. */
  private static final int MOST_SHARED = 4;

  private final Dialer dialer;
  private final ClientSettings settings;
  private final ContextWire contexts;

  // Guarded by the monitor of this.
  private final Map<Url, HostConnections> hosts = new HashMap<>();
  private final Map<ClientConnection, HostConnections> connections = new LinkedHashMap<>();
  private final Set<Future<?>> dials = new LinkedHashSet<>();
  private final SpokenVersions spoken;
  private final Set<ClientConnection> single = new HashSet<>(); // Of one request each.
  private int open;
  private int waiting;
  private boolean closed;

  /** Makes a pool without connections. */
  public ClientPool(Dialer dialer, ClientSettings settings, ContextWire contexts) {
    this.dialer = dialer;
    this.settings = settings;
    this.contexts = contexts;
    this.spoken = new SpokenVersions(dialer);
  }

  /** The writer of the contexts of requests. */
  public ContextWire contexts() {
    return contexts;
  }

  /** The budget that memory held for connections is taken from. */
  MemoryBudget memory() {
    return dialer.memory();
  }

  private static Failure closedFailure() {
    return new Failure("the client is closed");
  }

  /** Gets a connection to a URL's server. A discard request withdraws the call. */
  Future<Lease> acquire(Url url) {
    HostConnections.Waiter waiter;
    synchronized (this) {
      if (closed) {
        return Future.failed(closedFailure());
      }
      HostConnections host =
          hosts.computeIfAbsent(
              HostConnections.key(url), key -> new HostConnections(key, spoken.by(key)));
      ClientConnection shared = host.waiters.isEmpty() ? host.reserve() : null;
      if (shared != null) {
        return Future.of(new Lease(shared, false));
      }
      ClientConnection idle = host.idle.pollLast(); // The one used last is likely to live longest.
      if (idle != null) {
        return Future.of(new Lease(idle, false));
      }
      if (waiting >= settings.queued()) {
        forgetIfUnused(host);
        return Future.failed(waiting + " requests already wait for a connection");
      }
      waiter = new HostConnections.Waiter(host);
      host.waiters.add(waiter);
      waiting++;
    }
    waiter.promise.future().onDiscard(() -> withdraw(waiter));
    serve();
    return waiter.promise.future();
  }

  /**
   * Gets a connection that carries one request and then ends.
   *
   * @param http1 whether it must speak HTTP/1.1
   * @return empty if there are as many connections as there may be
   */
  Optional<Future<Lease>> acquireSingle(Url url, boolean http1) {
    HostConnections host;
    synchronized (this) {
      host =
          hosts.computeIfAbsent(
              HostConnections.key(url), key -> new HostConnections(key, spoken.by(key)));
      if (closed || open >= settings.connections() || host.open >= settings.perHost()) {
        forgetIfUnused(host);
        return Optional.empty();
      }
      host.open++;
      open++;
    }
    Promise<Lease> promise = new Promise<>();
    Future<ClientConnection> dial = ContextSlot.outside(() -> dial(host, http1));
    promise.future().onDiscard(dial::discard);
    dial.onAny(done -> dialledSingle(host, done, promise));
    return Optional.of(promise.future());
  }

  private void dialledSingle(
      HostConnections host, Future<ClientConnection> dial, Promise<Lease> promise) {
    if (!dial.isReady()) {
      release(host, dial);
      promise.fail(dial.isFailed() ? dial.failure() : closedFailure());
      return;
    }
    ClientConnection connection = dial.get();
    synchronized (this) {
      dials.remove(dial);
      connections.put(connection, host);
      single.add(connection);
    }
    connection.disconnected().onReady(done -> gone(connection)); // It may be gone already.
    if (connection.isShared() && !connection.tryReserve()) {
      connection.disconnect();
      promise.fail("The server takes no request on a new connection");
    } else if (!promise.setUnlessDiscardRequested(new Lease(connection, true))) {
      connection.disconnect();
      promise.discard();
    }
  }

  /** Gives back the slot of a connection that could not be made. */
  private void release(HostConnections host, Future<ClientConnection> dial) {
    synchronized (this) {
      dials.remove(dial);
      host.open--;
      open--;
      forgetIfUnused(host);
    }
    serve();
  }

  private void withdraw(HostConnections.Waiter waiter) {
    synchronized (this) {
      if (waiter.host.waiters.remove(waiter)) {
        waiting--;
        forgetIfUnused(waiter.host);
      }
    }
    // Too late if it was served, but in time for a thread about to serve it.
    waiter.promise.discard();
  }

  private void forgetIfUnused(HostConnections host) {
    if (host.open == 0 && host.waiters.isEmpty()) {
      hosts.remove(HostConnections.key(host.url), host);
    }
  }

  /* ------ Dialling ------ */

  /** Dials for the waiting calls, as far as the limits allow. */
  private void serve() {
    List<HostConnections> dialled = new ArrayList<>();
    List<ClientConnection> evicted = new ArrayList<>();
    synchronized (this) {
      if (closed || waiting == 0) {
        return;
      }
      for (HostConnections host : hosts.values()) {
        while (needsAnother(host)) {
          if (open >= settings.connections()) {
            evict().ifPresent(evicted::add); // Once it is gone, this is called again.
            break;
          }
          host.dialling++;
          host.open++;
          open++;
          dialled.add(host);
        }
      }
    }
    evicted.forEach(ClientConnection::disconnect);
    dialled.forEach(this::dialForWaiting);
  }

  private boolean needsAnother(HostConnections host) {
    boolean wanted =
        switch (host.http2) {
          case OFF -> host.waiters.size() > host.dialling;
          case ALPN -> !host.waiters.isEmpty() && host.dialling == 0;
          case PRIOR_KNOWLEDGE ->
              !host.waiters.isEmpty() && host.dialling == 0 && host.shared.size() < MOST_SHARED;
        };
    return wanted && host.open < settings.perHost();
  }

  /** Whether a call waits that can only go on when a connection to another server ends. */
  private boolean othersStarve() {
    return waiting > 0
        && open >= settings.connections()
        && hosts.values().stream().anyMatch(this::needsAnother);
  }

  private Optional<ClientConnection> evict() {
    for (HostConnections host : hosts.values()) {
      if (!host.idle.isEmpty()) {
        return Optional.of(host.idle.pollFirst());
      }
      for (ClientConnection connection : host.shared) {
        if (connection.isUnused()) {
          host.shared.remove(connection);
          return Optional.of(connection);
        }
      }
    }
    return Optional.empty();
  }

  private void dialForWaiting(HostConnections host) {
    ContextSlot.outside(() -> dial(host, false).onAny(done -> dialled(host, done)));
  }

  /** Called in no context, since the connection may outlive the request that needs it. */
  private Future<ClientConnection> dial(HostConnections host, boolean http1) {
    Future<ClientConnection> dial;
    try {
      dial = dialer.dial(host.url, this, http1);
    } catch (Throwable thrown) {
      dial = Future.failed(thrown); // The slot in which it was counted is given back.
    }
    boolean late;
    synchronized (this) {
      late = closed;
      dials.add(dial);
    }
    if (late) {
      dial.discard();
    }
    return dial;
  }

  private void dialled(HostConnections host, Future<ClientConnection> dial) {
    HostConnections.Waiter waiter = null;
    ClientConnection connection = dial.isReady() ? dial.get() : null;
    synchronized (this) {
      dials.remove(dial);
      host.dialling--;
      if (connection != null) {
        connections.put(connection, host);
        host.connected(connection);
        spoken.remember(host.url, host.http2);
      } else {
        host.open--;
        open--;
        waiter = pollWaiter(host);
        forgetIfUnused(host);
      }
    }
    if (connection != null) {
      connection.disconnected().onReady(done -> gone(connection)); // It may be gone already.
      offer(host, new Lease(connection, true));
    } else if (waiter != null) {
      waiter.promise.fail(dial.isFailed() ? dial.failure() : closedFailure());
    }
    serve();
  }

  private HostConnections.Waiter pollWaiter(HostConnections host) {
    HostConnections.Waiter waiter = host.waiters.poll();
    if (waiter != null) {
      waiting--;
    }
    return waiter;
  }

  /* ------ Reuse ------ */

  private void offer(HostConnections host, Lease lease) {
    if (lease.connection().isShared()) {
      share(host, lease);
    } else {
      use(host, lease);
    }
  }

  /** Gives the places of a shared connection to the calls that wait longest. */
  private void share(HostConnections host, Lease lease) {
    ClientConnection connection = lease.connection();
    while (true) {
      HostConnections.Waiter waiter;
      boolean drop = false;
      synchronized (this) {
        if (connections.get(connection) != host) {
          return; // It is gone.
        }
        if (host.waiters.isEmpty() || !connection.tryReserve()) {
          drop = host.waiters.isEmpty() && connection.isUnused() && (closed || othersStarve());
          waiter = null;
          if (drop) {
            host.shared.remove(connection);
          }
        } else {
          waiter = pollWaiter(host);
        }
      }
      if (drop) {
        connection.disconnect(); // Others wait, to whom it is of no use.
      }
      if (waiter == null) {
        return;
      }
      if (!give(waiter, lease)) {
        connection.release();
      }
    }
  }

  /** Gives a connection to the longest waiting call, or keeps it. */
  private void use(HostConnections host, Lease lease) {
    ClientConnection connection = lease.connection();
    HostConnections.Waiter waiter;
    do {
      boolean drop;
      synchronized (this) {
        if (connections.get(connection) != host) {
          return; // It is gone.
        }
        waiter = pollWaiter(host);
        drop = waiter == null && (closed || othersStarve());
        if (waiter == null && !drop) {
          host.idle.addLast(connection);
        }
      }
      if (drop) {
        connection.disconnect(); // Others wait, to whom it is of no use.
      }
    } while (waiter != null && !give(waiter, lease));
  }

  private static boolean give(HostConnections.Waiter waiter, Lease lease) {
    boolean given = waiter.promise.setUnlessDiscardRequested(lease);
    if (!given) {
      waiter.promise.discard();
    }
    return given;
  }

  /** Sends a request again: at once, or after a pause if that was of no use. */
  void repeat(int repetition, Runnable action) {
    if (repetition == 1) {
      action.run();
    } else {
      dialer.pause(action);
    }
  }

  /** Takes back a connection that has not been used. */
  void putBack(Lease lease) {
    idle(lease.connection());
  }

  @Override
  public void idle(ClientConnection connection) {
    HostConnections host;
    boolean used;
    synchronized (this) {
      host = connections.get(connection);
      used = single.contains(connection);
    }
    if (connection.isShared()) {
      connection.release();
    }
    if (used) {
      connection.disconnect();
    } else if (host != null) {
      offer(host, new Lease(connection, false));
    }
  }

  @Override
  public void changed(ClientConnection connection) {
    HostConnections host;
    synchronized (this) {
      host = single.contains(connection) ? null : connections.get(connection);
      if (host != null) {
        host.changed(connection);
      }
    }
    if (host != null && connection.isLeaving()) {
      serve();
    } else if (host != null) {
      share(host, new Lease(connection, false));
    }
  }

  /**
   * Does not reuse the connection: a next request would wait for bytes that the server does not
   * take.
   */
  @Override
  public void behind(ClientConnection connection) {
    connection.disconnect();
  }

  @Override
  public void gone(ClientConnection connection) {
    synchronized (this) {
      HostConnections host = connections.remove(connection);
      if (host == null) {
        return;
      }
      single.remove(connection);
      host.idle.remove(connection);
      host.shared.remove(connection);
      host.open--;
      open--;
      forgetIfUnused(host);
    }
    serve();
  }

  /** Ends all connections; waiting calls fail. */
  public void close() {
    List<ClientConnection> all;
    List<Future<?>> dialling;
    List<HostConnections.Waiter> waiters = new ArrayList<>();
    synchronized (this) {
      closed = true;
      all = List.copyOf(connections.keySet());
      dialling = List.copyOf(dials);
      for (HostConnections host : hosts.values()) {
        for (HostConnections.Waiter waiter = pollWaiter(host);
            waiter != null;
            waiter = pollWaiter(host)) {
          waiters.add(waiter);
        }
      }
    }
    waiters.forEach(waiter -> waiter.promise.fail(closedFailure()));
    dialling.forEach(Future::discard);
    all.forEach(ClientConnection::disconnect);
  }

  /** The number of connections, including those being dialled; for tests. */
  synchronized int open() {
    return open;
  }

  /** The number of connections of which something is remembered; for tests. */
  synchronized int remembered() {
    return dials.size() + connections.size() + single.size();
  }

  /** The number of idle connections; for tests. */
  synchronized int idle() {
    return hosts.values().stream().mapToInt(host -> host.idle.size()).sum();
  }

  /** The number of servers that are in use or waited for; for tests. */
  synchronized int hosts() {
    return hosts.size();
  }
}

package io.libprocess.http.server;

import static java.util.Objects.requireNonNull;

import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.http.Limits;
import io.libprocess.http.Request;
import io.libprocess.http.RequestHandler;
import io.libprocess.http.Response;
import io.libprocess.http.context.ContextWire;
import io.libprocess.http.exchange.FailureAnswers;
import io.libprocess.http.exchange.NodeConnections;
import io.libprocess.http.exchange.ServedConnection;
import io.libprocess.http.exchange.ServerContext;
import io.libprocess.http.http1.DateHeader;
import io.libprocess.http.http1.Recurrence;
import io.libprocess.http.http1.ResponseEncoder;
import io.libprocess.http.http2.DateValue;
import io.libprocess.http.http2.Http2Counts;
import io.libprocess.http.http2.UnfinishedBodies;
import io.libprocess.internal.EarlyInitialization;
import io.libprocess.internal.Log;
import io.libprocess.internal.MemoryBudget;
import io.libprocess.internal.Saturating;
import io.libprocess.net.Address;
import io.libprocess.net.Transport;
import io.libprocess.net.tls.ProtocolPreference;
import io.libprocess.time.Clock;
import io.libprocess.time.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Speaks HTTP on accepted connections. All methods may be called from any thread.
 *
 * <p>One timer checks the time limits of all connections, while there are any. It fires once a
 * second, or more often if a limit is shorter than four seconds. So a limit may be exceeded by up
 * to two periods of that timer, but never applies too early.
 */
public final class HttpServer implements ServerContext {

  /**
   * The packages whose classes serve a connection: a lack of memory at the first one must not make
   * a class unusable for ever. For {@link EarlyInitialization#of}.
   */
  public static final List<String> NEEDED_ROOMS =
      List.of(
          "internal",
          "internal.scheduler",
          "context",
          "time",
          "future",
          "stream",
          "stream.collect",
          "net",
          "net.nio",
          "net.tls",
          "http",
          "http.grammar",
          "http.coding",
          "http.context",
          "http.channel",
          "http.http1",
          "http.hpack",
          "http.http2.frame",
          "http.http2.message",
          "http.http2",
          "http.exchange",
          "http.server.http2",
          "http.server");

  private static final long LONGEST_PERIOD = 1000;
  private static final long SHORTEST_PERIOD = 10;

  private final RequestHandler handler;
  private final Function<Request, Recurrence> recurrences;
  private final MemoryBudget memory;
  private final NodeConnections nodes; // Null if no other node connects.
  private final ContextWire contexts;
  private final Limits limits;
  private final Clock clock;
  private final Executor blocking;
  private final ResponseEncoder encoder;
  private final FailureAnswers failures;
  private final boolean http2;
  private final DateValue date;
  private final UnfinishedBodies bodies;
  private final Http2Counts http2Counts = Http2Counts.ofServer();
  private final long period; // In milliseconds, as all times here.

  /** The clock's time as of the last period: cheap to read, and late by less than a period. */
  private volatile long time;

  /** Hears of answers to what was no request. */
  private volatile BiConsumer<Optional<Address>, Response> refusals = (client, answer) -> {};

  // Guarded by the monitor of this.
  private final Set<ServedConnection> connections = new LinkedHashSet<>();
  private final Promise<Void> drained = new Promise<>();
  private boolean draining;
  private boolean ticking; // The timer is set.
  private Timer ticker; // Null before the first connection.
  private final List<Runnable> beforeDraining = new ArrayList<>();

  /**
   * Makes a server whose requests go to a handler, in no context: it is at the edge of the system.
   *
   * @param blocking runs blocking work: the opening of files
   * @param memory the budget that bodies and answers draw on
   */
  public HttpServer(
      RequestHandler handler, Limits limits, Clock clock, Executor blocking, MemoryBudget memory) {
    this(
        handler,
        limits,
        clock,
        blocking,
        memory,
        null,
        ContextWire.foreign(clock),
        new FailureAnswers(clock),
        true);
  }

  /**
   * Makes the server of a node.
   *
   * @param blocking runs blocking work: the opening of files
   * @param memory the budget that bodies and answers draw on
   * @param nodes knows the connections of other nodes; null if there are none
   * @param contexts reads the contexts of requests
   * @param failures what is answered when the handler fails
   * @param http2 whether clients may speak HTTP/2
   */
  public HttpServer(
      RequestHandler handler,
      Limits limits,
      Clock clock,
      Executor blocking,
      MemoryBudget memory,
      NodeConnections nodes,
      ContextWire contexts,
      FailureAnswers failures,
      boolean http2) {
    EarlyInitialization.of(NEEDED_ROOMS);
    this.nodes = nodes;
    this.contexts = requireNonNull(contexts, "contexts");
    this.handler = requireNonNull(handler, "handler");
    this.recurrences =
        handler instanceof RecurrenceHandler recurring ? recurring::recurrence : request -> null;
    this.memory = requireNonNull(memory, "memory");
    this.limits = requireNonNull(limits, "limits");
    this.clock = requireNonNull(clock, "clock");
    this.blocking = requireNonNull(blocking, "blocking");
    this.failures = requireNonNull(failures, "failures");
    this.http2 = http2;
    this.date = new DateValue(clock);
    this.bodies = new UnfinishedBodies(Runtime.getRuntime().maxMemory());
    this.encoder = new ResponseEncoder(new DateHeader(clock));
    this.period =
        Stream.of(limits.headTime(), limits.idleTime(), limits.bodyTime())
            .mapToLong(limit -> Saturating.millis(limit) / 4)
            .map(quarter -> Math.max(SHORTEST_PERIOD, Math.min(LONGEST_PERIOD, quarter)))
            .min()
            .getAsLong();
  }

  /**
   * The protocols of a server, by the names of ALPN; the best first.
   *
   * @param http2 whether clients may speak HTTP/2
   */
  public static List<String> protocols(boolean http2) {
    return http2 ? List.of("h2", "http/1.1") : List.of("http/1.1");
  }

  /** Sets who hears of answers to what was no request; before the first connection. */
  public void tellRefusals(BiConsumer<Optional<Address>, Response> listener) {
    refusals = listener;
  }

  @Override
  public void refused(Address client, Response answer) {
    try {
      refusals.accept(Optional.ofNullable(client), answer);
    } catch (Throwable thrown) { // Of the user: the connection goes on.
      Log.warning("A filter that was told of a refused request threw", thrown);
    }
  }

  @Override
  public FailureAnswers failures() {
    return failures;
  }

  @Override
  public RequestHandler handler() {
    return handler;
  }

  /** The shortcut for requests like one that was handled; null if there is none. */
  Recurrence recurrence(Request request) {
    return recurrences.apply(request);
  }

  @Override
  public ContextWire contexts() {
    return contexts;
  }

  @Override
  public MemoryBudget memory() {
    return memory;
  }

  @Override
  public NodeConnections nodes() {
    return nodes;
  }

  @Override
  public Limits limits() {
    return limits;
  }

  @Override
  public Executor blocking() {
    return blocking;
  }

  ResponseEncoder encoder() {
    return encoder;
  }

  @Override
  public long time() {
    return time;
  }

  @Override
  public long now() {
    return clock.nanoTime() / 1_000_000;
  }

  @Override
  public Clock clock() {
    return clock;
  }

  @Override
  public long nanoTime() {
    return clock.nanoTime();
  }

  @Override
  public boolean isOver(Duration limit, long start) {
    return time - period - start >= Saturating.millis(limit);
  }

  /** Whether clients may speak HTTP/2. */
  boolean speaksHttp2() {
    return http2;
  }

  @Override
  public Http2Counts http2Counts() {
    return http2Counts;
  }

  @Override
  public UnfinishedBodies bodies() {
    return bodies;
  }

  @Override
  public String date() {
    return date.text();
  }

  /** The function that {@linkplain #accept accepts} connections, for a listener. */
  public Function<Transport.Channel, Transport.Handler> acceptor() {
    return new Acceptor();
  }

  private final class Acceptor
      implements Function<Transport.Channel, Transport.Handler>, ProtocolPreference {

    @Override
    public Transport.Handler apply(Transport.Channel channel) {
      return accept(channel);
    }

    @Override
    public List<String> protocols() {
      return HttpServer.protocols(http2);
    }
  }

  /**
   * Accepts a connection.
   *
   * @return the handler of its events
   */
  public Transport.Handler accept(Transport.Channel channel) {
    ServedConnection connection;
    boolean late;
    synchronized (this) {
      startTicking();
      connection = new AcceptedConnection(this, channel);
      connections.add(connection);
      late = draining;
    }
    if (late) {
      connection.drain();
    }
    connection.accepted();
    return connection;
  }

  /**
   * A request that has no response yet.
   *
   * @param request the request
   * @param connection the kind of the client: see {@link #kinds}
   * @param remote the client's address
   * @param age the time since it arrived, in milliseconds
   */
  public record Unanswered(Request request, String connection, String remote, long age) {}

  /**
   * The kinds of the connections' clients: {@code unknown} if the client has sent nothing,
   * otherwise {@code plain} or {@code node}.
   */
  public List<String> kinds() {
    return connections().stream().map(Seen::kind).toList();
  }

  /**
   * A snapshot of a connection.
   *
   * @param kind the kind of the client: see {@link #kinds}
   * @param remote the client's address
   * @param unanswered the number of requests without a response
   * @param silent the time since the last bytes arrived, in milliseconds; negative if nothing has
   *     arrived yet
   */
  public record Seen(String kind, String remote, int unanswered, long silent) {}

  /** The connections, the oldest first. */
  public List<Seen> connections() {
    long now = now();
    return open().stream()
        .map(
            connection -> {
              ServedConnection.Look look = connection.look();
              int[] count = new int[1];
              look.responses().forEachUnanswered(exchange -> count[0]++);
              return new Seen(
                  look.kind().toLowerCase(Locale.ROOT),
                  look.remote().toString(),
                  count[0],
                  look.arrivedAt() == 0 ? -1 : Math.max(0, now - look.arrivedAt()));
            })
        .toList();
  }

  /** The requests without a response, found without waiting for other threads. */
  public List<Unanswered> unanswered() {
    List<Unanswered> found = new ArrayList<>();
    long now = now();
    for (ServedConnection connection : open()) {
      ServedConnection.Look look = connection.look();
      look.responses()
          .forEachUnanswered(
              exchange ->
                  found.add(
                      new Unanswered(
                          exchange.request,
                          look.kind().toLowerCase(Locale.ROOT),
                          look.remote().toString(),
                          exchange
                              .request
                              .received()
                              .map(at -> Math.max(0, now - at.toEpochMilli()))
                              .orElse(0L))));
    }
    return found;
  }

  private synchronized List<ServedConnection> open() {
    return List.copyOf(connections);
  }

  void closed(ServedConnection connection) {
    boolean last;
    synchronized (this) {
      connections.remove(connection);
      last = draining && connections.isEmpty();
      stopTicking(last);
    }
    if (last) {
      drained.set(null);
    }
  }

  /** Sets the next timer before anything that can fail, so that no failure ends the ticking. */
  private void tick() {
    synchronized (this) {
      ticking = false;
      if (connections.isEmpty()) {
        return;
      }
      startTicking();
    }
    List<ServedConnection> open;
    synchronized (this) {
      open = List.copyOf(connections);
    }
    for (ServedConnection connection : open) {
      check(connection);
    }
  }

  /**
   * Starts the timer for the next period. The lock is held. If this fails, the next connection
   * tries again.
   */
  private void startTicking() {
    time = now();
    if (!ticking) {
      ticker = clock.timer(Duration.ofMillis(period), this::tick);
      ticking = true;
    }
  }

  /** Takes the timer back if there will be no connection any more. The lock is held. */
  private void stopTicking(boolean over) {
    if (over && ticking && ticker.cancel()) {
      ticking = false;
    }
  }

  private static void check(ServedConnection connection) {
    try {
      connection.checkTime();
    } catch (Throwable thrown) {
      Log.error("The check of a connection's time limits failed", thrown);
    }
  }

  /** Ends all connections at once; unanswered requests are given up. */
  public void disconnect() {
    List<ServedConnection> open;
    synchronized (this) {
      open = List.copyOf(connections);
    }
    open.forEach(ServedConnection::abort);
  }

  /**
   * Registers a callback for the beginning of {@link #drain}, to end answers that would go on for
   * ever.
   */
  public synchronized void beforeDraining(Runnable callback) {
    beforeDraining.add(callback);
  }

  /**
   * Answers the requests that have begun and ends each connection after that; connections accepted
   * later are ended at once.
   *
   * @return ready when there are no more connections
   */
  public Future<Void> drain() {
    List<ServedConnection> open;
    List<Runnable> callbacks;
    synchronized (this) {
      draining = true;
      open = List.copyOf(connections);
      callbacks = List.copyOf(beforeDraining);
      stopTicking(open.isEmpty());
    }
    callbacks.forEach(Runnable::run);
    if (open.isEmpty()) {
      drained.set(null);
    }
    open.forEach(ServedConnection::drain);
    return drained.future();
  }
}

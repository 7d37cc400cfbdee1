package io.libprocess.grpc;

import io.libprocess.Node;
import io.libprocess.context.Propagation;
import io.libprocess.future.Failure;
import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.http.ClientSettings;
import io.libprocess.http.HttpClient;
import io.libprocess.http.Limits;
import io.libprocess.http.Url;
import io.libprocess.http.access.Access;
import io.libprocess.http.access.ClientAccess;
import io.libprocess.http.client.ClientConnection;
import io.libprocess.http.client.Dialer;
import io.libprocess.http.client.KeepAlive;
import io.libprocess.http.context.ContextWire;
import io.libprocess.http.grpc.PingStrikes;
import io.libprocess.http.http2.frame.ErrorCode;
import io.libprocess.internal.ContextSlot;
import io.libprocess.internal.Log;
import io.libprocess.internal.Saturating;
import io.libprocess.time.Clock;
import io.libprocess.time.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * The connection of a channel, and the calls that wait for one. It is made when a call needs it,
 * and used until the server says that it takes no more calls, or it is gone.
 *
 * <p>The monitor guards all fields below it. Promises are completed, and connections and the dialer
 * called, without it.
 */
final class ChannelState implements ClientConnection.Owner {

  private static final ClientAccess<HttpClient, ClientSettings, Dialer> CLIENTS =
      Access.to(HttpClient.class);

  /** No limit of HTTP: the times of calls take their place. */
  private static final Duration ENDLESS = Duration.ofSeconds(Long.MAX_VALUE);

  private static final Duration CONNECT_TIME = Duration.ofSeconds(20);
  private static final int SHORTEST_PAUSE = 50; // In milliseconds, before a call is repeated.
  private static final int LONGEST_PAUSE = 200;

  private record Waiter(Promise<ClientConnection> promise, boolean patient) {}

  private final Node node;
  private final Url url;
  private final GrpcSettings settings;
  private final Clock clock;
  private final RandomGenerator random;
  private final Dialer dialer;
  private final ContextWire contexts;
  private final Promise<Void> closed = Promise.undiscardable();

  private final Set<Waiter> waiters = new LinkedHashSet<>();
  private final ReconnectBackoff backoff;
  private ClientConnection connection; // Null if there is none that takes calls.
  private boolean dialling;
  private Timer pause; // Until the next attempt; null if none has failed since the last success.
  private Throwable lastFailure; // Why the last attempt has failed; null if none has.
  private int calls; // In progress.
  private boolean closing;
  private int doublings; // Of the time between pings, because the server finds it too short.

  ChannelState(Node node, Url url, GrpcSettings settings) {
    if (!url.scheme().equals("http") && !url.scheme().equals("https") && !url.isUnix()) {
      throw new IllegalArgumentException("not a scheme of HTTP: '" + url.scheme() + "'");
    }
    this.node = node;
    this.url = url;
    this.settings = settings;
    this.clock = node.clock();
    this.random = node.random();
    this.backoff = new ReconnectBackoff(random);
    ClientSettings ofNode = node.config().httpClient();
    ClientSettings.Builder client =
        ofNode.toBuilder()
            .http2(ClientSettings.Http2.PRIOR_KNOWLEDGE)
            .connectTime(CONNECT_TIME)
            .limits(
                Limits.builder()
                    .headTime(ENDLESS)
                    .bodyTime(ENDLESS)
                    .idleTime(settings.maxIdle())
                    .build());
    settings.tls().ifPresent(client::tls);
    this.dialer = CLIENTS.dialer(node.http()).with(client.build());
    this.contexts =
        new ContextWire(
            ofNode.propagation().orElse(Propagation.trusted()), () -> random.nextLong(), clock);
  }

  GrpcSettings settings() {
    return settings;
  }

  Clock clock() {
    return clock;
  }

  ContextWire contexts() {
    return contexts;
  }

  /* ------ Calls ------ */

  /** Counts a call; false if none are taken any more. */
  synchronized boolean enter() {
    if (closing) {
      return false;
    }
    calls++;
    return true;
  }

  /** Notes that a call has ended. */
  void leave() {
    boolean last;
    synchronized (this) {
      calls--;
      last = closing && calls == 0;
    }
    if (last) {
      end();
    }
  }

  /** A pause before a call is repeated, then an action; a discard request ends it. */
  Future<Void> pause(Runnable action) {
    Promise<Void> over = new Promise<>();
    long millis = random.nextInt(SHORTEST_PAUSE, LONGEST_PAUSE);
    Timer timer = clock.timer(Duration.ofMillis(millis), () -> over.set(null));
    over.future()
        .onDiscard(
            () -> {
              timer.cancel();
              over.set(null); // The action finds out.
            })
        .onReady(done -> action.run());
    return over.future();
  }

  /**
   * Waits for a connection that takes calls; a discard request gives that up.
   *
   * @param patient whether to wait on when an attempt to connect has failed
   */
  Future<ClientConnection> acquire(boolean patient) {
    Waiter waiter;
    boolean dials;
    synchronized (this) {
      if (connection != null && !connection.isLeaving()) {
        return Future.of(connection);
      }
      connection = null;
      if (pause != null && !patient) {
        return Future.failed(Failures.unavailable(lastFailure));
      }
      waiter = new Waiter(new Promise<>(), patient);
      waiters.add(waiter);
      dials = tryToDial();
    }
    waiter.promise.future().onDiscard(() -> giveUp(waiter));
    if (dials) {
      dial();
    }
    return waiter.promise.future();
  }

  private void giveUp(Waiter waiter) {
    synchronized (this) {
      waiters.remove(waiter);
    }
    waiter.promise.discard();
  }

  /* ------ Connecting ------ */

  /** Whether an attempt is to be made now, which is then noted. Guarded by the monitor. */
  private boolean tryToDial() {
    boolean dials = !dialling && pause == null && !waiters.isEmpty();
    dialling |= dials;
    return dials;
  }

  private void dial() {
    Future<ClientConnection> attempt = ContextSlot.outside(() -> dialer.dial(url, this));
    ContextSlot.outside(() -> attempt.onAny(this::dialled));
  }

  private void dialled(Future<ClientConnection> attempt) {
    if (!attempt.isReady()) {
      failed(attempt.isFailed() ? attempt.failure() : new Failure("connecting was given up"));
    } else if (!attempt.get().isShared()) {
      attempt.get().disconnect();
      failed(new Failure(url.authority() + " does not speak HTTP/2"));
    } else {
      connected(attempt.get());
    }
  }

  private void connected(ClientConnection made) {
    List<Waiter> served;
    boolean unused;
    synchronized (this) {
      dialling = false;
      connection = made;
      lastFailure = null;
      served = List.copyOf(waiters);
      waiters.clear();
      unused = closing && calls == 0;
      backoff.reset();
    }
    made.disconnected().onReady(done -> gone(made)); // It may be gone already.
    served.forEach(waiter -> give(waiter, made));
    if (unused) {
      made.disconnect();
    }
  }

  private static void give(Waiter waiter, ClientConnection made) {
    if (!waiter.promise.setUnlessDiscardRequested(made)) {
      waiter.promise.discard();
    }
  }

  private void failed(Throwable why) {
    List<Waiter> impatient = new ArrayList<>();
    boolean noMore = node.isClosing(); // Further attempts would fail for ever.
    synchronized (this) {
      dialling = false;
      lastFailure = why;
      waiters.stream().filter(waiter -> noMore || !waiter.patient).forEach(impatient::add);
      impatient.forEach(waiters::remove);
      if (!noMore && (!closing || calls > 0)) {
        pause = clock.timer(backoff.next(), this::resume);
      }
    }
    Log.debug(() -> "Connecting to " + url.authority() + " for gRPC failed: " + why);
    impatient.forEach(waiter -> waiter.promise.fail(Failures.unavailable(why)));
  }

  private void resume() {
    boolean dials;
    synchronized (this) {
      pause = null;
      dials = tryToDial();
    }
    if (dials) {
      dial();
    }
  }

  /** Why there is no connection; empty if no attempt has failed since there was one. */
  synchronized String problem() {
    return pause == null && !dialling || lastFailure == null
        ? ""
        : "not connected: " + Failures.text(lastFailure);
  }

  /* ------ The connection ------ */

  @Override
  public void idle(ClientConnection ended) {}

  @Override
  public void changed(ClientConnection changed) {
    if (changed.isLeaving()) {
      gone(changed);
    }
  }

  @Override
  public synchronized void gone(ClientConnection gone) {
    if (connection == gone) {
      connection = null;
    }
  }

  @Override
  public synchronized KeepAlive keepAlive() {
    return settings
        .keepAlive()
        .map(
            asked ->
                new KeepAlive(
                    Saturating.times(asked.time(), 1 << doublings),
                    asked.timeout(),
                    asked.withoutCalls()))
        .orElse(KeepAlive.NEVER);
  }

  @Override
  public void told(ErrorCode code, String text) {
    if (code != ErrorCode.ENHANCE_YOUR_CALM || !text.equals(PingStrikes.TEXT)) {
      return;
    }
    Log.warning(url.authority() + " finds pings too frequent; they become half as frequent");
    synchronized (this) {
      doublings = Math.min(doublings + 1, 16);
    }
  }

  /* ------ The end ------ */

  void close() {
    boolean last;
    synchronized (this) {
      last = !closing && calls == 0;
      closing = true;
    }
    if (last) {
      end();
    }
  }

  private void end() {
    ClientConnection open;
    synchronized (this) {
      open = connection;
      connection = null;
      if (pause != null) {
        pause.cancel();
      }
    }
    if (open != null) {
      open.disconnect();
    }
    closed.set(null);
  }

  Future<Void> closed() {
    return closed.future();
  }

  @Override
  public String toString() {
    return url.scheme() + "://" + url.authority();
  }
}

package io.libprocess.http.client;

import io.libprocess.future.Failure;
import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.http.ClientSettings;
import io.libprocess.http.Url;
import io.libprocess.http.http2.Http2Counts;
import io.libprocess.internal.MemoryBudget;
import io.libprocess.net.Address;
import io.libprocess.net.NetworkAddress;
import io.libprocess.net.Tls;
import io.libprocess.net.Transport;
import io.libprocess.net.UnixAddress;
import io.libprocess.net.tls.ProtocolPreference;
import io.libprocess.time.Clock;
import io.libprocess.time.Timer;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/** Connects to the server of a URL: finds its addresses, and tries them. */
public final class Dialer {

  private static final String HTTPS = "https";
  private static final String HTTP_2 = "h2";
  private static final String HTTP_1 = "http/1.1";
  private static final long SHORTEST_PAUSE = 50;
  private static final long LONGEST_PAUSE = 200;

  /** How long to wait for an address before the next one is tried as well. */
  private static final Duration PATIENCE = Duration.ofMillis(250);

  /** The default TLS settings, which trust the JDK's certificates; loaded on first use. */
  private static final class DefaultTls {
    static final Tls INSTANCE = Tls.builder().build();
  }

  private final Transport transport;
  private final Clock clock;
  private final ClientSettings settings;
  private final Http2Counts counts;

  /**
   * Makes a dialer.
   *
   * @param transport looks up names and makes the connections
   * @param counts counts what happens on connections of HTTP/2
   */
  public Dialer(Transport transport, Clock clock, ClientSettings settings, Http2Counts counts) {
    this.transport = transport;
    this.clock = clock;
    this.settings = settings;
    this.counts = counts;
  }

  /** A dialer with other settings, whose connections count with those of this one. */
  public Dialer with(ClientSettings others) {
    return new Dialer(transport, clock, others, counts);
  }

  /** The counts of all connections of HTTP/2. */
  public Http2Counts counts() {
    return counts;
  }

  /** Runs an action after a pause of 50 to 200 ms, which differs between the calls. */
  void pause(Runnable action) {
    long spread = Math.floorMod(clock.nanoTime() / 1000, LONGEST_PAUSE - SHORTEST_PAUSE);
    clock.timer(Duration.ofMillis(SHORTEST_PAUSE + spread), action);
  }

  /** Whether a server may be asked to speak HTTP/2: known without asking, or by TLS. */
  ClientSettings.Http2 http2(Url url) {
    boolean tls = url.scheme().equals(HTTPS);
    return switch (settings.http2()) {
      case OFF -> ClientSettings.Http2.OFF;
      case ALPN -> tls ? ClientSettings.Http2.ALPN : ClientSettings.Http2.OFF;
      case PRIOR_KNOWLEDGE ->
          tls ? ClientSettings.Http2.ALPN : ClientSettings.Http2.PRIOR_KNOWLEDGE;
    };
  }

  /** The clock's elapsed time in milliseconds. */
  long now() {
    return clock.nanoTime() / 1_000_000;
  }

  /** The budget on which memory held for connections draws. */
  MemoryBudget memory() {
    return MemoryBudget.of(transport);
  }

  /** Whether connections of a scheme can be made. */
  static boolean supports(String scheme) {
    return scheme.equals("http") || scheme.equals(HTTPS) || scheme.equals("http+unix");
  }

  /** Connects; a discard request gives up the attempt. */
  public Future<ClientConnection> dial(Url url, ClientConnection.Owner owner) {
    return dial(url, owner, false);
  }

  /**
   * Connects; a discard request gives up the attempt.
   *
   * @param http1 whether the connection must speak HTTP/1.1
   */
  Future<ClientConnection> dial(Url url, ClientConnection.Owner owner, boolean http1) {
    if (!supports(url.scheme())) {
      return Future.failed("Unsupported URL scheme: '" + url.scheme() + "'");
    }
    Attempt attempt = new Attempt(url, owner, http1);
    try {
      attempt.start();
    } catch (Throwable thrown) {
      attempt.promise.fail(thrown); // For instance for an illegal address.
    }
    return attempt.promise.future();
  }

  /**
   * Tries the addresses of one URL. Each is tried when the one before has failed, or has not
   * connected within {@link #PATIENCE}; the first connection wins, and the other attempts are given
   * up (RFC 8305). The methods may be called by any thread.
   */
  private final class Attempt {

    private final Url url;
    private final ClientConnection.Owner owner;
    private final boolean http1;
    private final Promise<ClientConnection> promise = new Promise<>();
    private Timer limit;

    // Guarded by the monitor of this.
    private final Set<Future<?>> connecting = new LinkedHashSet<>();
    private List<NetworkAddress> addresses = List.of();
    private int next; // The first one that has not been tried.
    private Timer impatience; // Null if no other address is left.
    private boolean over;

    Attempt(Url url, ClientConnection.Owner owner, boolean http1) {
      this.url = url;
      this.owner = owner;
      this.http1 = http1;
    }

    void start() {
      promise.future().onDiscard(promise::discard);
      limit = clock.timer(settings.connectTime(), this::timeOut);
      promise.future().onAny(done -> end());
      if (url.isUnix()) {
        tryAll(List.of(new UnixAddress(url.host())));
      } else if (isLiteral(url.host())) {
        tryAll(List.of(new Address(Address.parseIp(url.host()), url.port())));
      } else {
        resolve();
      }
    }

    private static boolean isLiteral(String host) {
      return host.indexOf(':') >= 0 || host.matches("\\d{1,3}(\\.\\d{1,3}){3}");
    }

    private void resolve() {
      Future<List<InetAddress>> lookUp = transport.resolve(url.host());
      promise.future().onDiscard(lookUp::discard);
      lookUp.onAny(this::resolved);
    }

    private void resolved(Future<List<InetAddress>> found) {
      try {
        tryAll(found.get().stream().map(this::withPort).toList());
      } catch (Throwable thrown) {
        promise.fail(found.isFailed() ? whyUnknown(found.failure()) : thrown);
      }
    }

    private NetworkAddress withPort(InetAddress ip) {
      return new Address(ip, url.port());
    }

    private Throwable whyUnknown(Throwable failure) {
      return failure instanceof UnknownHostException
          ? new Failure("Unknown host '" + url.host() + "'", failure)
          : failure;
    }

    private void tryAll(List<NetworkAddress> found) {
      synchronized (this) {
        addresses = found;
      }
      tryNext();
    }

    private void tryNext() {
      NetworkAddress address;
      synchronized (this) {
        if (over || next == addresses.size()) {
          return;
        }
        address = addresses.get(next++);
        stopWaiting();
        if (next < addresses.size()) {
          impatience = clock.timer(PATIENCE, this::tryNext);
        }
      }
      Connect connect = new Connect(this);
      Future<Transport.Channel> channel;
      try {
        channel = open(address, connect);
      } catch (Throwable thrown) {
        channel = Future.failed(thrown);
      }
      boolean late;
      synchronized (this) {
        connecting.add(channel);
        late = over;
      }
      channel.onAny(done -> tried(done, connect));
      if (late) {
        channel.discard();
      }
    }

    private void stopWaiting() {
      if (impatience != null) {
        impatience.cancel();
        impatience = null;
      }
    }

    private Future<Transport.Channel> open(NetworkAddress address, Connect connect) {
      if (!url.scheme().equals(HTTPS)) {
        return transport.connect(address, connect);
      }
      Tls tls = settings.tls().orElseGet(() -> DefaultTls.INSTANCE);
      return isLiteral(url.host())
          ? tls.connect(transport, address, connect)
          : tls.connect(transport, address, url.host(), connect);
    }

    private void tried(Future<Transport.Channel> channel, Connect connect) {
      if (channel.isReady()) {
        if (!promise.setUnlessDiscardRequested(connect.made)) {
          promise.discard();
          connect.made.disconnect(); // Another was faster, or nothing waits any more.
        }
        return;
      }
      boolean last;
      synchronized (this) {
        connecting.remove(channel);
        last = connecting.isEmpty() && next == addresses.size();
      }
      if (last) {
        promise.fail(
            channel.isFailed() ? channel.failure() : new Failure("connecting was given up"));
      } else {
        tryNext();
      }
    }

    /** Ends the other attempts once the promise is completed. */
    private void end() {
      List<Future<?>> others;
      synchronized (this) {
        over = true;
        others = List.copyOf(connecting);
        stopWaiting();
      }
      limit.cancel();
      others.forEach(Future::discard);
    }

    private void timeOut() {
      promise.fail(
          new TimeoutException("No connection to " + url.host() + " in " + settings.connectTime()));
    }
  }

  /** Makes the connection to one address. */
  private final class Connect
      implements Function<Transport.Channel, Transport.Handler>, ProtocolPreference {

    private final Attempt attempt;
    private volatile ClientConnection made;

    Connect(Attempt attempt) {
      this.attempt = attempt;
    }

    @Override
    public List<String> protocols() {
      if (settings.http2() == ClientSettings.Http2.OFF) {
        return List.of();
      }
      return attempt.http1 ? List.of(HTTP_1) : List.of(HTTP_2, HTTP_1);
    }

    @Override
    public Transport.Handler apply(Transport.Channel channel) {
      if (speaksHttp2(channel)) {
        Http2ClientConnection connection =
            new Http2ClientConnection(
                channel, attempt.url.authority(), settings.limits(), clock, attempt.owner, counts);
        made = connection;
        connection.ask(); // The preface is sent at once.
        return connection;
      }
      Http1ClientConnection connection =
          new Http1ClientConnection(
              channel, attempt.url.authority(), settings.limits(), clock, attempt.owner);
      made = connection;
      return connection;
    }

    private boolean speaksHttp2(Transport.Channel channel) {
      if (attempt.http1) {
        return false;
      }
      return channel.tls().isPresent()
          ? channel.tls().get().applicationProtocol().filter(HTTP_2::equals).isPresent()
          : http2(attempt.url) == ClientSettings.Http2.PRIOR_KNOWLEDGE;
    }
  }
}

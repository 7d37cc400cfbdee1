package io.libprocess.http.client;

import io.libprocess.future.Failure;
import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.http.ClientSettings;
import io.libprocess.http.Url;
import io.libprocess.net.Address;
import io.libprocess.net.NetworkAddress;
import io.libprocess.net.Tls;
import io.libprocess.net.Transport;
import io.libprocess.net.UnixAddress;
import io.libprocess.time.Clock;
import io.libprocess.time.Timer;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;

/** Connects to the server of a URL: finds its addresses, and tries one after the other. */
public final class Dialer {

  private static final String HTTPS = "https";

  /** Whom the JDK trusts is trusted; loaded when it is needed first. */
  private static final class DefaultTls {
    static final Tls INSTANCE = Tls.builder().build();
  }

  private final Transport transport;
  private final Executor blocking;
  private final Clock clock;
  private final ClientSettings settings;

  public Dialer(Transport transport, Executor blocking, Clock clock, ClientSettings settings) {
    this.transport = transport;
    this.blocking = blocking;
    this.clock = clock;
    this.settings = settings;
  }

  /** Whether connections of that scheme can be made. */
  static boolean supports(String scheme) {
    return scheme.equals("http") || scheme.equals(HTTPS) || scheme.equals("http+unix");
  }

  /** Connects; a discard request gives up. */
  public Future<ClientConnection> dial(Url url, ClientConnection.Owner owner) {
    if (!supports(url.scheme())) {
      return Future.failed("Unsupported URL scheme: '" + url.scheme() + "'");
    }
    Attempt attempt = new Attempt(url, owner);
    attempt.start();
    return attempt.promise.future();
  }

  /** One after another, its methods run in callbacks, each of which is caused by the one before. */
  private final class Attempt {

    private final Url url;
    private final ClientConnection.Owner owner;
    private final Promise<ClientConnection> promise = new Promise<>();
    private volatile Future<?> connecting = Future.done();
    private volatile ClientConnection made;
    private List<NetworkAddress> addresses;
    private int next;
    private Timer timer;

    Attempt(Url url, ClientConnection.Owner owner) {
      this.url = url;
      this.owner = owner;
    }

    void start() {
      promise.future().onDiscard(this::giveUp);
      timer = clock.timer(settings.connectTime(), this::timeOut);
      promise.future().onAny(done -> timer.cancel());
      if (url.isUnix()) {
        addresses = List.of(new UnixAddress(url.host()));
        tryNext(null);
      } else if (isLiteral(url.host())) {
        addresses = List.of(new Address(Address.parseIp(url.host()), url.port()));
        tryNext(null);
      } else {
        resolve();
      }
    }

    private static boolean isLiteral(String host) {
      return host.indexOf(':') >= 0 || host.matches("\\d{1,3}(\\.\\d{1,3}){3}");
    }

    private void resolve() {
      try {
        blocking.execute(this::lookUp);
      } catch (RejectedExecutionException e) {
        promise.fail(new Failure("the client is closed", e));
      }
    }

    private void lookUp() {
      try {
        List<NetworkAddress> found = new ArrayList<>();
        for (InetAddress ip : InetAddress.getAllByName(url.host())) {
          found.add(new Address(ip, url.port()));
        }
        addresses = found;
        tryNext(null);
      } catch (UnknownHostException e) {
        promise.fail(new Failure("Unknown host '" + url.host() + "'", e));
      }
    }

    private void tryNext(Throwable failure) {
      if (promise.future().hasDiscard()) {
        promise.discard();
      } else if (!promise.future().isPending()) {
        return; // The time is up.
      } else if (next == addresses.size()) {
        promise.fail(failure);
      } else {
        Future<Transport.Channel> channel = open(addresses.get(next++));
        connecting = channel;
        channel.onAny(this::tried);
        if (!promise.future().isPending() || promise.future().hasDiscard()) {
          channel.discard();
        }
      }
    }

    private Future<Transport.Channel> open(NetworkAddress address) {
      if (!url.scheme().equals(HTTPS)) {
        return transport.connect(address, this::connected);
      }
      Tls tls = settings.tls().orElseGet(() -> DefaultTls.INSTANCE);
      return isLiteral(url.host())
          ? tls.connect(transport, address, this::connected)
          : tls.connect(transport, address, url.host(), this::connected);
    }

    private Transport.Handler connected(Transport.Channel channel) {
      made = new ClientConnection(channel, url.authority(), settings.limits(), clock, owner);
      return made;
    }

    private void tried(Future<Transport.Channel> channel) {
      if (channel.isReady()) {
        if (!promise.setUnlessDiscardRequested(made)) {
          promise.discard();
          made.disconnect();
        }
      } else {
        tryNext(channel.isFailed() ? channel.failure() : new Failure("connecting was given up"));
      }
    }

    private void giveUp() {
      connecting.discard();
      promise.discard();
    }

    private void timeOut() {
      promise.fail(
          new TimeoutException("No connection to " + url.host() + " in " + settings.connectTime()));
      connecting.discard();
    }
  }
}

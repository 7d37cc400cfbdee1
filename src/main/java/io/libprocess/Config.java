package io.libprocess;

import static java.util.Objects.requireNonNull;

import io.libprocess.config.AsyncThreads;
import io.libprocess.config.Health;
import io.libprocess.config.MessageLimits;
import io.libprocess.config.ObserverAccess;
import io.libprocess.context.Propagation;
import io.libprocess.http.ClientSettings;
import io.libprocess.http.HttpFilter;
import io.libprocess.http.Limits;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.http.security.Authenticator;
import io.libprocess.http.security.Security;
import io.libprocess.http.server.HttpSettings;
import io.libprocess.internal.MemoryBudget;
import io.libprocess.internal.Ordered;
import io.libprocess.net.Address;
import io.libprocess.net.Tls;
import io.libprocess.runtime.DefaultRuntime;
import io.libprocess.service.Filter;
import io.libprocess.settings.Check;
import io.libprocess.settings.Variables;
import io.libprocess.time.Clock;
import java.net.InetAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The settings of a node. Immutable; made by a {@link Builder}. */
public final class Config {

  private final InetAddress ip;
  private final int port;
  private final Optional<InetAddress> advertiseIp;
  private final Optional<Integer> advertisePort;
  private final int workers;
  private final int ioThreads;
  private final AsyncThreads asyncThreads;
  private final Duration stallThreshold;
  private final boolean requirePeerAddressIpMatch;
  private final Optional<String> delegate;
  private final Map<String, Authenticator> authenticators;
  private final Set<String> openRealms;
  private final Optional<HttpFilter> filter;
  private final Limits httpLimits;
  private final ClientSettings httpClient;
  private final Propagation propagation;
  private final Optional<Tls> tls;
  private final Duration snapshotInterval;
  private final boolean memoryProfiling;
  private final boolean causality;
  private final boolean http2;
  private final ObserverAccess observer;
  private final Duration drainDelay;
  private final Duration drainTimeout;
  private final Health health;
  private final long memoryBudget;
  private final MessageLimits messageLimits;
  private final Optional<String> messageSecret;
  private final Clock clock;

  private Config(Builder builder) {
    ip = builder.ip;
    port = builder.port;
    advertiseIp = Optional.ofNullable(builder.advertiseIp);
    advertisePort = Optional.ofNullable(builder.advertisePort);
    workers = builder.workers;
    ioThreads = builder.ioThreads;
    asyncThreads = builder.asyncThreads;
    stallThreshold = builder.stallThreshold;
    requirePeerAddressIpMatch = builder.requirePeerAddressIpMatch;
    memoryProfiling = builder.memoryProfiling;
    causality = builder.causality;
    http2 = builder.http2;
    observer = builder.observer;
    delegate = Optional.ofNullable(builder.delegate);
    authenticators = Ordered.copyOf(builder.authenticators);
    openRealms = Ordered.copyOf(builder.openRealms);
    filter = Optional.ofNullable(builder.filter);
    httpLimits = builder.httpLimits;
    tls = Optional.ofNullable(builder.tls);
    propagation = builder.propagation;
    httpClient = ConfigSettings.client(builder.httpClient, tls, propagation);
    snapshotInterval = builder.snapshotInterval;
    drainDelay = builder.drainDelay;
    drainTimeout = builder.drainTimeout;
    health = builder.health;
    memoryBudget = builder.memoryBudget;
    messageLimits = builder.messageLimits;
    messageSecret = Optional.ofNullable(builder.messageSecret);
    clock = builder.clock == null ? DefaultRuntime.clock() : builder.clock;
  }

  /** Makes a builder that holds the defaults and ignores the environment. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * A builder that holds the defaults, changed by environment variables and, with precedence, by
   * system properties: what {@code LIBPROCESS_IP} is in the environment is {@code -Dlibprocess.ip}
   * as a property. The page {@code settings.html} lists them all.
   *
   * @throws IllegalArgumentException if a value is not valid; its message names the variable, the
   *     value and the rule
   */
  public static Builder fromEnvironment() {
    return ConfigSettings.read(Variables.ofJvm());
  }

  /** The IP to listen on. */
  public InetAddress ip() {
    return ip;
  }

  /** The port to listen on; 0 means any free one. */
  public int port() {
    return port;
  }

  /** The IP that UPIDs carry, if it differs from the one listened on. */
  public Optional<InetAddress> advertiseIp() {
    return advertiseIp;
  }

  /** The port that UPIDs carry, if it differs from the one listened on. */
  public Optional<Integer> advertisePort() {
    return advertisePort;
  }

  /** How many processes run at once. */
  public int workers() {
    return workers;
  }

  /** How many event loops serve the connections. */
  public int ioThreads() {
    return ioThreads;
  }

  /** The kind of threads that blocking calls run on. */
  public AsyncThreads asyncThreads() {
    return asyncThreads;
  }

  /** How long one event may take before it is reported. */
  public Duration stallThreshold() {
    return stallThreshold;
  }

  /** Whether a message's sender must have the IP of the connection it arrives on. */
  public boolean requirePeerAddressIpMatch() {
    return requirePeerAddressIpMatch;
  }

  /** Whether the cause of each dispatch, call and blocking call is recorded. */
  public boolean causality() {
    return causality;
  }

  /** Whether clients may speak HTTP/2. */
  public boolean http2() {
    return http2;
  }

  /** Whether the heap can be profiled at {@code /memory-profiler}. */
  public boolean memoryProfiling() {
    return memoryProfiling;
  }

  /** Which clients may open the observer. */
  public ObserverAccess observer() {
    return observer;
  }

  /** The id of the process that receives requests which name no process. */
  public Optional<String> delegate() {
    return delegate;
  }

  /** The authenticators that are set from the start, by realm. */
  public Map<String, Authenticator> authenticators() {
    return authenticators;
  }

  /** The realms that are open to everybody from the start. */
  public Set<String> openRealms() {
    return openRealms;
  }

  /** The filter before all routes: see {@link Builder#filter}. */
  public Optional<HttpFilter> filter() {
    return filter;
  }

  /** The limits of the HTTP server. */
  public Limits httpLimits() {
    return httpLimits;
  }

  /** The settings of the node's HTTP client. */
  public ClientSettings httpClient() {
    return httpClient;
  }

  /** The TLS settings, if connections use TLS. */
  public Optional<Tls> tls() {
    return tls;
  }

  /** The least time between two answers of {@code /metrics/snapshot}; zero means no limit. */
  public Duration snapshotInterval() {
    return snapshotInterval;
  }

  /** How long {@link Node#close} goes on to serve before it begins. */
  public Duration drainDelay() {
    return drainDelay;
  }

  /** The content of {@code /health}. */
  public Health health() {
    return health;
  }

  /** How long {@link Node#close} waits for requests in progress and for processes. */
  public Duration drainTimeout() {
    return drainTimeout;
  }

  /** The bytes that may be held in memory on behalf of others: see {@link Builder#memoryBudget}. */
  public long memoryBudget() {
    return memoryBudget;
  }

  /** The limits for messages to and from other nodes. */
  public MessageLimits messageLimits() {
    return messageLimits;
  }

  /** The policy for the contexts of requests and messages. */
  public Propagation propagation() {
    return propagation;
  }

  /** The secret of the nodes whose messages are accepted, which is shown to nobody else. */
  Optional<String> messageSecret() {
    return messageSecret;
  }

  /** The node's clock. */
  public Clock clock() {
    return clock;
  }

  /** Collects settings. Setters check their argument and throw {@link IllegalArgumentException}. */
  public static final class Builder {

    static final int MAX_PORT = 65535;
    static final int MAX_THREADS = 1024;

    private InetAddress ip = Address.loopback(0).ip();
    private int port;
    private InetAddress advertiseIp;
    private Integer advertisePort;
    private int workers = Runtime.getRuntime().availableProcessors();
    private int ioThreads = 1;
    private AsyncThreads asyncThreads = AsyncThreads.AUTO;
    private Duration stallThreshold = Duration.ofSeconds(1);
    private boolean requirePeerAddressIpMatch;
    private boolean memoryProfiling;
    private boolean causality;
    private boolean http2 = HttpSettings.HTTP2;
    private ObserverAccess observer = ObserverAccess.LOOPBACK;
    private String delegate;
    private final Map<String, Authenticator> authenticators = new LinkedHashMap<>();
    private final Set<String> openRealms = new LinkedHashSet<>();
    private HttpFilter filter; // Null if there is none.
    private Limits httpLimits = Limits.defaults();
    private ClientSettings httpClient = ClientSettings.defaults();
    private Propagation propagation = Propagation.trusted();
    private Tls tls;
    private Duration snapshotInterval = Duration.ofMillis(500);
    private Duration drainDelay = Duration.ZERO;
    private Health health = new Health();
    private Duration drainTimeout = Duration.ofSeconds(10);
    private long memoryBudget = MemoryBudget.defaultLimit();
    private String messageSecret; // Null if there is none.
    private MessageLimits messageLimits = MessageLimits.defaults();
    private Clock clock; // Null for the default one.

    private Builder() {}

    /** Sets the IP to listen on; the wildcard address means all interfaces. */
    public Builder ip(InetAddress ip) {
      this.ip = requireNonNull(ip, "ip");
      return this;
    }

    /** Sets the IP to listen on, given as a literal; no name is looked up. */
    public Builder ip(String ip) {
      return ip(Address.parseIp(ip));
    }

    /** Sets the port to listen on, 0 to 65535; 0 means any free one. */
    public Builder port(int port) {
      this.port = Check.inRange("port", port, 0, MAX_PORT);
      return this;
    }

    /** Sets the IP that UPIDs carry instead of the bound one. */
    public Builder advertiseIp(InetAddress ip) {
      this.advertiseIp = requireNonNull(ip, "ip");
      return this;
    }

    /** Sets the IP that UPIDs carry instead of the bound one, given as a literal. */
    public Builder advertiseIp(String ip) {
      return advertiseIp(Address.parseIp(ip));
    }

    /** Sets the port that UPIDs carry instead of the bound one, 1 to 65535. */
    public Builder advertisePort(int port) {
      this.advertisePort = Check.inRange("port", port, 1, MAX_PORT);
      return this;
    }

    /** Sets how many processes run at once, 1 to 1024. */
    public Builder workers(int workers) {
      this.workers = Check.inRange("workers", workers, 1, MAX_THREADS);
      return this;
    }

    /** Sets how many event loops serve connections, 1 to 1024. */
    public Builder ioThreads(int ioThreads) {
      this.ioThreads = Check.inRange("ioThreads", ioThreads, 1, MAX_THREADS);
      return this;
    }

    /** Sets the kind of threads that blocking calls run on. */
    public Builder asyncThreads(AsyncThreads asyncThreads) {
      this.asyncThreads = requireNonNull(asyncThreads, "asyncThreads");
      return this;
    }

    /** Sets how long one event may take before it is reported. */
    public Builder stallThreshold(Duration threshold) {
      this.stallThreshold = Check.positive("stallThreshold", threshold);
      return this;
    }

    /** Sets whether messages are refused whose sender's IP differs from their connection's. */
    public Builder requirePeerAddressIpMatch(boolean required) {
      this.requirePeerAddressIpMatch = required;
      return this;
    }

    /** Sets whether this JVM records who makes calls, for failures and {@code /debug/calls}. */
    public Builder causality(boolean kept) {
      this.causality = kept;
      return this;
    }

    /** Sets whether clients may speak HTTP/2, on the same port; by default they may. */
    public Builder http2(boolean enabled) {
      this.http2 = enabled;
      return this;
    }

    /** Sets whether the heap can be profiled at {@code /memory-profiler}. */
    public Builder memoryProfiling(boolean enabled) {
      this.memoryProfiling = enabled;
      return this;
    }

    /** Sets which clients may open {@code /observer}; by default those on the node's own host. */
    public Builder observer(ObserverAccess access) {
      this.observer = requireNonNull(access, "access");
      return this;
    }

    /** Sets the id of the process that receives requests which name no process. */
    public Builder delegate(String id) {
      this.delegate = requireNonNull(id, "id");
      return this;
    }

    /** Sets the authenticator of a realm; {@link Security} can change that later. */
    public Builder authenticator(String realm, Authenticator authenticator) {
      authenticators.put(
          requireNonNull(realm, "realm"), requireNonNull(authenticator, "authenticator"));
      return this;
    }

    /** Opens the routes of a realm to everybody: see {@link Security#openRealm}. */
    public Builder openRealm(String realm) {
      openRealms.add(requireNonNull(realm, "realm"));
      return this;
    }

    /** Puts a filter before all routes and answers of the library, behind those added before. */
    public Builder filter(Filter<Request, Response, Request, Response> filter) {
      this.filter = this.filter == null ? HttpFilter.of(filter) : this.filter.before(filter);
      return this;
    }

    /** Sets the limits of the HTTP server. */
    public Builder httpLimits(Limits limits) {
      this.httpLimits = requireNonNull(limits, "limits");
      return this;
    }

    /** Sets up the client that {@link Node#http} returns. */
    public Builder httpClient(ClientSettings settings) {
      this.httpClient = requireNonNull(settings, "settings");
      return this;
    }

    /** Speaks TLS, also with other nodes; needs an {@linkplain Tls.Builder#identity identity}. */
    public Builder tls(Tls tls) {
      this.tls = requireNonNull(tls, "tls");
      return this;
    }

    /** Sets the least time between two answers of {@code /metrics/snapshot}; zero: no limit. */
    public Builder snapshotInterval(Duration interval) {
      this.snapshotInterval = Check.notNegative("snapshotInterval", interval);
      return this;
    }

    /**
     * Sets how many bytes of bodies and answers may be held in memory; what exceeds that is refused
     * with 503, or waits. The default is half of the largest heap.
     */
    public Builder memoryBudget(long bytes) {
      this.memoryBudget = Check.atLeast("memoryBudget", bytes, 1);
      return this;
    }

    /** Sets how long {@link Node#close} serves on while {@code /health} sends others away. */
    public Builder drainDelay(Duration delay) {
      this.drainDelay = Check.notNegative("drainDelay", delay);
      return this;
    }

    /** Sets what {@code /health} says; checks may be added to it at any time. */
    public Builder health(Health health) {
      this.health = requireNonNull(health, "health");
      return this;
    }

    /** Sets how long {@link Node#close} waits for requests in progress and for processes. */
    public Builder drainTimeout(Duration timeout) {
      this.drainTimeout = Check.positive("drainTimeout", timeout);
      return this;
    }

    /** Sets the limits for messages to and from other nodes. */
    public Builder messageLimits(MessageLimits limits) {
      this.messageLimits = requireNonNull(limits, "limits");
      return this;
    }

    /** Sets what is done with the contexts of requests and messages; they are trusted. */
    public Builder propagation(Propagation propagation) {
      this.propagation = requireNonNull(propagation, "propagation");
      return this;
    }

    /** Accepts messages of nodes with the same secret only, and shows it in those it sends. */
    public Builder messageSecret(String secret) {
      if (secret.isEmpty()) {
        throw new IllegalArgumentException("messageSecret is empty");
      }
      this.messageSecret = secret;
      return this;
    }

    /** Takes the time from a clock. */
    public Builder clock(Clock clock) {
      this.clock = requireNonNull(clock, "clock");
      return this;
    }

    /** Builds the configuration. */
    public Config build() {
      return new Config(this);
    }
  }
}

package io.libprocess;

import static java.util.Objects.requireNonNull;

import io.libprocess.actor.Exits;
import io.libprocess.actor.LocalMessages;
import io.libprocess.actor.Messages;
import io.libprocess.actor.ProcessCell;
import io.libprocess.actor.Processes;
import io.libprocess.config.MessageLimits;
import io.libprocess.endpoints.Help;
import io.libprocess.future.CheckedSupplier;
import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.http.ClientSettings;
import io.libprocess.http.HttpClient;
import io.libprocess.http.access.Access;
import io.libprocess.http.access.ClientAccess;
import io.libprocess.http.client.Dialer;
import io.libprocess.http.context.ContextWire;
import io.libprocess.http.exchange.FailureAnswers;
import io.libprocess.http.security.Security;
import io.libprocess.http.server.HttpServer;
import io.libprocess.internal.Log;
import io.libprocess.internal.MemoryBudget;
import io.libprocess.internal.StackReserve;
import io.libprocess.internal.scheduler.Activity;
import io.libprocess.internal.scheduler.RunLoop;
import io.libprocess.internal.scheduler.Scheduler;
import io.libprocess.metrics.Metrics;
import io.libprocess.net.Address;
import io.libprocess.net.ServerSocket;
import io.libprocess.net.Socket;
import io.libprocess.net.Transport;
import io.libprocess.node.BuiltInEndpoints;
import io.libprocess.node.Children;
import io.libprocess.node.ClosingWaits;
import io.libprocess.node.NodeActivity;
import io.libprocess.node.NodeMetrics;
import io.libprocess.node.NodeWatch;
import io.libprocess.node.Router;
import io.libprocess.remote.Remote;
import io.libprocess.runtime.Runtime;
import io.libprocess.subprocess.Command;
import io.libprocess.subprocess.Subprocess;
import io.libprocess.time.Clock;
import io.libprocess.web.AccessControl;
import io.libprocess.web.RequestRouter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;

/**
 * The runtime of processes: it runs them, gives them an address, and brings them messages and HTTP
 * requests. Several nodes may live in one JVM. (libprocess: {@code process::initialize} and {@code
 * finalize}, for the single runtime of a program.)
 *
 * <p>All threads of a node are daemons: a program ends with its {@code main} method unless that
 * waits for something, such as {@code node.await(pid)}.
 *
 * <p>All methods may be called from any thread.
 */
public final class Node extends NodeMessages implements AutoCloseable {

  private static final ClientAccess<HttpClient, ClientSettings, Dialer> CLIENTS =
      Access.to(HttpClient.class);

  private final Config config;
  private final NodeMetrics nodeMetrics;
  private final Runtime runtime;
  private final Children children;
  private final Transport secured; // Speaks TLS if the node does.
  private final Transport.Listener listener;
  private final Router router;
  private final HttpServer http;
  private final HttpClient client;
  private final Address address;
  private final Help help;
  private final AccessControl access;
  private final Processes processes;
  private final Activity activity;
  private final AtomicBoolean closing = new AtomicBoolean();
  private final Promise<Void> closed = new Promise<>();
  private final Messages messages;

  /**
   * Makes a node that runs nothing yet; {@link NodeStart} makes it.
   *
   * @param secured the runtime's transport, which speaks TLS if the node does
   * @param listener the listener, whose connections wait until this node is complete
   * @param address the advertised address
   */
  Node(
      Config config,
      NodeMetrics nodeMetrics,
      Runtime runtime,
      Transport secured,
      Transport.Listener listener,
      Address address) {
    this.config = config;
    this.nodeMetrics = nodeMetrics;
    this.runtime = runtime;
    this.secured = secured;
    this.listener = listener;
    this.address = address;
    help = new Help(config.delegate());
    processes =
        new Processes(address, runtime.scheduler(), runtime.clock(), nodeMetrics.processes());
    activity = new NodeActivity(processes, runtime.scheduler());
    children = new Children(runtime.scheduler().programs());
    FailureAnswers failures = new FailureAnswers(runtime.clock());
    access =
        new AccessControl(
            config.authenticators(), config.openRealms(), config.delegate(), failures);
    MessageLimits limits = config.messageLimits();
    LocalMessages local =
        new LocalMessages(
            processes,
            address,
            runtime.clock(),
            secured,
            limits.mailboxBytes(),
            config.messageSecret());
    Remote remote =
        new Remote(
            local,
            NodeStart.remoteLimits(limits),
            nodeMetrics.metrics(),
            runtime.secrets(),
            config.requirePeerAddressIpMatch(),
            access.messageFirewall());
    ContextWire contexts = ContextWire.of(config.propagation(), runtime);
    messages = new Messages(local, remote, limits.size(), contexts, runtime.secrets());
    router =
        new Router(
            remote.receiver(),
            new RequestRouter(
                processes::findById, access, config.delegate(), nodeMetrics.routes()));
    http = server(remote, contexts, failures);
    client = CLIENTS.client(runtime, config.httpClient());
  }

  /** Makes the server, and puts the filter before the router. */
  private HttpServer server(Remote remote, ContextWire contexts, FailureAnswers failures) {
    HttpServer server =
        new HttpServer(
            router,
            config.httpLimits(),
            runtime.clock(),
            runtime.internalBlocking(),
            nodeMetrics.watch(MemoryBudget.of(runtime.transport())),
            remote.receiver(),
            contexts,
            failures,
            config.http2());
    config
        .filter()
        .ifPresent(
            filter -> {
              router.filter(filter, failures);
              server.tellRefusals(filter::refused);
            });
    return server;
  }

  /** Registers the node with its clock, and spawns the processes that every node has. */
  void begin(NodeWatch watch) {
    processes.begin(this, messages);
    Activity.Registry.register(clock(), activity);
    nodeMetrics.watch(runtime.scheduler(), processes).watch(secured).watch(http, children);
    nodeMetrics.watch(CLIENTS.dialer(client).counts());
    BuiltInEndpoints.Options options = ConfigSettings.endpoints(config, closing::get);
    BuiltInEndpoints.of(runtime, help, nodeMetrics, options, watch.begin(processes), http)
        .forEach(endpoint -> spawn(new NodeStart.EndpointProcess(endpoint)));
  }

  /** Accepts a connection, and returns the handler of its events. */
  Transport.Handler accept(Transport.Channel channel) {
    messages.remote().receiver().connected();
    return http.accept(channel);
  }

  /** Ends a node that failed to start and that no user has seen. */
  void abort() {
    processes.beginClosing();
    try {
      client.close();
    } finally {
      end();
    }
  }

  /**
   * Starts a node with the settings of the environment: see {@link Config#fromEnvironment}.
   *
   * @throws IllegalArgumentException if a variable's value is not valid
   * @throws UncheckedIOException if the address cannot be listened on
   */
  public static Node start() {
    return start(Config.fromEnvironment().build());
  }

  /**
   * Starts a node.
   *
   * @throws UncheckedIOException if the address cannot be listened on
   */
  public static Node start(Config config) {
    try {
      return NodeStart.start(requireNonNull(config, "config"));
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  /** The address in the UPIDs of this node's processes. */
  public Address address() {
    return address;
  }

  /** The configuration this node was started with. */
  public Config config() {
    return config;
  }

  /** The clock of this node and its processes. */
  public Clock clock() {
    return runtime.clock();
  }

  /** Random numbers for any thread, not for secrets; in a simulation the seed decides them. */
  public RandomGenerator random() {
    return runtime.random();
  }

  /** The rules that decide which HTTP requests reach the processes. */
  public Security security() {
    return access;
  }

  /** The node's own metrics and those that its processes add. */
  public Metrics metrics() {
    return nodeMetrics.metrics();
  }

  /** Whether {@link #close} has been called. */
  public boolean isClosing() {
    return closing.get();
  }

  Address listeningAddress() { // Whatever address is advertised.
    return listener.address().inet().orElseThrow();
  }

  Scheduler scheduler() {
    return runtime.scheduler();
  }

  Router router() {
    return router;
  }

  @Override
  Messages messages() {
    return messages;
  }

  Processes processes() {
    return processes;
  }

  Help help() {
    return help;
  }

  AccessControl access() {
    return access;
  }

  /* ---------------- Processes ---------------- */

  /** Returns the PID that a process has, or will have when it is spawned on this node. */
  @SuppressWarnings("unchecked") // The cell's PID is that of the process.
  public <P extends Process<? super P>> PID<P> pid(P process) {
    ProcessCell cell = process.cellOn(processes);
    if (cell.isNew()) {
      processes.await(cell);
    }
    return (PID<P>) cell.pid();
  }

  /**
   * Starts a process: {@link Process#initialize} runs in it soon, and then the events sent to it.
   *
   * @throws IllegalStateException if a process with its id lives on this node, if it has been
   *     spawned before, or if the node is closed
   */
  @SuppressWarnings("unchecked") // The cell's PID is that of the process.
  public <P extends Process<? super P>> PID<P> spawn(P process) {
    StackReserve.check(); // A spawn that stops halfway would keep the id for ever.
    ProcessCell cell = process.cellOn(processes);
    processes.spawn(cell);
    return (PID<P>) cell.pid();
  }

  /** Ends a process at once: what is queued behind the event being served is dropped. */
  public void terminate(UPID pid) {
    terminate(pid, true);
  }

  /**
   * Ends a process, at once, or if it is not to {@code inject} that, behind what was sent before.
   */
  public void terminate(UPID pid, boolean inject) {
    ProcessCell cell = processes.find(pid);
    if (cell != null) {
      cell.terminate(inject);
    }
  }

  /**
   * Tells how a process ends; if there is no such process now, the future says so at once. Each
   * call makes a new future; discarding one has no effect on the others.
   */
  public Future<Exit> exit(UPID pid) {
    ProcessCell cell = processes.findUnended(pid);
    return cell == null ? Future.of(Exits.NO_PROCESS) : cell.ended();
  }

  /**
   * Waits until a process has ended. (libprocess: {@code wait}.) If it is ready to run and waits
   * for the calling thread, it runs inside this call.
   *
   * @return whether there was such a process
   * @throws IllegalStateException if called in that process, which could then never end
   */
  public boolean await(UPID pid) {
    ProcessCell cell = processes.findUnended(pid);
    if (cell == null) {
      return false;
    }
    cell.checkIsNotCurrent();
    RunLoop loop = RunLoop.current();
    if (loop != null) {
      StackReserve.check();
      loop.donate(cell);
    }
    cell.ended().await();
    return true;
  }

  /**
   * Waits until a process has ended; returns at once if there is no such process.
   *
   * @param limit the longest time to wait, by the clock of the calling thread
   * @return whether it is gone
   */
  public boolean await(UPID pid, Duration limit) {
    ProcessCell cell = processes.findUnended(pid);
    if (cell == null) {
      return true;
    }
    cell.checkIsNotCurrent();
    Future<Exit> ended = cell.ended();
    boolean inTime = ended.await(limit);
    ended.discard(); // Nothing waits any more.
    return inTime;
  }

  /* ---------------- For tests ---------------- */

  /**
   * Adds a filter that is asked, before those added earlier, about every event that a process of
   * this node is about to serve from now on. (libprocess: {@code process::filter}, for one.)
   */
  public void addFilter(EventFilter filter) {
    processes.filters().add(new EventViews.Filter(requireNonNull(filter, "filter")));
  }

  /**
   * Removes a filter. Threads that are about to serve an event at this moment may still call it.
   *
   * @return whether it was there
   */
  public boolean removeFilter(EventFilter filter) {
    return processes.filters().remove(new EventViews.Filter(requireNonNull(filter, "filter")));
  }

  /**
   * Tells a process that another one, {@code from}, is gone, as if it had linked to that: see
   * {@link Process#exited}.
   *
   * @return whether there is such a process to be told
   */
  public boolean injectExited(UPID from, UPID to, Exit exit) {
    requireNonNull(from, "from");
    requireNonNull(exit, "exit");
    ProcessCell cell = processes.find(to);
    if (cell != null) {
      cell.exited(from, exit);
    }
    return cell != null;
  }

  /* ---------------- Blocking calls, children, requests ---------------- */

  /** Like {@link Async#async}, but always on this node's threads. */
  public <T> Future<T> async(CheckedSupplier<? extends T> call) {
    return Async.run(runtime.scheduler().blocking(), call, call);
  }

  /**
   * Starts a child process of the operating system, like {@link Command#start}, but on this node's
   * threads. It does not outlive the node: {@link #close} kills it and its descendants.
   */
  public Future<Subprocess> run(Command command) {
    return children.start(command);
  }

  /**
   * The transport that makes this node's connections, for use by an application's own {@link
   * Socket} or {@link ServerSocket}. It does not add TLS to those; they are closed with the node.
   */
  public Transport transport() {
    return runtime.transport();
  }

  /** The HTTP client on this node's threads and clock. It is closed with the node. */
  public HttpClient http() {
    return client;
  }

  /* ---------------- The end ---------------- */

  /**
   * Serves on for the {@link Config#drainDelay}, while {@code /health} answers 503. Then stops
   * accepting connections, answers the requests in progress, lets every process serve the events
   * sent to it and end, and then kills child processes, closes all connections and ends all
   * threads. Requests are cut off when {@link Config#drainTimeout} of real time has passed, and
   * processes after the same time again; a thread that does not return even if it is interrupted is
   * left alone. Events that wait for such a process are abandoned or refused, and {@link #exit}
   * says that it failed: when this returns, every future that a process had to complete is decided,
   * except for those of handlers that still run. An interrupt shortens nothing and is kept. A
   * second call waits for the first.
   *
   * @throws IllegalStateException if called on one of the node's own threads
   */
  @Override
  public void close() {
    if (runtime.scheduler().current() != null) {
      throw new IllegalStateException("a node cannot be closed on one of its own threads");
    }
    if (!closing.getAndSet(true)) {
      ClosingWaits.delay(runtime.scheduler(), config.drainDelay());
    }
    if (!processes.beginClosing()) {
      closed.future().await();
      return;
    }
    try (ClosingWaits waits = new ClosingWaits(runtime.scheduler(), config.drainTimeout())) {
      close(waits);
    }
  }

  private void close(ClosingWaits waits) {
    String late = null;
    try {
      listener.close();
      waits.finishes(http.drain().toCompletableFuture());
      processes.giveUpAwaited();
      late = processes.end(waits::finishes) ? null : processes.toString();
      waits.finishes(children.close().toCompletableFuture());
      messages.close();
      client.close();
    } finally {
      end();
    }
    if (late != null) { // Last, because a log may block.
      Log.warning(this + " is closed, but these processes did not end in time: " + late);
    }
  }

  private void end() {
    try {
      runtime.close();
    } finally {
      processes.sampler().close();
      processes.giveUp();
      Activity.Registry.unregister(clock(), activity);
      closed.set(null);
    }
  }

  @Override
  public String toString() {
    return "Node " + address;
  }
}

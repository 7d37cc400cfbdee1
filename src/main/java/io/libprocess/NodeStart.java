package io.libprocess;

import io.libprocess.config.MessageLimits;
import io.libprocess.endpoints.Endpoint;
import io.libprocess.http.server.HttpServer;
import io.libprocess.internal.EarlyInitialization;
import io.libprocess.internal.MemoryBudget;
import io.libprocess.internal.flight.Flight;
import io.libprocess.net.Address;
import io.libprocess.net.Transport;
import io.libprocess.node.AdvertisedAddress;
import io.libprocess.node.Causality;
import io.libprocess.node.NodeMetrics;
import io.libprocess.node.NodeWatch;
import io.libprocess.remote.RemoteLimits;
import io.libprocess.runtime.DefaultRuntime;
import io.libprocess.runtime.HeldConnections;
import io.libprocess.runtime.Runtime;
import io.libprocess.settings.ThreadKind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Starts nodes. The port is bound first, because the node's parts need the address; connections
 * that arrive before the node is complete wait. A start that fails leaves nothing behind.
 */
final class NodeStart {

  private static final int BACKLOG = 4096;

  /**
   * The packages that end processes and keep links; they have to work when memory has run out, so
   * their classes are loaded early.
   */
  private static final List<String> NEEDED_ROOMS =
      List.of("actor", "ask", "node", "remote", "remote.links", "remote.wire", "web");

  private NodeStart() {}

  /** Starts a node with its own threads and connections. */
  static Node start(Config config) throws IOException {
    NodeMetrics metrics = NodeMetrics.of(config.clock());
    Flight.prepare();
    if (config.causality()) {
      Causality.switchOn();
    }
    NodeWatch watch = metrics.watch(config.stallThreshold());
    DefaultRuntime.Threads threads =
        new DefaultRuntime.Threads(
            "libprocess",
            config.workers(),
            ThreadKind.valueOf(config.asyncThreads().name()).areVirtual(),
            config.ioThreads(),
            config.stallThreshold(),
            watch);
    MemoryBudget memory = new MemoryBudget(config.memoryBudget());
    return start(config, metrics, watch, DefaultRuntime.start(threads, config.clock(), memory));
  }

  /**
   * Starts a node on a runtime. The runtime ends with the node; its clock is the node's clock, and
   * its transport determines the memory budget.
   */
  static Node start(Config config, Runtime runtime) throws IOException {
    NodeMetrics metrics = NodeMetrics.of(runtime.clock());
    return start(config, metrics, metrics.watch(config.stallThreshold()), runtime);
  }

  private static Node start(Config config, NodeMetrics metrics, NodeWatch watch, Runtime runtime)
      throws IOException {
    Node node = null;
    try {
      ProcessDoor.open(); // Otherwise a class of the actor core could not be initialized.
      EarlyInitialization.of(neededRooms());
      HeldConnections connections = new HeldConnections(HttpServer.protocols(config.http2()));
      Transport secured =
          config.tls().map(tls -> tls.over(runtime.transport())).orElse(runtime.transport());
      Transport.Listener listener =
          secured.listen(new Address(config.ip(), config.port()), BACKLOG, connections);
      Address address =
          AdvertisedAddress.of(
              config.advertiseIp(),
              config.advertisePort(),
              listener.address().inet().orElseThrow());
      node = new Node(config, metrics, runtime, secured, listener, address);
      node.begin(watch);
      connections.release(node::accept);
      return node;
    } catch (Throwable thrown) {
      if (node == null) {
        runtime.close();
      } else {
        node.abort();
      }
      throw thrown;
    }
  }

  /** The limits of messages as the package {@code remote} uses them. */
  static RemoteLimits remoteLimits(MessageLimits limits) {
    return new RemoteLimits(
        limits.size(),
        limits.queuedBytes(),
        limits.queuedMessages(),
        limits.totalQueuedBytes(),
        limits.connections(),
        limits.answerTime(),
        limits.heartbeat());
  }

  /**
   * The server's needed packages are included: it would look for them later, and so the library is
   * read only once.
   */
  private static List<String> neededRooms() {
    List<String> rooms = new ArrayList<>(NEEDED_ROOMS);
    rooms.addAll(HttpServer.NEEDED_ROOMS);
    return rooms;
  }

  /** The process that serves a built-in endpoint. */
  static final class EndpointProcess extends Process<EndpointProcess> {

    private final Endpoint endpoint;

    EndpointProcess(Endpoint endpoint) {
      super(endpoint.id());
      this.endpoint = endpoint;
    }

    @Override
    protected void initialize() {
      endpoint.routes().forEach(bound -> addRoute(bound, endpoint.isListed()));
    }

    @Override
    protected void finish() {
      endpoint.whenEnded().run();
    }
  }
}

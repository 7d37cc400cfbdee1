package io.libprocess;

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
import io.libprocess.runtime.DefaultRuntime;
import io.libprocess.runtime.HeldConnections;
import io.libprocess.runtime.Runtime;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Starts nodes. The port is bound first, because the address is part of what is made then; but the
 * connections that come before the node is complete wait. A start that fails leaves nothing behind.
 */
final class NodeStart {

  private static final int BACKLOG = 4096;

  /** The rooms that end processes and keep links, which has to work when memory has run out. */
  private static final List<String> NEEDED_ROOMS =
      List.of("actor", "node", "remote", "remote.links", "remote.wire", "web");

  private NodeStart() {}

  /** Starts a node on threads and connections of its own. */
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
            config.asyncThreads().areVirtual(),
            config.ioThreads(),
            config.stallThreshold(),
            watch);
    MemoryBudget memory = new MemoryBudget(config.memoryBudget());
    return start(config, metrics, watch, DefaultRuntime.start(threads, config.clock(), memory));
  }

  /**
   * Starts a node on a runtime, which ends with the node, by whose clock it lives, and whose
   * transport says what memory it may use.
   */
  static Node start(Config config, Runtime runtime) throws IOException {
    NodeMetrics metrics = NodeMetrics.of(runtime.clock());
    return start(config, metrics, metrics.watch(config.stallThreshold()), runtime);
  }

  private static Node start(Config config, NodeMetrics metrics, NodeWatch watch, Runtime runtime)
      throws IOException {
    Node node = null;
    try {
      ProcessDoor.open(); // Or else a class of the actor core could not be initialized.
      EarlyInitialization.of(neededRooms());
      HeldConnections connections = new HeldConnections();
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

  /** Those of the server too, which would look for them later: so the library is read once. */
  private static List<String> neededRooms() {
    List<String> rooms = new ArrayList<>(NEEDED_ROOMS);
    rooms.addAll(HttpServer.NEEDED_ROOMS);
    return rooms;
  }

  /** Serves a built-in endpoint. */
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

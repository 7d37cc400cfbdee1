package io.libprocess.simulation.network;

import io.libprocess.net.Address;
import io.libprocess.net.NetworkAddress;
import io.libprocess.net.UnixAddress;
import io.libprocess.simulation.engine.Draws;
import io.libprocess.simulation.engine.Engine;
import io.libprocess.simulation.engine.Machine;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** All hosts and what is between them. */
public final class SimulatedNetwork {

  /** Where a host listens. */
  record Port(int host, NetworkAddress address) {}

  private static final long LEAST_LOCAL = 10_000; // Nanoseconds within a host.
  private static final long MOST_LOCAL = 50_000;
  private static final long RESET_AGAIN = 1_000_000_000;

  private final Engine engine;
  private final Draws draws;
  private final List<String> names = new ArrayList<>();
  private final List<Machine> machines = new ArrayList<>(); // Null for a host that is down.
  private final List<List<Direction>> links = new ArrayList<>(); // By sender, then by receiver.
  private final List<List<Long>> extra = new ArrayList<>(); // What each pair is farther apart.
  private final Map<Port, SimulatedTransport.SimulatedListener> listeners = new LinkedHashMap<>();
  private final Set<SimulatedChannel> open = new LinkedHashSet<>();
  private final Set<SimulatedTransport> transports = new LinkedHashSet<>();

  private LatencySource latency;
  private boolean healed;
  private long window;
  private double cutting; // How likely bytes are cut before they are sent.
  private double resets; // How likely a connection breaks when something was delivered.
  private long serial;

  /** A network without hosts. */
  public SimulatedNetwork(Engine engine, LatencySource latency, long window, double cutting) {
    this.engine = engine;
    this.latency = latency;
    this.window = window;
    this.cutting = cutting;
    draws = engine.draws("network");
  }

  /* ------ Hosts ------ */

  /** Adds a host, which is down, and is known by the number of those before. */
  public void add(String name) {
    int host = names.size();
    names.add(name);
    machines.add(null);
    for (int i = 0; i < host; i++) {
      links.get(i).add(new Direction(engine, names.get(i) + "-" + name));
      extra.get(i).add(draws.below(300_000));
    }
    List<Direction> from = new ArrayList<>();
    List<Long> distances = new ArrayList<>();
    for (int i = 0; i <= host; i++) {
      from.add(new Direction(engine, name + "-" + names.get(i)));
      distances.add(i == host ? 0 : extra.get(i).get(host));
    }
    links.add(from);
    extra.add(distances);
  }

  /** A host starts. */
  public void up(int host, Machine machine) {
    machines.set(host, machine);
  }

  /** A host has failed: its connections are lost, and nobody is told. */
  public void down(int host) {
    machines.set(host, null);
    listeners.keySet().removeIf(port -> port.host() == host);
    open.removeIf(channel -> channel.host() == host);
    transports.removeIf(transport -> transport.host() == host);
  }

  /** The address of a host. */
  public static InetAddress ip(int host) {
    byte[] ip = {10, (byte) ((host + 1) >> 16), (byte) ((host + 1) >> 8), (byte) (host + 1)};
    try {
      return InetAddress.getByAddress(ip);
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  /** The host with an address; -1 if there is none. */
  int hostAt(InetAddress ip, int caller) {
    if (ip.isLoopbackAddress() || ip.isAnyLocalAddress()) {
      return caller;
    }
    byte[] bytes = ip.getAddress();
    if (bytes.length != 4 || bytes[0] != 10) {
      return -1;
    }
    int host = ((bytes[1] & 255) << 16 | (bytes[2] & 255) << 8 | bytes[3] & 255) - 1;
    return host < names.size() ? host : -1;
  }

  Optional<InetAddress> resolve(String name) {
    int host = names.indexOf(name);
    return host < 0 ? Optional.empty() : Optional.of(ip(host));
  }

  String name(int host) {
    return names.get(host);
  }

  boolean isDown(int host) {
    return machines.get(host) == null;
  }

  /* ------ Properties ------ */

  /** The link from one host to another. */
  public Direction link(int from, int to) {
    return links.get(from).get(to);
  }

  /** How many hosts there are. */
  public int hosts() {
    return names.size();
  }

  /** Lets the latencies be drawn in another way. */
  public void latency(LatencySource source) {
    latency = source;
  }

  /** Breaks connections with a probability when something was delivered. */
  public void resetAfterDelivery(double probability) {
    resets = probability;
  }

  boolean breaksNow(int from, int to) {
    return resets > 0 && link(from, to).draws().chance(resets);
  }

  /**
   * How long something is on its way.
   *
   * @param address by which the connection was asked for: by one of a Unix domain socket it takes
   *     no time
   */
  long latency(int from, int to, NetworkAddress address) {
    if (address instanceof UnixAddress) {
      return 0;
    }
    Draws draws = link(from, to).draws();
    if (from == to) {
      return draws.between(LEAST_LOCAL, MOST_LOCAL);
    }
    return healed ? 1_000_000 : latency.draw(draws) + extra.get(from).get(to);
  }

  long window() {
    return window;
  }

  /** How many of some bytes are sent together. */
  int cut(int length, int from, int to) {
    if (length > 1 && engine.happens("network.single-byte")) {
      return 1;
    }
    Draws draws = link(from, to).draws();
    return cutting > 0 && length > 1 && draws.chance(cutting)
        ? (int) draws.between(1, draws.chance(0.2) ? Math.min(4, length) : length)
        : length;
  }

  Engine engine() {
    return engine;
  }

  Map<Port, SimulatedTransport.SimulatedListener> listeners() {
    return listeners;
  }

  /** Ends all faults: latencies of a millisecond, and whatever is delayed arrives after one. */
  public void heal() {
    healed = true;
    resets = 0;
    links.forEach(from -> from.forEach(Direction::heal));
    List.copyOf(open).forEach(SimulatedChannel::forgetDelay);
    transports.forEach(SimulatedTransport::forgetDelay);
  }

  /* ------ Connections ------ */

  long nextSerial() {
    return ++serial;
  }

  void opened(SimulatedTransport transport) {
    transports.add(transport);
  }

  void closed(SimulatedTransport transport) {
    transports.remove(transport);
  }

  void opened(SimulatedChannel channel) {
    open.add(channel);
  }

  void closed(SimulatedChannel channel) {
    open.remove(channel);
  }

  /** The channels of a host that are open, for people. */
  public List<String> open(int host) {
    return open.stream().filter(one -> one.host() == host).map(Object::toString).toList();
  }

  /** Breaks the connections between two hosts; whether there were any. */
  public boolean reset(int one, int other) {
    boolean any = false;
    for (SimulatedChannel channel : List.copyOf(open)) {
      if (channel.host() == one && channel.peerHost() == other) {
        any = true;
        channel.breakBoth();
      }
    }
    return any;
  }

  /**
   * One end tells the other that the connection is no more; that may be lost.
   *
   * @param answers whether that is the answer to something which is sent again until it gets one
   */
  void sendReset(SimulatedChannel from, SimulatedChannel to, boolean answers) {
    Direction link = link(from.host(), to.host());
    engine.at(
        engine.time() + from.latency(),
        () -> {
          if (!link.isCut()) {
            to.fail("Connection reset by peer");
          } else if (answers && !to.isClosed() && !to.isLost()) {
            engine.at(engine.time() + RESET_AGAIN, () -> sendReset(from, to, true));
          }
        });
  }

  /** An address as others see it. */
  static NetworkAddress seen(NetworkAddress address, int host) {
    return address instanceof Address inet
            && (inet.ip().isAnyLocalAddress() || inet.ip().isLoopbackAddress())
        ? new Address(ip(host), inet.port())
        : address;
  }
}

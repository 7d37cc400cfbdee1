package io.libprocess.simulation.network;

import static java.util.Objects.requireNonNull;

import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.internal.MemoryBudget;
import io.libprocess.internal.scheduler.OneTask;
import io.libprocess.internal.scheduler.Scheduler;
import io.libprocess.net.Address;
import io.libprocess.net.NetworkAddress;
import io.libprocess.net.Transport;
import io.libprocess.net.UnixAddress;
import io.libprocess.net.nio.SchedulerThreads;
import io.libprocess.simulation.engine.Agenda;
import io.libprocess.simulation.engine.Engine;
import io.libprocess.simulation.engine.Machine;
import io.libprocess.simulation.engine.StepTrace;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** The network of one node. */
public final class SimulatedTransport implements Transport, MemoryBudget.Source {

  private static final long MEMORY = 256L << 20;
  private static final long FIRST_RETRY = 1_000_000_000L; // Of a connection, in nanoseconds.
  private static final long GIVE_UP = 127_000_000_000L;
  private static final long LATEST_ANSWER = 5_000_000; // After the channel is open.

  /**
   * The ports of one host, which are given in order. Those of connections go on when the host
   * starts anew: others may still have connections from before.
   */
  public static final class Ports {
    private int listening = 5050;
    private int ephemeral = 49152;

    /** All are free. */
    public Ports() {}

    /** The host starts. */
    public void restart() {
      listening = 5050;
    }

    private int ephemeral() {
      int port = ephemeral;
      ephemeral = port == 65535 ? 49152 : port + 1;
      return port;
    }
  }

  private final SimulatedNetwork network;
  private final int host;
  private final Machine machine;
  private final Scheduler scheduler;
  private final Ports ports;
  private final SchedulerThreads threads;
  private final MemoryBudget memory;
  private final Set<SimulatedChannel> channels = new LinkedHashSet<>();
  private final Set<SimulatedListener> listening = new LinkedHashSet<>();
  private final Set<Attempt> attempts = new LinkedHashSet<>(); // Those that are not over.
  private boolean closed;

  /** The network of a node on a host. */
  public SimulatedTransport(
      SimulatedNetwork network, int host, Machine machine, Scheduler scheduler, Ports ports) {
    this.network = network;
    this.host = host;
    this.machine = machine;
    this.scheduler = scheduler;
    this.ports = ports;
    threads = new SchedulerThreads(scheduler);
    Engine engine = network.engine();
    memory = MemoryBudget.refusing(MEMORY, () -> engine.happens("memory.refused"));
    network.opened(this);
  }

  SimulatedNetwork network() {
    return network;
  }

  int host() {
    return host;
  }

  Scheduler scheduler() {
    return scheduler;
  }

  SchedulerThreads threads() {
    return threads;
  }

  boolean isLost() {
    return machine.isDead();
  }

  void closed(SimulatedChannel channel) {
    channels.remove(channel);
  }

  @Override
  public MemoryBudget memory() {
    return memory;
  }

  /** Accepts connections at an address. */
  final class SimulatedListener implements Listener {
    private final NetworkAddress address;
    private final SimulatedNetwork.Port port;
    private final Function<Channel, Handler> accepted;
    private Promise<Void> end; // Null until somebody asks for it.

    SimulatedListener(NetworkAddress address, Function<Channel, Handler> accepted) {
      this.address = address;
      this.accepted = accepted;
      port = new SimulatedNetwork.Port(host, SimulatedNetwork.seen(address, host));
    }

    @Override
    public NetworkAddress address() {
      return address;
    }

    @Override
    public Future<Void> closed() {
      if (end == null) {
        end = Promise.undiscardable();
        if (!listening.contains(this)) {
          end.set(null);
        }
      }
      return end.future();
    }

    @Override
    public void close() {
      network.listeners().remove(port, this);
      if (listening.remove(this) && end != null) {
        scheduler.ready(new OneTask(() -> end.set(null)));
      }
    }

    SimulatedTransport transport() {
      return SimulatedTransport.this;
    }

    private void accept(SimulatedChannel channel) {
      channels.add(channel);
      channel.open(() -> channel.handler(accepted.apply(channel)));
    }
  }

  @Override
  public Listener listen(NetworkAddress address, int backlog, Function<Channel, Handler> accepted)
      throws IOException {
    network.engine().check("a port was bound");
    requireNonNull(accepted, "accepted");
    NetworkAddress bound = address;
    if (address instanceof Address inet) {
      if (network.hostAt(inet.ip(), host) != host) {
        throw new IOException("cannot listen on " + address + ": not an address of this host");
      }
      bound = new Address(inet.ip(), inet.port() == 0 ? freePort() : inet.port());
    }
    SimulatedListener listener = new SimulatedListener(bound, accepted);
    if (closed || network.listeners().putIfAbsent(listener.port, listener) != null) {
      throw new IOException(
          "cannot listen on " + bound + ": " + (closed ? "closed" : "address in use"));
    }
    listening.add(listener);
    return listener;
  }

  private int freePort() {
    while (network
        .listeners()
        .containsKey(
            new SimulatedNetwork.Port(
                host, new Address(SimulatedNetwork.ip(host), ports.listening)))) {
      ports.listening++;
    }
    return ports.listening++;
  }

  /* ------ Connections ------ */

  @Override
  public Future<Channel> connect(NetworkAddress address, Function<Channel, Handler> connected) {
    network.engine().check("a connection was asked for");
    Attempt attempt = new Attempt(address, requireNonNull(connected, "connected"));
    network.engine().note(StepTrace.Kind.CONNECT, machine.name(), address);
    attempt.begin();
    return attempt.promise.future();
  }

  /** A connection on its way to be open. */
  private final class Attempt {
    private final NetworkAddress address;
    private final Function<Channel, Handler> connected;
    private final Promise<Channel> promise = new Promise<>();
    private final long begun = network.engine().time();
    private final int target;
    private long retry = FIRST_RETRY;
    private Agenda.Entry arrival; // Of the request at the other host; null before it is sent.
    private boolean answered; // It has arrived there.
    private boolean over;

    Attempt(NetworkAddress address, Function<Channel, Handler> connected) {
      this.address = address;
      this.connected = connected;
      target =
          address instanceof Address inet
              ? network.hostAt(inet.ip(), host)
              : address instanceof UnixAddress ? host : -1;
    }

    void begin() {
      if (closed) {
        abort();
        return;
      }
      attempts.add(this);
      promise.future().onDiscard(() -> decide(promise::discard));
      send();
    }

    private void abort() {
      decide(() -> promise.fail(failure("the transport is closed")));
    }

    private IOException failure(String reason) {
      return new IOException("Failed to connect to " + address + ": " + reason);
    }

    /** Has the promise completed by a task, once. */
    private void decide(Runnable completion) {
      if (!over) {
        over = true;
        attempts.remove(this);
        scheduler.ready(new OneTask(completion));
      }
    }

    private void send() {
      Engine engine = network.engine();
      long latency = target < 0 ? 1_000_000 : network.latency(host, target, address);
      arrival = engine.at(engine.time() + latency, this::arrive);
    }

    /** The network is whole again: what was lost is not waited for. */
    private void forgetDelay() {
      if (!answered && arrival != null) {
        arrival.cancel();
        send();
      }
    }

    private void arrive() {
      if (over || isLost()) {
        return;
      }
      Engine engine = network.engine();
      if (target < 0
          || network.isDown(target)
          || network.link(host, target).isCut()
          || network.link(target, host).isCut()
          || network.link(host, target).draws().chance(network.link(host, target).loss())) {
        tryLater();
        return;
      }
      long clogged = network.link(host, target).cloggedUntil();
      if (clogged > engine.time()) {
        arrival = engine.at(clogged, this::arrive);
        return;
      }
      answered = true;
      SimulatedListener listener =
          network
              .listeners()
              .get(new SimulatedNetwork.Port(target, SimulatedNetwork.seen(address, target)));
      long back = engine.time() + network.latency(target, host, address);
      if (listener == null || network.link(host, target).isRejecting()) {
        engine.note(StepTrace.Kind.ACCEPT, machine.name(), "refused by " + address);
        engine.at(back, () -> decide(() -> promise.fail(failure("Connection refused"))));
      } else {
        engine.at(back, () -> opened(listener));
      }
    }

    private void tryLater() {
      Engine engine = network.engine();
      if (engine.time() - begun + retry >= GIVE_UP) {
        long end = begun + GIVE_UP;
        arrival = engine.at(end, () -> decide(() -> promise.fail(failure("Connection timed out"))));
        return;
      }
      arrival = engine.at(engine.time() + retry, this::arrive);
      retry *= 2;
    }

    private void opened(SimulatedListener listener) {
      if (over || isLost()) {
        return;
      }
      over = true;
      attempts.remove(this);
      long serial = network.nextSerial();
      NetworkAddress from =
          address instanceof Address
              ? new Address(SimulatedNetwork.ip(host), ports.ephemeral())
              : address;
      SimulatedChannel ours = new SimulatedChannel(SimulatedTransport.this, from, address, serial);
      SimulatedChannel theirs =
          new SimulatedChannel(
              listener.transport(), SimulatedNetwork.seen(address, target), from, -serial);
      long accepted = network.engine().time() + network.latency(host, target, address);
      SegmentQueue there = new SegmentQueue(network, ours, theirs, accepted);
      SegmentQueue back = new SegmentQueue(network, theirs, ours, accepted);
      ours.connect(theirs, there, back);
      theirs.connect(ours, back, there);
      channels.add(ours);
      ours.open(() -> begin(ours));
      network.engine().at(accepted, () -> accept(listener, ours, theirs));
    }

    private void accept(
        SimulatedListener listener, SimulatedChannel ours, SimulatedChannel theirs) {
      SimulatedTransport there = listener.transport();
      if (there.isLost() || theirs.isClosed()) {
        return; // Whatever is sent finds nobody; or it broke before anybody has seen it.
      }
      network.engine().note(StepTrace.Kind.ACCEPT, there.machine.name(), theirs);
      if (there.listening.contains(listener)) {
        listener.accept(theirs);
      } else {
        network.sendReset(theirs, ours, false);
      }
    }

    private void begin(SimulatedChannel channel) {
      channel.handler(connected.apply(channel));
      Engine engine = network.engine();
      if (engine.happens("network.late-answer")) {
        engine.at(
            engine.time() + network.link(host, target).draws().below(LATEST_ANSWER),
            () -> scheduler.ready(new OneTask(() -> answer(channel))));
      } else {
        answer(channel);
      }
    }

    private void answer(SimulatedChannel channel) {
      if (!promise.setUnlessDiscardRequested(channel)) {
        channel.close();
        promise.discard();
      }
    }
  }

  @Override
  public Future<List<InetAddress>> resolve(String name) {
    return network
        .resolve(name)
        .map(ip -> Future.of(List.of(ip)))
        .orElseGet(() -> Future.failed(new UnknownHostException(name)));
  }

  /** The network is whole again: connections that are asked for are asked for again. */
  void forgetDelay() {
    attempts.forEach(Attempt::forgetDelay);
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      network.closed(this);
      List.copyOf(listening).forEach(SimulatedListener::close);
      List.copyOf(channels).forEach(SimulatedChannel::close);
      List.copyOf(attempts).forEach(Attempt::abort);
    }
  }
}

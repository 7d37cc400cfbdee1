package io.libprocess.world;

import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.internal.scheduler.OneTask;
import io.libprocess.net.Address;
import io.libprocess.net.NetworkAddress;
import io.libprocess.net.Transport;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/** The network of one host of a world: bytes go from one array to another. */
final class MemoryTransport implements Transport {

  private static final int FIRST_PORT = 5050;
  private static final int FIRST_EPHEMERAL_PORT = 49152;

  private final World world;
  private final World.Host host;
  private final Map<NetworkAddress, MemoryListener> listeners; // Of all hosts.
  private final List<MemoryChannel> channels = new ArrayList<>();
  private int nextPort = FIRST_PORT;
  private int nextEphemeralPort = FIRST_EPHEMERAL_PORT;
  private boolean closed;

  MemoryTransport(World world, World.Host host, Map<NetworkAddress, MemoryListener> listeners) {
    this.world = world;
    this.host = host;
    this.listeners = listeners;
  }

  /** Accepts connections at an address. */
  final class MemoryListener implements Listener {

    private final Address address;
    private final Function<Channel, Handler> accepted;

    MemoryListener(Address address, Function<Channel, Handler> accepted) {
      this.address = address;
      this.accepted = accepted;
    }

    @Override
    public NetworkAddress address() {
      return address;
    }

    @Override
    public void close() {
      listeners.remove(address, this);
    }

    /** Makes this end of a connection, and its handler in a separate task. */
    private MemoryChannel accept(Address from) {
      MemoryChannel channel = new MemoryChannel(world, host, address, from);
      channels.add(channel);
      world.note(host + " accept " + from);
      host.scheduler().ready(new OneTask(() -> channel.open(accepted)));
      return channel;
    }
  }

  @Override
  public Listener listen(NetworkAddress address, int backlog, Function<Channel, Handler> accepted)
      throws IOException {
    Address asked = address.inet().orElseThrow();
    Address bound = new Address(asked.ip(), asked.port() == 0 ? nextPort++ : asked.port());
    MemoryListener listener = new MemoryListener(bound, accepted);
    if (closed || listeners.putIfAbsent(bound, listener) != null) {
      throw new IOException("cannot listen on " + bound);
    }
    return listener;
  }

  @Override
  public Future<Channel> connect(NetworkAddress address, Function<Channel, Handler> connected) {
    Objects.requireNonNull(connected, "connected");
    Promise<Channel> promise = new Promise<>();
    host.scheduler().ready(new OneTask(() -> connect(address, connected, promise)));
    return promise.future();
  }

  private void connect(
      NetworkAddress address, Function<Channel, Handler> connected, Promise<Channel> promise) {
    MemoryListener listener = listeners.get(address);
    if (closed || listener == null) {
      world.note(host + " is refused by " + address);
      promise.fail(new IOException("cannot connect to " + address + ": refused"));
      return;
    }
    Address local = new Address(host.ip(), nextEphemeralPort++);
    MemoryChannel ours = new MemoryChannel(world, host, local, address);
    channels.add(ours);
    MemoryChannel theirs = listener.accept(local);
    ours.connect(theirs);
    theirs.connect(ours);
    ours.open(connected);
    if (!promise.setUnlessDiscardRequested(ours)) {
      ours.close();
      promise.discard();
    }
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      List.copyOf(listeners.values()).stream()
          .filter(listener -> listener.address.ip().equals(host.ip()))
          .forEach(MemoryListener::close);
      channels.forEach(MemoryChannel::close);
    }
  }
}

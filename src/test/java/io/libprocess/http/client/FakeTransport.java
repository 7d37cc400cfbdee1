package io.libprocess.http.client;

import io.libprocess.context.Context;
import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.http.http1.FakeChannel;
import io.libprocess.net.NetworkAddress;
import io.libprocess.net.Transport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** A network whose servers are controlled by the test, which decides when a connection opens. */
final class FakeTransport implements Transport {

  /** An attempt to connect. */
  final class Dial {
    final NetworkAddress address;
    final Context context = Context.current();
    private final Promise<Channel> promise = new Promise<>();
    final Function<Channel, Handler> connected;

    private Dial(NetworkAddress address, Function<Channel, Handler> connected) {
      this.address = address;
      this.connected = connected;
      if (!stubborn) {
        promise.future().onDiscard(promise::discard);
      }
    }

    FakeChannel channel; // Null until it is open.

    FakeChannel open() {
      return open(new FakeChannel());
    }

    /** Opens a connection to a peer that takes nothing. */
    FakeChannel openSlow() {
      FakeChannel slow = new FakeChannel();
      slow.becomeSlow();
      return open(slow);
    }

    /** Opens a connection that breaks at the same moment. */
    void openBroken() {
      channel = new FakeChannel();
      channel.handler = connected.apply(channel);
      channel.reset();
      promise.set(channel);
    }

    private FakeChannel open(FakeChannel opened) {
      channel = opened;
      channel.handler = connected.apply(channel);
      promise.set(channel);
      return channel;
    }

    void fail(String reason) {
      promise.fail(new IOException(reason));
    }

    boolean isGivenUp() {
      return promise.future().isDiscarded();
    }
  }

  final List<Dial> dials = new ArrayList<>();
  final Promise<List<InetAddress>> slowNames = new Promise<>();
  boolean stubborn; // A discard comes too late for any attempt.

  @Override
  public Future<Channel> connect(NetworkAddress address, Function<Channel, Handler> connected) {
    Dial dial = new Dial(address, connected);
    dials.add(dial);
    return dial.promise.future();
  }

  /** Any host has three addresses; a bad one breaks the resolver, and a slow one waits. */
  @Override
  public Future<List<InetAddress>> resolve(String host) {
    if (host.startsWith("bad")) {
      throw new IllegalStateException("the resolver is broken");
    }
    if (host.startsWith("slow")) {
      return slowNames.future();
    }
    if (host.startsWith("unknown")) {
      return Future.failed(new UnknownHostException(host));
    }
    List<InetAddress> found = new ArrayList<>();
    try {
      for (int i = 0; i < 3; i++) {
        found.add(InetAddress.getByAddress(host, new byte[] {10, 0, 0, (byte) i}));
      }
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
    return Future.of(found);
  }

  @Override
  public Listener listen(NetworkAddress address, int backlog, Function<Channel, Handler> accepted) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {}
}

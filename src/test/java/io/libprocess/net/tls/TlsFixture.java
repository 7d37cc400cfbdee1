package io.libprocess.net.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.internal.MemoryBudget;
import io.libprocess.net.Address;
import io.libprocess.net.Network;
import io.libprocess.net.NetworkAddress;
import io.libprocess.net.Recorder;
import io.libprocess.net.Tls;
import io.libprocess.net.TlsAccess;
import io.libprocess.net.Transport;
import io.libprocess.time.Clock;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * An authority, a server and a client that trust it, and a network for connections that speak TLS.
 */
public final class TlsFixture implements AutoCloseable {

  /** Certificates that all tests of a class share. */
  public static final class Shared {
    public final Certificates certificates;
    public final Certificates.Identity authority;
    final Certificates.Identity server;
    public final Certificates.Identity client;
    public final Certificates.Identity stranger; // Of an authority that nobody trusts.

    public Shared(Path directory) throws Exception {
      certificates = new Certificates(directory);
      authority = certificates.authority("test authority");
      server = certificates.forLocalhost(authority);
      client = certificates.issue(authority, "client", "DNS:client.test", 30);
      stranger = certificates.forLocalhost(certificates.authority("stranger"));
    }

    public Tls.Builder server() {
      return server(server);
    }

    public Tls.Builder server(Certificates.Identity identity) {
      return Tls.builder()
          .identity(identity.certificate(), identity.key())
          .authorities(authority.certificate())
          .handshakeTimeout(Network.LIMIT);
    }

    /** A client without a certificate of its own. */
    public Tls.Builder client() {
      return Tls.builder().authorities(authority.certificate()).handshakeTimeout(Network.LIMIT);
    }
  }

  public final Network network;
  final BlockingQueue<IOException> refused = new LinkedBlockingQueue<>();

  public TlsFixture() {
    this(Clock.system());
  }

  public TlsFixture(Clock clock) {
    network = new Network(2, clock);
  }

  public TlsFixture(MemoryBudget memory) {
    network = new Network(2, Clock.system(), memory);
  }

  public Transport.Listener listen(Tls tls, Recorder.Kind kind) throws IOException {
    return network.transport.listen(
        Address.loopback(0),
        64,
        TlsAccess.context(tls)
            .accepting(
                channel -> {
                  Recorder recorder = kind.create(channel);
                  network.accepted.add(recorder);
                  return recorder;
                },
                (raw, why) -> refused.add(why)));
  }

  public Recorder connect(Tls tls, NetworkAddress address) {
    Recorder[] made = new Recorder[1];
    Transport.Channel channel =
        Network.await(
            tls.connect(
                network.transport, address, "localhost", open -> made[0] = new Recorder(open)));
    assertEquals(made[0].channel, channel);
    return made[0];
  }

  /** The reason why connecting fails. */
  public String connectFailure(Tls tls, NetworkAddress address, String host) {
    Future<Transport.Channel> channel =
        tls.connect(network.transport, address, host, Recorder::new);
    assertTrue(channel.await(Network.LIMIT));
    assertTrue(channel.isFailed(), channel::toString);
    return channel.failure().getMessage();
  }

  /** The reason why the next connection was not accepted. */
  public String refusal() throws InterruptedException {
    IOException why = refused.poll(Network.LIMIT.toSeconds(), TimeUnit.SECONDS);
    assertTrue(why != null, "nothing was refused");
    return why.getMessage();
  }

  public static void assertContains(String part, String text) {
    assertTrue(text.contains(part), text);
  }

  @Override
  public void close() {
    network.close();
  }
}

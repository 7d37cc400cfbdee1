package io.libprocess.net.tls;

import static io.libprocess.net.tls.TlsFixture.assertContains;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.internal.Counted;
import io.libprocess.internal.MemoryBudget;
import io.libprocess.net.Address;
import io.libprocess.net.NetworkAddress;
import io.libprocess.net.PendingTransport;
import io.libprocess.net.Tls;
import io.libprocess.net.TlsAccess;
import io.libprocess.net.Transport;
import io.libprocess.support.Counts;
import io.libprocess.support.LogCapture;
import io.libprocess.world.World;
import java.net.InetAddress;
import java.nio.channels.SelectableChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** A transport whose connections speak TLS. */
class TlsTransportTest extends SecuredWorld {

  private final List<SecuredEnd> accepted = new ArrayList<>();
  private final List<SecuredEnd> connected = new ArrayList<>();

  private static SecuredEnd add(List<SecuredEnd> ends, Transport.Channel channel) {
    SecuredEnd end = new SecuredEnd(channel);
    ends.add(end);
    return end;
  }

  private static Transport over(Tls.Builder tls, Transport transport) {
    return TlsAccess.context(tls.build()).over(transport);
  }

  /** Connects by TLS to a server, whether that speaks TLS or not. */
  private Future<Transport.Channel> connect(World world, boolean secured, Tls.Builder client)
      throws Exception {
    World.Host far = world.host();
    Transport plain = far.runtime().transport();
    NetworkAddress address =
        (secured ? over(server(), plain) : plain)
            .listen(new Address(far.ip(), 0), 1, channel -> add(accepted, channel))
            .address();
    Future<Transport.Channel> connecting =
        over(client, world.host().runtime().transport())
            .connect(address, channel -> add(connected, channel));
    world.settle();
    return connecting;
  }

  @Test
  void bothEnds_speakTls() throws Exception {
    inWorld(
        world -> {
          Tls.Builder client = client().verifyIp(false);
          Future<Transport.Channel> connecting = connect(world, true, client);
          assertTrue(connecting.get().tls().isPresent());
          connected.get(0).write("hello");
          world.settle();
          assertEquals("hello", accepted.get(0).text());
        });
  }

  @Test
  void serverThatSpeaksNoTls_isRefused() throws Exception {
    inWorld(
        world -> {
          Future<Transport.Channel> connecting = connect(world, false, client().verifyIp(false));
          accepted.get(0).write("220 ready\r\n");
          world.settle();
          assertContains("what the peer sends is not TLS", connecting.failure().getMessage());
          assertEquals(List.of(), connected);
        });
  }

  @Test
  void serverThatSpeaksNoTls_isSpokenToWithoutItWhereThatIsSupported() throws Exception {
    inWorld(
        world -> {
          try (LogCapture log = new LogCapture()) {
            Future<Transport.Channel> connecting =
                connect(world, false, client().verifyIp(false).supportDowngrade(true));
            accepted.get(0).write("220 ready\r\n");
            world.settle();
            assertTrue(connecting.get().tls().isEmpty());
            assertEquals(2, accepted.size());
            assertEquals(1, connected.size());
            assertContains("goes on without TLS", log.warnings().get(0));
          }
        });
  }

  @Test
  void connectionThatIsRefused_isNotTriedWithoutTls() throws Exception {
    inWorld(
        world -> {
          World.Host near = world.host();
          try (LogCapture log = new LogCapture()) {
            Future<Transport.Channel> connecting =
                over(client().supportDowngrade(true), near.runtime().transport())
                    .connect(new Address(near.ip(), 1), channel -> add(connected, channel));
            world.settle();
            assertTrue(connecting.isFailed());
            assertContains("refused", connecting.failure().getMessage());
            assertEquals(List.of(), log.warnings());
          }
        });
  }

  @Test
  void attemptThatIsGivenUp_isNotMadeWithoutTls() {
    PendingTransport pending = new PendingTransport();
    Future<Transport.Channel> connecting =
        over(client().supportDowngrade(true), pending)
            .connect(Address.loopback(1), channel -> add(connected, channel));
    connecting.discard();
    pending.connections.get(0).discard();
    assertTrue(connecting.isDiscarded(), connecting::toString);
    assertEquals(1, pending.connections.size());
  }

  /** Notes what it is asked to do. */
  private static final class Noting implements Transport, MemoryBudget.Source, Counted {
    final MemoryBudget memory = new MemoryBudget(1000);
    final List<String> calls = new ArrayList<>();

    @Override
    public Future<Channel> connect(NetworkAddress to, Function<Channel, Handler> opened) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Listener listen(NetworkAddress at, int backlog, Function<Channel, Handler> accepted) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Future<Integer> poll(SelectableChannel channel, int operations) {
      calls.add("poll " + operations);
      return Future.of(operations);
    }

    @Override
    public Future<List<InetAddress>> resolve(String host) {
      calls.add("resolve " + host);
      return Future.of(List.of());
    }

    @Override
    public MemoryBudget memory() {
      return memory;
    }

    @Override
    public void showTo(Collector collector) {
      collector.counter("below", "A count of the transport below.", () -> 7);
    }

    @Override
    public void close() {
      calls.add("close");
    }
  }

  @Test
  void everythingElse_isThatOfTheTransportBelow() {
    Noting below = new Noting();
    Transport transport = over(client(), below);
    assertEquals(4, transport.poll(null, 4).get());
    assertEquals(List.of(), transport.resolve("a.test").get());
    assertSame(below.memory, MemoryBudget.of(transport));
    assertEquals(
        Map.of("below", 7L, "tls_failures", 0L, "tls_handshakes", 0L),
        Counts.of((Counted) transport));
    assertFalse(Counts.of((Counted) over(client(), new PendingTransport())).containsKey("below"));
    transport.close();
    assertEquals(List.of("poll 4", "resolve a.test", "close"), below.calls);
  }
}

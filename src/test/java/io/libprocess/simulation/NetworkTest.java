package io.libprocess.simulation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.CheckedConsumer;
import io.libprocess.future.Future;
import io.libprocess.net.Address;
import io.libprocess.net.ServerSocket;
import io.libprocess.net.Socket;
import io.libprocess.net.Transport;
import io.libprocess.net.UnixAddress;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The simulated network does what TCP may do, and nothing that it may not. */
class NetworkTest {

  static final int PORT = 7000;

  /** Collects what one end of a connection is told. */
  static final class End implements Transport.Handler {
    final ByteArrayOutputStream received = new ByteArrayOutputStream();
    final List<Integer> sizes = new ArrayList<>();
    Transport.Channel channel;
    boolean ended;
    boolean outputEnded;
    int drained;
    Optional<IOException> failure = Optional.empty();
    boolean closed;

    Transport.Handler open(Transport.Channel opened) {
      assertEquals(null, channel, "opened twice");
      channel = opened;
      return this;
    }

    @Override
    public void received(ByteBuffer bytes) {
      assertFalse(ended || closed, "received something after the end");
      sizes.add(bytes.remaining());
      byte[] copy = new byte[bytes.remaining()];
      bytes.get(copy);
      received.writeBytes(copy);
    }

    @Override
    public void ended() {
      assertFalse(ended || closed);
      ended = true;
    }

    @Override
    public void drained() {
      drained++;
    }

    @Override
    public void outputEnded() {
      outputEnded = true;
    }

    @Override
    public void closed(Optional<IOException> why) {
      assertFalse(closed, "closed twice");
      closed = true;
      failure = why;
    }

    void write(byte[] bytes) {
      channel.write(ByteBuffer.wrap(bytes));
    }
  }

  /** Two hosts with a connection between them. */
  static final class Pair {
    final World world;
    final Host one;
    final Host other;
    final End client = new End();
    final List<End> accepted = new ArrayList<>();
    Future<Transport.Channel> connecting;

    Pair(World world) {
      this.world = world;
      one = world.host("one", Host::start);
      other =
          world.host(
              "other",
              host ->
                  host.start()
                      .transport()
                      .listen(
                          new Address(host.ip(), PORT),
                          10,
                          channel -> {
                            End end = new End();
                            accepted.add(end);
                            return end.open(channel);
                          }));
    }

    void connect(int port) {
      connecting =
          one.nodes()
              .get(0)
              .transport()
              .connect(new Address(other.ip(), port), channel -> client.open(channel));
    }

    End open() {
      connect(PORT);
      world.await(connecting, Duration.ofSeconds(10));
      assertTrue(world.runUntil(() -> !accepted.isEmpty(), Duration.ofSeconds(10)));
      return accepted.get(0);
    }
  }

  static void run(SimulationConfig config, CheckedConsumer<World> world) {
    for (long seed = 1; seed <= 20; seed++) {
      Simulation.run(seed, config, world).orThrow();
    }
  }

  static SimulationConfig config() {
    return SimulationConfig.builder().shrink(false).limit(Duration.ofHours(1)).build();
  }

  static byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    for (int i = 0; i < count; i++) {
      bytes[i] = (byte) (i * 31 + (i >> 8));
    }
    return bytes;
  }

  @Test
  void connection_bringsBytesInOrderAndTheEnd() {
    run(
        SimulationConfig.builder().cutting(0.7).build(),
        world -> {
          Pair pair = new Pair(world);
          End server = pair.open();
          byte[] sent = bytes(100_000);
          pair.client.write(Arrays.copyOfRange(sent, 0, 50_000));
          server.write("answer".getBytes());
          pair.client.write(Arrays.copyOfRange(sent, 50_000, 100_000));
          pair.client.channel.end();
          world.runFor(Duration.ofSeconds(2));
          assertArrayEquals(sent, server.received.toByteArray());
          assertTrue(server.ended && pair.client.outputEnded);
          assertFalse(server.closed || pair.client.ended);
          assertEquals("answer", pair.client.received.toString());
          server.channel.end();
          world.runFor(Duration.ofSeconds(2));
          assertTrue(server.closed && pair.client.closed);
          assertTrue(server.failure.isEmpty() && pair.client.failure.isEmpty());
        });
  }

  @Test
  void unixDomainSocket_takesNoTime() {
    run(
        SimulationConfig.builder().shrink(false).stepCost(Duration.ZERO, Duration.ZERO).build(),
        world -> {
          UnixAddress path = new UnixAddress("/run/one");
          End server = new End();
          Host host =
              world.host("one", one -> one.start().transport().listen(path, 10, server::open));
          End client = new End();
          Transport transport = host.nodes().get(0).transport();
          world.await(transport.connect(path, client::open), Duration.ofMillis(1));
          client.write(bytes(10));
          assertTrue(world.runUntil(() -> server.received.size() == 10, Duration.ofMillis(1)));
          assertEquals(Duration.ZERO, world.elapsed());
        });
  }

  @Test
  void closedTransport_failsTheAcceptsThatWait() {
    run(
        config(),
        world -> {
          Host host = world.host("one", Host::start);
          Transport transport = host.nodes().get(0).transport();
          Address there = new Address(host.ip(), PORT);
          Future<Socket> accepting = ServerSocket.listen(transport, there, 10).accept();
          Transport.Listener other =
              transport.listen(new Address(host.ip(), 0), 10, new End()::open);
          transport.close();
          assertTrue(world.runUntil(accepting::isFailed, Duration.ofSeconds(1)));
          assertTrue(other.closed().isReady());
        });
  }

  /** A host reaches itself whatever happens to its network. */
  @ParameterizedTest
  @EnumSource(names = {"ONE_WAY", "CLOG", "NARROW"})
  void faultBetweenAHostAndItself_isNone(Fault.Kind kind) {
    Fault fault = new Fault(kind, Duration.ZERO, Duration.ofMinutes(1), 0, 0, 1);
    run(
        SimulationConfig.builder().shrink(false).faults(Faults.of(fault)).build(),
        world -> {
          Address there = new Address(Address.parseIp("10.0.0.1"), PORT);
          End server = new End();
          Host host =
              world.host("one", one -> one.start().transport().listen(there, 10, server::open));
          world.runFor(Duration.ofMillis(1));
          End client = new End();
          Transport transport = host.nodes().get(0).transport();
          world.await(transport.connect(there, client::open), Duration.ofMillis(1));
          client.write(bytes(1000));
          world.runFor(Duration.ofMillis(1));
          assertArrayEquals(bytes(1000), server.received.toByteArray());
        });
  }

  @Test
  void trace_saysWhenOneEndIsToldOfTheEndAndWhenItBreaks() {
    SimulationReport report =
        Simulation.run(
            1,
            config(),
            world -> {
              Pair pair = new Pair(world);
              pair.open().channel.end();
              world.runFor(Duration.ofSeconds(1));
              pair.client.channel.reset();
              world.runFor(Duration.ofSeconds(1));
            });

    List<String> lines = report.trace();
    String ends = " one end 10.0.0.2:7000→10.0.0.1:49152";
    String breaks = " other reset 10.0.0.1:49152→10.0.0.2:7000";
    assertEquals(1, lines.stream().filter(line -> line.endsWith(ends)).count(), lines.toString());
    assertEquals(1, lines.stream().filter(line -> line.endsWith(breaks)).count(), lines.toString());
  }

  @Test
  void slowReader_holdsTheWriterUp() {
    run(
        config(),
        world -> {
          Pair pair = new Pair(world);
          End server = pair.open();
          server.channel.pause();
          byte[] sent = bytes(1_000_000);
          pair.client.write(sent);
          world.runFor(Duration.ofSeconds(5));
          assertTrue(pair.client.channel.queued() > 500_000);
          assertEquals(0, pair.client.drained);
          server.channel.resume();
          world.runFor(Duration.ofSeconds(5));
          assertEquals(0, pair.client.channel.queued());
          assertEquals(1, pair.client.drained);
          assertArrayEquals(sent, server.received.toByteArray());
        });
  }

  @Test
  void portOfNobody_refuses() {
    run(
        config(),
        world -> {
          Pair pair = new Pair(world);
          pair.connect(PORT + 1);
          assertTrue(world.runUntil(pair.connecting::isFailed, Duration.ofSeconds(1)));
          assertTrue(pair.connecting.failure().getMessage().endsWith("Connection refused"));
        });
  }

  @Test
  void hostThatIsDown_doesNotAnswerForTwoMinutes() {
    run(
        config(),
        world -> {
          Pair pair = new Pair(world);
          pair.other.crash();
          pair.connect(PORT);
          world.runFor(Duration.ofSeconds(126));
          assertTrue(pair.connecting.isPending());
          world.runFor(Duration.ofSeconds(2));
          assertTrue(pair.connecting.failure().getMessage().endsWith("timed out"));
        });
  }

  @Test
  void hostThatComesBack_isReachedAtTheNextTry() {
    run(
        config(),
        world -> {
          Pair pair = new Pair(world);
          pair.other.crash();
          pair.connect(PORT);
          world.runFor(Duration.ofSeconds(2));
          pair.other.restart(Host.Restart.KEEP_STORE);
          world.await(pair.connecting, Duration.ofSeconds(3));
        });
  }

  @Test
  void connectingThatIsGivenUp_isDiscarded() {
    run(
        config(),
        world -> {
          Pair pair = new Pair(world);
          pair.connect(PORT);
          pair.connecting.discard();
          world.runFor(Duration.ofSeconds(1));
          assertTrue(pair.connecting.isDiscarded());
        });
  }

  @Test
  void partition_isSilenceAndThenEverything() {
    run(
        config(),
        world -> {
          Pair pair = new Pair(world);
          End server = pair.open();
          world.network().partition(List.of(pair.one), List.of(pair.other));
          pair.client.write(bytes(1000));
          world.runFor(Duration.ofSeconds(30));
          assertEquals(0, server.received.size());
          assertFalse(pair.client.closed || server.closed);
          world.network().heal();
          world.runFor(Duration.ofSeconds(1));
          assertArrayEquals(bytes(1000), server.received.toByteArray());
        });
  }

  @Test
  void partitionOfAQuarterOfAnHour_breaksTheConnectionOfWhoSends() {
    run(
        config(),
        world -> {
          Pair pair = new Pair(world);
          End server = pair.open();
          world.network().isolate(pair.one);
          pair.client.write(bytes(1000));
          world.runFor(Duration.ofMinutes(20));
          assertTrue(pair.client.failure.orElseThrow().getMessage().contains("timed out"));
          assertFalse(server.closed);
        });
  }

  @Test
  void oneWay_letsAnswersThroughUntilTheWindowIsFull() {
    run(
        config(),
        world -> {
          Pair pair = new Pair(world);
          End server = pair.open();
          world.network().oneWay(pair.one, pair.other);
          server.write(bytes(1_000_000));
          pair.client.write(bytes(10));
          world.runFor(Duration.ofSeconds(10));
          assertEquals(0, server.received.size());
          int arrived = pair.client.received.size();
          assertTrue(arrived > 100_000 && arrived <= 256 * 1024, arrived + " bytes");
          world.network().heal();
          world.runFor(Duration.ofSeconds(10));
          assertEquals(1_000_000, pair.client.received.size());
          assertEquals(10, server.received.size());
        });
  }

  @Test
  void crashedPeer_isSilentAndResetsOnceItIsUp() {
    run(
        config(),
        world -> {
          Pair pair = new Pair(world);
          pair.open();
          pair.other.crash();
          world.runFor(Duration.ofSeconds(5));
          assertFalse(pair.client.closed);
          pair.client.write(bytes(10));
          world.runFor(Duration.ofSeconds(5));
          assertFalse(pair.client.closed);
          pair.other.restart(Host.Restart.KEEP_STORE);
          world.runFor(Duration.ofSeconds(30));
          assertTrue(pair.client.failure.orElseThrow().getMessage().contains("reset"));
        });
  }

  @Test
  void clog_delaysAndLosesNothing() {
    run(
        config(),
        world -> {
          Pair pair = new Pair(world);
          End server = pair.open();
          world.network().clog(pair.one, pair.other, Duration.ofSeconds(5));
          pair.client.write(bytes(10));
          world.runFor(Duration.ofSeconds(4));
          assertEquals(0, server.received.size());
          world.runFor(Duration.ofSeconds(2));
          assertEquals(10, server.received.size());
        });
  }

  @Test
  void bandwidth_boundsHowFastBytesArrive() {
    run(
        config(),
        world -> {
          Pair pair = new Pair(world);
          End server = pair.open();
          world.network().bandwidth(pair.one, pair.other, 10_000);
          pair.client.write(bytes(100_000));
          world.runFor(Duration.ofSeconds(20));
          assertEquals(100_000, server.received.size());
          assertTrue(world.elapsed().toSeconds() >= 20);
          pair.client.write(bytes(100_000));
          world.runFor(Duration.ofSeconds(5));
          assertTrue(server.received.size() < 200_000);
        });
  }

  /** Under every fault what arrives is a beginning of what was written, and all if all is well. */
  @ParameterizedTest
  @EnumSource
  void bytes_areThoseThatWereWrittenUnderEachFault(Fault.Kind kind) {
    for (long seed = 1; seed <= 30; seed++) {
      Fault.Kind[] others =
          Arrays.stream(Fault.Kind.values()).filter(one -> one != kind).toArray(Fault.Kind[]::new);
      SimulationConfig config =
          SimulationConfig.builder()
              .swarm()
              .faults(
                  Faults.swarm()
                      .without(others)
                      .every(Duration.ofMillis(100), Duration.ofSeconds(2)))
              .shrink(false)
              .limit(Duration.ofMinutes(3))
              .build();
      Simulation.run(seed, config, NetworkTest::sendUnderFaults).orThrow();
    }
  }

  private static void sendUnderFaults(World world) {
    Pair pair = new Pair(world);
    pair.connect(PORT);
    world.runUntil(
        () -> !pair.accepted.isEmpty() || pair.connecting.isReady(), Duration.ofSeconds(5));
    byte[] sent = bytes(200_000);
    int written = 0;
    for (int i = 0; i < 20 && pair.client.channel != null; i++) {
      int next = Math.min(sent.length, written + 1 + (int) world.random("size", 20_000));
      pair.client.write(Arrays.copyOfRange(sent, written, next));
      written = next;
      world.runFor(Duration.ofMillis(100));
    }
    world.heal();
    world.runFor(Duration.ofSeconds(60));
    for (End server : pair.accepted) {
      byte[] received = server.received.toByteArray();
      assertTrue(received.length <= written);
      assertArrayEquals(Arrays.copyOf(sent, received.length), received);
      boolean whole = pair.one.starts() + pair.other.starts() == 2;
      if (whole && !server.closed && !pair.client.closed) {
        assertEquals(written, received.length);
      }
    }
  }

  @Test
  void names_areThoseOfHosts() {
    run(
        config(),
        world -> {
          Pair pair = new Pair(world);
          Transport transport = pair.one.nodes().get(0).transport();
          assertEquals(
              List.of(pair.other.ip()),
              world.await(transport.resolve("other"), Duration.ofSeconds(1)));
          assertTrue(transport.resolve("nobody").isFailed());
        });
  }
}

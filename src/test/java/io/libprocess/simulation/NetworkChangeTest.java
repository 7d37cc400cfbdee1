package io.libprocess.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.net.Address;
import io.libprocess.net.Transport;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a network that changes does to connections that are about to be made. */
class NetworkChangeTest {

  @Test
  void nodeThatIsClosed_connectsNoMore() {
    NetworkTest.run(
        NetworkTest.config(),
        world -> {
          NetworkTest.Pair pair = new NetworkTest.Pair(world);
          pair.other.crash();
          pair.connect(NetworkTest.PORT);
          world.runFor(Duration.ofSeconds(1));
          pair.one.nodes().get(0).close();
          world.runFor(Duration.ofMillis(1));
          assertTrue(pair.connecting.failure().getMessage().endsWith("the transport is closed"));
        });
  }

  @Test
  void connectionThatBreaksBeforeItIsAccepted_isNotAccepted() {
    NetworkTest.run(
        SimulationConfig.builder()
            .shrink(false)
            .latency(Latency.fixed(Duration.ofSeconds(1)))
            .build(),
        world -> {
          NetworkTest.Pair pair = new NetworkTest.Pair(world);
          pair.connect(NetworkTest.PORT);
          world.await(pair.connecting, Duration.ofSeconds(10));
          world.network().reset(pair.one, pair.other);
          world.runFor(Duration.ofSeconds(10));
          assertEquals(List.of(), pair.accepted);
        });
  }

  @Test
  void heal_letsNothingBeLateAnyMore() {
    NetworkTest.run(
        NetworkTest.config(),
        world -> {
          NetworkTest.Pair pair = new NetworkTest.Pair(world);
          NetworkTest.End server = pair.open();
          world.network().clog(pair.one, pair.other, Duration.ofMinutes(5));
          pair.client.write(NetworkTest.bytes(10));
          world.network().isolate(pair.other);
          Future<Transport.Channel> second =
              pair.one
                  .nodes()
                  .get(0)
                  .transport()
                  .connect(
                      new Address(pair.other.ip(), NetworkTest.PORT),
                      channel -> new NetworkTest.End().open(channel));
          world.runFor(Duration.ofSeconds(100));
          assertEquals(0, server.received.size());
          world.heal();
          world.runFor(Duration.ofMillis(100));
          assertEquals(10, server.received.size());
          assertTrue(second.isReady());
        });
  }

  @Test
  void writerWhoseReaderStartsAgain_learnsItAlsoIfTheWindowIsFull() {
    NetworkTest.run(
        SimulationConfig.builder().shrink(false).window(1000).build(),
        world -> {
          NetworkTest.Pair pair = new NetworkTest.Pair(world);
          pair.open();
          pair.other.pause(Duration.ofSeconds(1));
          pair.client.write(NetworkTest.bytes(10_000));
          world.runFor(Duration.ofMillis(500));
          pair.other.restart(Host.Restart.KEEP_STORE);
          assertTrue(world.runUntil(() -> pair.client.closed, Duration.ofSeconds(5)));
        });
  }

  @Test
  void resetThatIsLost_comesAgainForWhatIsSentAgain() {
    NetworkTest.run(
        NetworkTest.config(),
        world -> {
          NetworkTest.Pair pair = new NetworkTest.Pair(world);
          pair.open();
          pair.other.restart(Host.Restart.KEEP_STORE);
          world.network().oneWay(pair.other, pair.one);
          pair.client.write(NetworkTest.bytes(10));
          world.runFor(Duration.ofSeconds(10));
          assertEquals(false, pair.client.closed);
          world.heal();
          assertTrue(world.runUntil(() -> pair.client.closed, Duration.ofSeconds(5)));
        });
  }

  @Test
  void reject_answersByResets() {
    NetworkTest.run(
        NetworkTest.config(),
        world -> {
          NetworkTest.Pair pair = new NetworkTest.Pair(world);
          pair.open();
          world.network().reject(List.of(pair.one), List.of(pair.other));
          pair.client.write(NetworkTest.bytes(10));
          Future<Transport.Channel> second =
              pair.one
                  .nodes()
                  .get(0)
                  .transport()
                  .connect(
                      new Address(pair.other.ip(), NetworkTest.PORT),
                      channel -> {
                        throw new AssertionError("connected");
                      });
          world.runFor(Duration.ofSeconds(1));
          assertTrue(second.failure().getMessage().endsWith("Connection refused"));
        });
  }

  @Test
  void swizzle_delaysAndEndsByItself() {
    SimulationConfig config =
        SimulationConfig.builder().latency(Latency.fixed(Duration.ofMillis(1))).build();
    for (long seed = 1; seed <= 5; seed++) {
      Simulation.run(
              seed,
              config,
              world -> {
                NetworkTest.Pair pair = new NetworkTest.Pair(world);
                pair.open();
                world.network().swizzle(Duration.ofSeconds(10));
                world.runFor(Duration.ofSeconds(5));
                Future<Transport.Channel> late =
                    pair.one
                        .nodes()
                        .get(0)
                        .transport()
                        .connect(
                            new Address(pair.other.ip(), NetworkTest.PORT),
                            channel -> new NetworkTest.End().open(channel));
                world.runFor(Duration.ofMillis(3));
                assertTrue(late.isPending());
                world.runFor(Duration.ofSeconds(10));
                assertTrue(late.isReady());
              })
          .orThrow();
    }
  }

  @Test
  void partitionsByShape_keepApartWhomTheyShould() {
    Simulation.run(
            1,
            NetworkTest.config(),
            world -> {
              List<Host> hosts = world.hosts(5, host -> host.start());
              world.network().bridge(hosts.get(0));
              assertEquals(6, reached(world, hosts));
              world.network().heal();
              world.network().majoritiesRing();
              assertEquals(5, reached(world, hosts));
              world.network().heal();
              world.network().halves();
              assertEquals(4, reached(world, hosts));
            })
        .orThrow();
  }

  /** How many pairs of hosts reach each other. */
  private static int reached(World world, List<Host> hosts) {
    int pairs = 0;
    for (Host one : hosts) {
      for (Host other : hosts) {
        if (one.index() < other.index()) {
          Future<Transport.Channel> connection =
              one.nodes()
                  .get(0)
                  .transport()
                  .connect(other.address(), channel -> new NetworkTest.End().open(channel));
          boolean open = world.runUntil(connection::isReady, Duration.ofMillis(900));
          pairs += open ? 1 : 0;
          if (open) {
            connection.get().close();
          } else {
            connection.discard();
          }
        }
      }
    }
    return pairs;
  }

  @Test
  void clog_mayBeForEver() {
    NetworkTest.run(
        NetworkTest.config(),
        world -> {
          NetworkTest.Pair pair = new NetworkTest.Pair(world);
          NetworkTest.End server = pair.open();
          world.runFor(Duration.ofSeconds(1));
          world.network().clog(pair.one, pair.other, ChronoUnit.FOREVER.getDuration());
          pair.client.write(NetworkTest.bytes(10));
          world.runFor(Duration.ofMinutes(1));
          assertEquals(0, server.received.size());
        });
  }
}

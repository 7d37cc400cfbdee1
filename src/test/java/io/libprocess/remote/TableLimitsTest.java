package io.libprocess.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.metrics.Metrics;
import io.libprocess.net.Address;
import io.libprocess.net.NetworkAddress;
import io.libprocess.net.Transport;
import io.libprocess.remote.links.Links;
import io.libprocess.remote.links.LocalProcess;
import io.libprocess.remote.links.ProcessName;
import io.libprocess.remote.wire.MessageCounts;
import io.libprocess.time.Clock;
import java.lang.reflect.Field;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is remembered of other nodes is bounded. */
@Timeout(60)
class TableLimitsTest {

  private static final RemoteLimits LIMITS =
      new RemoteLimits(
          1 << 20, 1 << 20, 100, 1 << 20, 10, Duration.ofMinutes(1), Duration.ofMinutes(0));

  private final Clock clock = Clock.paused(Instant.EPOCH);
  private final Line line = new Line();
  private final Peers peers =
      new Peers(new Here(), new Links(() -> 1), LIMITS, new MessageCounts(new Metrics()));

  @AfterEach
  void close() {
    peers.close();
    clock.close();
  }

  /** Opens no connections. */
  private static final class Line implements Transport {

    @Override
    public Future<Channel> connect(NetworkAddress to, Function<Channel, Handler> connected) {
      return new Promise<Channel>().future();
    }

    @Override
    public Listener listen(
        NetworkAddress address, int backlog, Function<Channel, Handler> accepted) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
  }

  private final class Here implements LocalNode {

    @Override
    public Address address() {
      return Address.loopback(9);
    }

    @Override
    public Clock clock() {
      return clock;
    }

    @Override
    public Transport transport() {
      return line;
    }

    @Override
    public Optional<LocalProcess> find(String id) {
      return Optional.empty();
    }

    @Override
    public Inbox inbox(ProcessName from, String to, String name) {
      throw new UnsupportedOperationException();
    }
  }

  /** Forgetting one that is of this library costs half a second at the next link, and no more. */
  @Test
  void nodesThatWereRecognized_areForgottenWhenTheyAreTooMany() throws Exception {
    Field field = Peers.class.getDeclaredField("recognized");
    field.setAccessible(true);
    Set<?> recognized = (Set<?>) field.get(peers);
    for (int i = 1; i <= 10_000; i++) {
      peers.recognize(Address.loopback(i));
    }
    assertEquals(10_000, recognized.size());

    for (int i = 10_001; i <= 25_000; i++) {
      peers.recognize(Address.loopback(i));
      assertTrue(recognized.size() <= 10_000, "remembered: " + recognized.size());
    }
    assertTrue(recognized.contains(Address.loopback(25_000)));
  }
}

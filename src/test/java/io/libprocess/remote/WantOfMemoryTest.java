package io.libprocess.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.metrics.Metrics;
import io.libprocess.net.Address;
import io.libprocess.net.NetworkAddress;
import io.libprocess.net.Transport;
import io.libprocess.remote.links.LinkEnd;
import io.libprocess.remote.links.LinkTag;
import io.libprocess.remote.links.Links;
import io.libprocess.remote.links.LocalProcess;
import io.libprocess.remote.links.ProcessName;
import io.libprocess.remote.wire.MessageCounts;
import io.libprocess.support.Expect;
import io.libprocess.time.Clock;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Ends are told although the memory runs out for a while. */
@Timeout(60)
class WantOfMemoryTest {

  private static final Address OTHER = Address.loopback(10);
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

  /** Connections that never open, and for some of which there is no memory. */
  private static final class Line implements Transport {
    final List<Promise<Channel>> connections = new ArrayList<>();
    int failures;

    @Override
    public Future<Channel> connect(NetworkAddress to, Function<Channel, Handler> connected) {
      if (failures > 0) {
        failures--;
        throw new OutOfMemoryError("of a test");
      }
      Promise<Channel> connection = new Promise<>();
      connections.add(connection);
      return connection.future();
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

  @Test
  void noticeOfAnEnd_isSentWhenThereIsMemoryAgain() {
    line.failures = 2;
    new EndNotice(new Here(), peers, OTHER, "id", new LinkTag(1, 2), LinkEnd.TERMINATED).send();
    assertEquals(0, line.connections.size());

    peers.look(0); // As a watchdog does: there is still none.
    assertEquals(0, line.connections.size());
    peers.look(0);

    assertEquals(1, line.connections.size());
    peers.look(0); // Nothing is left to be sent.
    assertEquals(1, line.connections.size());
  }

  /** A process whose mailbox finds no memory the first times. */
  private static final class Poor implements LocalProcess {
    final List<ProcessName> told = new ArrayList<>();
    final CountDownLatch done = new CountDownLatch(1);
    int failures = 3;

    @Override
    public ProcessName name() {
      return new ProcessName("poor", Address.loopback(9));
    }

    @Override
    public boolean isNamed() {
      return true;
    }

    @Override
    public boolean isLive() {
      return true;
    }

    @Override
    public void linkEnded(ProcessName ended, LinkEnd end) {
      if (failures-- > 0) {
        throw new OutOfMemoryError("of a test");
      }
      told.add(ended);
      done.countDown();
    }
  }

  @Test
  void linker_isToldOnceAlthoughThereIsNoMemoryAtFirst() {
    Poor poor = new Poor();
    ProcessName linked = new ProcessName("linked", OTHER);
    peers.link(poor, linked, false);

    line.connections.get(0).fail(new IOException("refused"));

    Expect.opened(poor.done);
    assertEquals(List.of(linked), poor.told);
  }
}

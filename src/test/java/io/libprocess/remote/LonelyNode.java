package io.libprocess.remote;

import io.libprocess.metrics.Metrics;
import io.libprocess.net.Address;
import io.libprocess.net.PendingTransport;
import io.libprocess.net.Transport;
import io.libprocess.remote.links.Links;
import io.libprocess.remote.links.LocalProcess;
import io.libprocess.remote.links.ProcessName;
import io.libprocess.remote.wire.MessageCounts;
import io.libprocess.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A node on a paused clock, without processes unless a test adds some, whose connections to others
 * stay pending.
 */
class LonelyNode implements LocalNode, AutoCloseable {

  private static final RemoteLimits LIMITS =
      new RemoteLimits(
          1 << 20, 1 << 20, 100, 1 << 20, 10, Duration.ofMinutes(1), Duration.ofMinutes(0));

  final PendingTransport transport = new PendingTransport();
  private final Clock clock = Clock.paused(Instant.EPOCH);

  {
    clock.advance(Duration.ofHours(1)); // Not at zero.
  }

  final MessageCounts counts = new MessageCounts(new Metrics());
  final Peers peers = new Peers(this, new Links(() -> 1), LIMITS, counts);

  @Override
  public final Address address() {
    return Address.loopback(9);
  }

  @Override
  public Clock clock() {
    return clock;
  }

  @Override
  public final Transport transport() {
    return transport;
  }

  @Override
  public Optional<LocalProcess> find(String id) {
    return Optional.empty();
  }

  @Override
  public Inbox inbox(ProcessName from, String to, String name) {
    throw new UnsupportedOperationException();
  }

  @Override
  public final void close() {
    peers.close();
    clock.close();
  }
}

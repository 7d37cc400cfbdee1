package io.libprocess.actor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.Message;
import io.libprocess.UPID;
import io.libprocess.http.context.ContextWire;
import io.libprocess.metrics.Counter;
import io.libprocess.metrics.Histogram;
import io.libprocess.metrics.Metrics;
import io.libprocess.net.Address;
import io.libprocess.net.PendingTransport;
import io.libprocess.remote.Remote;
import io.libprocess.remote.RemoteLimits;
import io.libprocess.time.Clock;
import io.libprocess.web.Firewall;
import io.libprocess.world.StepScheduler;
import java.lang.reflect.Field;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The heads of messages that are kept are bounded, whatever names a process sends. */
class MessageHeadsTest {

  private static final int MOST = 1024;

  @Test
  void heads_ofManyNamesAreNotAllKept() throws Exception {
    Address here = Address.loopback(9);
    try (Clock clock = Clock.paused(Instant.EPOCH)) {
      StepScheduler scheduler =
          new StepScheduler(clock, task -> {}, Runnable::run, (done, nanos) -> done.isDone());
      Processes.Counts counts =
          new Processes.Counts(
              new Counter("test/drops"),
              new Counter("test/nobody"),
              new Counter("test/ignored"),
              Histogram.ofDurations("test/waited"),
              Histogram.ofDurations("test/ran"));
      LocalMessages local =
          new LocalMessages(
              new Processes(here, scheduler, clock, counts),
              here,
              clock,
              new PendingTransport(),
              1 << 20,
              Optional.empty());
      RemoteLimits limits =
          new RemoteLimits(
              1 << 20, 1 << 20, 10_000, 1 << 20, 10, Duration.ofMinutes(1), Duration.ZERO);
      Remote remote =
          new Remote(local, limits, new Metrics(), () -> 1, false, new Firewall(Optional.empty()));
      Messages messages = new Messages(local, remote, 1 << 20, ContextWire.foreign(clock), () -> 1);
      Field field = Messages.class.getDeclaredField("heads");
      field.setAccessible(true);
      Map<?, ?> heads = (Map<?, ?>) field.get(messages);
      UPID from = new UPID("from", here);
      UPID to = new UPID("to", Address.loopback(10));

      for (int i = 1; i <= MOST; i++) {
        messages.send(new Message(from, to, "name" + i, new byte[0]));
        messages.send(new Message(from, to, "name" + i, new byte[0]));
        assertEquals(i, heads.size());
      }
      for (int i = 0; i < 2 * MOST; i++) {
        messages.send(new Message(from, to, "other" + i, new byte[0]));
        assertTrue(heads.size() <= MOST, "kept: " + heads.size());
      }
      remote.close();
    }
  }
}

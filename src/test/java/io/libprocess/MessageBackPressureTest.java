package io.libprocess;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.config.MessageLimits;
import io.libprocess.future.Future;
import io.libprocess.support.Expect;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Messages to a process that is slower than their senders. */
class MessageBackPressureTest {

  private static final int MAILBOX = 1 << 20;
  private static final int SIZE = 20_000;
  private static final int COUNT = 2000;

  private final List<Node> nodes = new ArrayList<>();
  private final CountDownLatch released = new CountDownLatch(1);
  private final Node receiver = start(MessageLimits.builder().mailboxBytes(MAILBOX).build());
  private final Plain slow = new Plain("slow");
  private final PID<Plain> slowPid = receiver.spawn(slow);

  @AfterEach
  void close() {
    released.countDown();
    nodes.forEach(Node::close);
  }

  private Node start(MessageLimits limits) {
    Node node = Node.start(Config.builder().messageLimits(limits).build());
    nodes.add(node);
    return node;
  }

  private static UPID remote(UPID pid) {
    return new UPID(pid.id(), pid.address());
  }

  private void block() {
    slowPid.dispatch(p -> released.await());
  }

  private List<Future<Delivery>> flood(Node from) {
    List<Future<Delivery>> deliveries = new ArrayList<>();
    for (int i = 0; i < COUNT; i++) {
      deliveries.add(from.postConfirmed(UPID.NONE, remote(slowPid), "m", new byte[SIZE]));
    }
    return deliveries;
  }

  private long waiting() {
    return receiver.messages().waitingBytes(slowPid.cell());
  }

  private void awaitPause() throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(Expect.SECONDS);
    long before = -1;
    while ((waiting() < MAILBOX || waiting() != before) && System.nanoTime() < end) {
      before = waiting();
      Thread.sleep(300);
    }
  }

  @Test
  void messagesToABlockedProcess_waitWhereTheyComeFrom() throws Exception {
    Node sender = start(MessageLimits.defaults());
    block();
    List<Future<Delivery>> deliveries = flood(sender);
    awaitPause();
    // What is above the mark is what one connection may have unanswered.
    assertTrue(waiting() < MAILBOX + 200 * SIZE, waiting() + " bytes wait");
    assertTrue(deliveries.get(COUNT - 1).isPending());

    PID<Plain> quick = receiver.spawn(new Plain("quick"));
    Node other = start(MessageLimits.defaults());
    assertEquals(
        Delivery.ACCEPTED,
        Expect.ready(other.postConfirmed(UPID.NONE, remote(quick), "m", new byte[1])));

    released.countDown();
    for (Future<Delivery> delivery : deliveries) {
      assertEquals(Delivery.ACCEPTED, Expect.ready(delivery));
    }
    for (int i = 0; i < COUNT; i++) {
      assertEquals(SIZE, Expect.next(slow.unhandled).body().length);
    }
    assertEquals(0, waiting());
  }

  @Test
  void processThatEnds_letsTheConnectionGoOn() throws Exception {
    Node sender = start(MessageLimits.defaults());
    PID<Plain> quick = receiver.spawn(new Plain("quick"));
    block();
    flood(sender);
    awaitPause();
    receiver.terminate(slowPid);
    released.countDown();
    assertEquals(
        Delivery.ACCEPTED,
        Expect.ready(sender.postConfirmed(UPID.NONE, remote(quick), "m", new byte[1])));
  }

  @Test
  void endOfALinkedProcess_isToldThoughMessagesBeforeItWait() throws Exception {
    Node sender = start(MessageLimits.defaults());
    PID<Plain> ends = sender.spawn(new Plain("ends"));
    Plain linker = new Plain();
    PID<Plain> linking = receiver.spawn(linker);
    Plain.link(linking, remote(ends), RemoteConnection.REUSE);
    Plain.link(linking, new UPID("nobody", sender.address()), RemoteConnection.REUSE);
    assertEquals(Exit.Reason.NO_PROCESS, Expect.next(linker.gone).reason()); // Announced.
    block();
    flood(sender);
    awaitPause();
    sender.terminate(ends);
    assertEquals(Exit.Reason.TERMINATED, Expect.next(linker.gone).reason());
    assertEquals(1, released.getCount());
  }

  /** A slow receiver is no reason to believe that its node is gone. */
  @Test
  void linkToANodeWithABlockedProcess_outlivesTheHeartbeat() throws Exception {
    Duration heartbeat = Duration.ofSeconds(6); // Half of it is how long a node may be silent.
    Node sender = start(MessageLimits.builder().heartbeat(heartbeat).build());
    Plain linker = new Plain();
    Plain.link(sender.spawn(linker), remote(slowPid), RemoteConnection.REUSE);
    block();
    List<Future<Delivery>> deliveries = flood(sender);
    awaitPause();
    assertEquals(null, linker.gone.poll(heartbeat.toMillis(), TimeUnit.MILLISECONDS));
    released.countDown();
    for (Future<Delivery> delivery : deliveries) {
      assertEquals(Delivery.ACCEPTED, Expect.ready(delivery));
    }
    assertTrue(linker.gone.isEmpty(), linker.gone::toString);
  }
}

package io.libprocess;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.support.Expect;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Messages between nodes draw on the memory of the node that holds them. */
class MessageMemoryTest {

  private static final int MEMORY = 1 << 20;

  private final Node sender = Node.start(Config.builder().build());
  private final Node receiver = Node.start(Config.builder().memoryBudget(MEMORY).build());
  private final Plain process = new Plain("p");
  private final PID<Plain> pid = receiver.spawn(process);
  private final UPID remote = new UPID("p", receiver.address());
  private final CountDownLatch released = new CountDownLatch(1);

  @AfterEach
  void close() {
    released.countDown();
    sender.close();
    receiver.close();
  }

  private Future<Delivery> post(int size) {
    return sender.postConfirmed(UPID.NONE, remote, "m", new byte[size]);
  }

  private static long held(Node node) {
    return Expect.ready(node.metrics().snapshot()).get("libprocess/memory_held").longValue();
  }

  /** The message is read to its end, because others follow it on the same connection. */
  @Test
  void messageThatDoesNotFit_isRefusedAlone() throws Exception {
    Plain linker = new Plain();
    Plain.link(sender.spawn(linker), remote, RemoteConnection.REUSE);
    Future<Delivery> first = post(1);
    Future<Delivery> tooLarge = post(10 * MEMORY);
    Future<Delivery> behind = post(2);

    assertEquals(Delivery.ACCEPTED, Expect.ready(first));
    assertEquals(Delivery.REFUSED, Expect.ready(tooLarge));
    assertEquals(Delivery.ACCEPTED, Expect.ready(behind));
    assertEquals(1, Expect.next(process.unhandled).body().length);
    assertEquals(2, Expect.next(process.unhandled).body().length);
    assertTrue(linker.gone.isEmpty(), "the link is whole");
    Expect.until(() -> held(receiver) < 20_000);
  }

  @Test
  void mailboxes_holdBackThoseWhoSendWhereNothingIsLeft() throws Exception {
    int count = 5000;
    pid.dispatch(p -> released.await());
    List<Future<Delivery>> deliveries = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      deliveries.add(post(1000));
    }
    Expect.until(() -> waiting() > MEMORY / 2);
    long before;
    do {
      before = waiting();
      Expect.pause(200);
    } while (waiting() != before);
    assertTrue(before < 2 * MEMORY, before + " bytes wait");
    assertTrue(held(receiver) >= before - 100_000, held(receiver) + " bytes are counted");

    released.countDown();
    for (Future<Delivery> delivery : deliveries) {
      assertEquals(Delivery.ACCEPTED, Expect.ready(delivery));
    }
    for (int i = 0; i < count; i++) {
      Expect.next(process.unhandled);
    }
    Expect.until(() -> held(receiver) < 20_000);
  }

  private long waiting() {
    return receiver.messages().waitingBytes(pid.cell());
  }

  @Test
  void queuesToOtherNodes_areCountedAndDropWhereNothingIsLeft() throws Exception {
    try (java.net.ServerSocket silent = new java.net.ServerSocket(0)) {
      UPID nobody = UPID.parse("n@127.0.0.1:" + silent.getLocalPort()).orElseThrow();
      // What the system takes does not count, so messages are sent until it takes no more.
      Expect.until(
          () -> {
            Future<Delivery> last =
                receiver.postConfirmed(UPID.NONE, nobody, "m", new byte[100_000]);
            return last.isReady() && last.get() == Delivery.DROPPED && held(receiver) >= MEMORY;
          });
      assertTrue(held(receiver) <= MEMORY + 500_000, held(receiver) + " bytes");
    }
  }
}

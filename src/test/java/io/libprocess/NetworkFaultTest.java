package io.libprocess;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.Exit.Reason;
import io.libprocess.Plain.Gone;
import io.libprocess.future.Future;
import io.libprocess.net.Address;
import io.libprocess.support.Expect;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Messages and links over a network that misbehaves, and to nodes that are killed. */
class NetworkFaultTest {

  private static final int SCALE = Integer.getInteger("libprocess.stress", 1);

  private final Node node = Node.start(Config.builder().build());
  private final BlockingQueue<Integer> got = new LinkedBlockingQueue<>();
  private FaultyProxy proxy;
  private Node other;
  private UPID there; // A process of the other node, by way of the proxy.

  @BeforeEach
  void open() throws IOException {
    proxy = new FaultyProxy();
    other = proxy.startNode();
    other.spawn(new Plain("x", p -> p.install("m", Codec.INT, (from, number) -> got.add(number))));
    there = new UPID("x", proxy.address());
  }

  @AfterEach
  void close() throws IOException {
    node.close();
    other.close();
    proxy.close();
  }

  private Future<Delivery> post(int number) throws Exception {
    return node.postConfirmed(UPID.NONE, there, "m", Codec.INT.encode(number));
  }

  private void expect(int from, int to) throws InterruptedException {
    for (int i = from; i < to; i++) {
      assertEquals(i, Expect.next(got));
    }
  }

  @Test
  void slices_changeNothing() throws Exception {
    int number = 0;
    for (int slice : new int[] {1, 2, 3, 7, 64, 1000}) {
      proxy.slice(slice);
      for (int i = 0; i < 20; i++) {
        post(number++);
      }
      assertEquals(Delivery.ACCEPTED, Expect.ready(post(number++)));
    }
    expect(0, number);
  }

  @Test
  void largeAndSmallMessages_keepTheirOrder() throws Exception {
    Plain receiver = new Plain("y", p -> p.install("m", (from, body) -> got.add(body.length)));
    UPID to = new UPID(other.spawn(receiver).id(), proxy.address());
    List<Integer> sizes = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      int size = i % 3 == 0 ? 100_000 + i : i;
      sizes.add(size);
      node.post(to, "m", new byte[size]);
    }
    for (int size : sizes) {
      assertEquals(size, Expect.next(got));
    }
  }

  @Test
  void partition_thatHealsLosesNothing() throws Exception {
    for (int i = 0; i < 100; i++) {
      post(i);
    }
    proxy.awaitConnection();
    proxy.partition();
    List<Future<Delivery>> held = new ArrayList<>();
    for (int i = 100; i < 1000; i++) {
      held.add(post(i));
    }
    proxy.heal();
    for (Future<Delivery> delivery : held) {
      assertEquals(Delivery.ACCEPTED, Expect.ready(delivery));
    }
    expect(0, 1000);
    assertEquals(1, proxy.accepted());
  }

  @Test
  void resets_loseOnlyWhatIsReported() throws Exception {
    int number = 0;
    int accepted = 0;
    for (int round = 0; round < 20; round++) {
      List<Future<Delivery>> deliveries = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        deliveries.add(post(number++));
      }
      proxy.awaitConnection();
      if (round % 2 == 0) {
        proxy.reset();
      } else {
        proxy.cut();
      }
      for (Future<Delivery> delivery : deliveries) {
        accepted += Expect.ready(delivery) == Delivery.ACCEPTED ? 1 : 0;
      }
      while (node.messages().remote().channel(there.address()) != null) {
        Thread.sleep(1); // If all were answered before, the node may not know of the end yet.
      }
    }
    proxy.slice(100);
    assertEquals(Delivery.ACCEPTED, Expect.ready(post(number)));
    List<Integer> arrived = new ArrayList<>();
    for (int next = Expect.next(got); next != number; next = Expect.next(got)) {
      arrived.add(next);
    }
    // Each at most once and in order; all that were said to be accepted, and perhaps more.
    assertEquals(arrived.stream().distinct().sorted().toList(), arrived);
    assertTrue(arrived.size() >= accepted, arrived.size() + " of " + accepted);
  }

  @Test
  void reconnectStorm_leavesTheNodeResponsive() throws Exception {
    int links = 1000;
    Plain linker = new Plain();
    PID<Plain> linking = node.spawn(linker);
    List<UPID> targets = new ArrayList<>();
    for (int i = 0; i < links; i++) {
      targets.add(new UPID(other.spawn(new Plain("t" + i)).id(), proxy.address()));
    }
    PID<Plain> bystander = node.spawn(new Plain());
    for (int round = 0; round < 5; round++) {
      Expect.ready(
          linking.call(
              p -> {
                targets.forEach(to -> p.link(to));
                return p;
              }));
      proxy.awaitConnection();
      Expect.ready(bystander.call(p -> p));
      proxy.reset();
      for (int i = 0; i < links; i++) {
        assertEquals(Reason.DISCONNECTED, Expect.next(linker.gone).reason());
      }
      Expect.ready(linking.call(p -> p));
      assertTrue(linker.gone.isEmpty());
    }
  }

  @Test
  void linksToManyNodes_thatDoNotExistAreAllReported() throws Exception {
    Plain linker = new Plain();
    PID<Plain> linking = node.spawn(linker);
    int links = 1000;
    linking.dispatch(
        p -> {
          for (int i = 0; i < links; i++) {
            // Each is an address of its own, at which nobody listens.
            byte[] ip = {127, 1, (byte) (i >> 8), (byte) i};
            p.link(new UPID("x", new Address(InetAddress.getByAddress(ip), 9)));
          }
        });
    for (int i = 0; i < links; i++) {
      assertEquals(Reason.DISCONNECTED, Expect.next(linker.gone).reason());
    }
    Expect.ready(linking.call(p -> p));
    assertTrue(linker.gone.isEmpty());
  }

  @Test
  void killedJvm_givesExitAtOnce() throws Exception {
    Plain linker = new Plain();
    PID<Plain> linking = node.spawn(linker);
    try (RemoteChild child = new RemoteChild()) {
      UPID echo = child.upid("echo");
      linking.dispatch(p -> p.link(echo));
      assertEquals(
          Delivery.ACCEPTED, Expect.ready(node.postConfirmed(linking, echo, "m", new byte[1])));
      child.kill();
      Expect.next(new Gone(echo, Reason.DISCONNECTED), linker.gone);
      Expect.ready(linking.call(p -> p));
      assertTrue(linker.gone.isEmpty());
    }
  }

  @Test
  void messagesBetweenJvms_arriveOnceAndInOrder() throws Exception {
    int messages = 100_000 * Math.min(SCALE, 10);
    int block = 1000; // A few of them in flight meet no limit of a queue.
    PID<Plain> here =
        node.spawn(Plain.with(p -> p.install("m", Codec.INT, (from, i) -> got.add(i))));
    try (RemoteChild child = new RemoteChild()) {
      UPID echo = child.upid("echo");
      int received = 0;
      for (int sent = 0; sent < messages; sent++) {
        node.post(here, echo, "m", Codec.INT.encode(sent));
        if (sent - received == 4 * block) {
          expect(received, received + block);
          received += block;
        }
      }
      expect(received, messages);
      assertTrue(got.isEmpty());
    }
  }
}

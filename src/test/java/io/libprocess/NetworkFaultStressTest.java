package io.libprocess;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.support.Expect;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Messages of a few processes, whose heads the receiver soon knows, over a network that cuts them
 * into pieces, holds them back and breaks. All messages of one process arrive once and in order
 * while the connection lives; if it breaks, the missing ones were not reported as accepted.
 */
class NetworkFaultStressTest {

  private static final int ROUNDS = 5 * Integer.getInteger("libprocess.stress", 1);
  private static final int MESSAGES = 150;
  private static final int SENDERS = 3;

  /** One message as its receiver saw it. */
  private record Got(String sender, int number, int size) {}

  private final Node node = Node.start(Config.builder().build());
  private final BlockingQueue<Got> got = new LinkedBlockingQueue<>();
  private final int[] next = new int[SENDERS];
  private FaultyProxy proxy;
  private Node other;
  private UPID there; // By way of the proxy.

  @BeforeEach
  void open() throws IOException {
    proxy = new FaultyProxy();
    other = proxy.startNode();
    other.spawn(new Plain("x", p -> p.install("m", (from, body) -> got.add(read(from, body)))));
    there = new UPID("x", proxy.address());
  }

  @AfterEach
  void close() throws IOException {
    node.close();
    other.close();
    proxy.close();
  }

  private static Got read(UPID from, byte[] body) {
    String digits = new String(body, 0, 9, StandardCharsets.US_ASCII);
    return new Got(from.id(), Integer.parseInt(digits), body.length);
  }

  private Future<Delivery> post(int sender, int size) {
    byte[] body = new byte[9 + size];
    byte[] digits = "%09d".formatted(next[sender]++).getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(digits, 0, body, 0, digits.length);
    return node.postConfirmed(new UPID("s" + sender, node.address()), there, "m", body);
  }

  private static int size(Random random) {
    return random.nextInt(20) == 0 ? random.nextInt(5000) : random.nextInt(200);
  }

  @Test
  void knownHeads_overABadNetworkLoseAndRepeatNothing() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      long seed = round;
      play(new Random(seed), seed);
    }
  }

  private void play(Random random, long seed) throws Exception {
    boolean breaks = random.nextInt(4) == 0;
    int[] first = next.clone();
    int[] broken = first; // What has been sent before the break.
    List<Future<Delivery>> deliveries = new ArrayList<>();
    int[] senders = new int[MESSAGES];
    int fault = random.nextInt(MESSAGES);
    for (int i = 0; i < MESSAGES; i++) {
      if (random.nextInt(10) == 0) {
        proxy.slice(1 + random.nextInt(random.nextInt(8) == 0 ? 64 : 10_000));
      }
      switch (random.nextInt(20)) {
        case 0 -> proxy.partition();
        case 1, 2 -> proxy.heal();
        default -> {}
      }
      if (i == fault && breaks) {
        breakConnection(random.nextBoolean());
        broken = next.clone();
      }
      senders[i] = random.nextInt(SENDERS);
      deliveries.add(post(senders[i], size(random)));
    }
    proxy.heal();
    List<Delivery> ends = new ArrayList<>();
    for (Future<Delivery> delivery : deliveries) {
      ends.add(Expect.ready(delivery));
    }
    proxy.slice(64 << 10);
    check(first, broken, senders, ends, breaks, "seed " + seed);
  }

  private void breakConnection(boolean orderly) throws IOException {
    if (orderly) {
      proxy.cut();
    } else {
      proxy.reset();
    }
  }

  /** Compares the messages that have arrived with the reported outcomes. */
  private void check(
      int[] first, int[] broken, int[] senders, List<Delivery> ends, boolean breaks, String what)
      throws Exception {
    if (!breaks) {
      assertTrue(ends.stream().allMatch(end -> end == Delivery.ACCEPTED), () -> what + ends);
    }
    List<List<Integer>> arrived = arrivedBefore(next.clone());
    int[] number = first.clone();
    List<List<Integer>> accepted = lists();
    for (int i = 0; i < senders.length; i++) {
      int sent = number[senders[i]]++;
      if (ends.get(i) == Delivery.ACCEPTED) {
        accepted.get(senders[i]).add(sent);
      } else if (ends.get(i) == Delivery.DROPPED) {
        assertTrue(!arrived.get(senders[i]).contains(sent), what + ": dropped, but there");
      }
    }
    for (int s = 0; s < SENDERS; s++) {
      List<Integer> all = arrived.get(s);
      assertEquals(all.size(), all.stream().distinct().count(), what + ": repeated");
      int last = broken[s]; // Two connections may overtake each other.
      assertOrder(all.stream().filter(i -> i < last).toList(), what);
      assertOrder(all.stream().filter(i -> i >= last).toList(), what);
      assertTrue(all.containsAll(accepted.get(s)), what + ": accepted, but not there");
      if (!breaks) {
        assertEquals(accepted.get(s), all, what);
      }
    }
  }

  private static void assertOrder(List<Integer> numbers, String what) {
    assertEquals(numbers.stream().sorted().toList(), numbers, what + ": order");
  }

  /** The messages that have arrived from each sender, once a last message of each has. */
  private List<List<Integer>> arrivedBefore(int[] last) throws Exception {
    List<List<Integer>> arrived = lists();
    for (int s = 0; s < SENDERS; s++) {
      assertEquals(Delivery.ACCEPTED, Expect.ready(post(s, 0)));
    }
    for (int missing = SENDERS; missing > 0; ) {
      Got message = Expect.next(got);
      int sender = message.sender().charAt(1) - '0';
      if (message.number() == last[sender]) {
        missing--;
      } else {
        arrived.get(sender).add(message.number());
      }
    }
    assertTrue(got.isEmpty());
    return arrived;
  }

  private static List<List<Integer>> lists() {
    List<List<Integer>> lists = new ArrayList<>();
    for (int s = 0; s < SENDERS; s++) {
      lists.add(new ArrayList<>());
    }
    return lists;
  }
}

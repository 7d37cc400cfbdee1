package io.libprocess.service.balance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.service.Service;
import io.libprocess.service.ServiceStatus;
import io.libprocess.service.Timeline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BalancerTest {

  private final Timeline time = new Timeline();
  private final Map<Integer, TestSessions> nodes = new LinkedHashMap<>();

  private Balancer<Integer, String, String> balancer(LoadMetric metric, int count) {
    Balancer<Integer, String, String> balancer =
        new Balancer<>(
            key -> nodes.computeIfAbsent(key, k -> new TestSessions()),
            metric,
            time.clock(),
            new Random(11));
    balancer.update(IntStream.range(0, count).boxed().toList(), Duration.ZERO);
    return balancer;
  }

  private Balancer<Integer, String, String> balancer(int count) {
    return balancer(LoadMetric.LEAST_LOADED, count);
  }

  private static void call(Balancer<?, String, String> balancer, int times) {
    for (int i = 0; i < times; i++) {
      assertEquals("r", balancer.perRequest().call("q").get());
    }
  }

  private int asked(int node) {
    return nodes.get(node).asked;
  }

  @Test
  void equalNodes_getEqualShares() {
    call(balancer(10), 10_000);
    for (int node = 0; node < 10; node++) {
      assertTrue(Math.abs(asked(node) - 1000) < 150, node + ": " + asked(node));
    }
  }

  @Test
  void lessLoadedNode_isTakenOfTwo() {
    Balancer<Integer, String, String> balancer = balancer(2);
    Service<String, String> held = balancer.acquire().get();
    int busy = asked(0) == 1 ? 0 : 1;
    call(balancer, 50);
    assertEquals(1, asked(busy));
    assertEquals(50, asked(1 - busy));

    held.close(Duration.ZERO);
    call(balancer, 50);
    assertTrue(asked(busy) > 10);
  }

  /** One node of ten takes ten times as long: it gets much less than a tenth. */
  @ParameterizedTest
  @EnumSource(LoadMetric.class)
  void slowNode_getsMuchLessThanItsShare(LoadMetric metric) {
    Balancer<Integer, String, String> balancer = balancer(metric, 10);
    nodes.forEach(
        (key, node) -> node.answer = () -> time.later(Duration.ofMillis(key == 0 ? 500 : 50), "r"));
    Service<String, String> service = balancer.perRequest();
    int requests = 20_000;
    for (int i = 0; i < requests; i++) {
      service.call("q");
      time.advance(Duration.ofNanos(500_000)); // 100 under way at a time.
    }

    double share = (double) asked(0) / requests;
    assertTrue(share < 0.04, metric + ": " + share);
    assertTrue(asked(0) > 3, metric + ": " + asked(0));
  }

  @Test
  void peakEwma_followsLatenciesUpAtOnceAndDownWithTime() {
    PeakEwmaLoad load = new PeakEwmaLoad(time.clock());
    assertEquals(0, load.get());
    long one = load.begin();
    assertTrue(load.get() > 1e18); // Nothing is known, and something under way.
    time.advanceMillis(10);
    load.end(one);
    assertEquals(10e6, load.get());
    long two = load.begin();
    assertEquals(20e6, load.get());
    time.advanceMillis(100);
    load.end(two);
    assertEquals(100e6, load.get());
    time.advance(Duration.ofSeconds(10));

    assertEquals(100e6 / Math.E, load.get(), 1e3);
  }

  @Test
  void betterStatus_winsOverLoad() {
    Balancer<Integer, String, String> balancer = balancer(2);
    nodes.get(0).status = ServiceStatus.BUSY;
    for (int i = 0; i < 20; i++) {
      balancer.acquire(); // And keep it.
    }

    assertEquals(20, asked(1));
    assertEquals(0, balancer.panics());
  }

  /** Requests flow although all nodes are down. */
  @Test
  void allNodesDown_requestsStillFlow() {
    Balancer<Integer, String, String> balancer = balancer(5);
    nodes.values().forEach(node -> node.status = ServiceStatus.BUSY);
    call(balancer, 1000);

    assertEquals(1000, balancer.panics());
    for (int node = 0; node < 5; node++) {
      assertTrue(asked(node) > 100);
    }
    assertEquals(ServiceStatus.BUSY, balancer.status());
  }

  @Test
  void halfOfTheNodesDown_fewPicksPanic() {
    Balancer<Integer, String, String> balancer = balancer(100);
    for (int node = 0; node < 50; node++) {
      nodes.get(node).status = ServiceStatus.BUSY;
    }
    call(balancer, 20_000);

    double share = balancer.panics() / 20_000.0;
    assertTrue(share > 0.002 && share < 0.006, "" + share);
  }

  @Test
  void noNodes_failAtOnce() {
    Balancer<Integer, String, String> balancer = balancer(0);

    assertEquals("there are no endpoints", balancer.acquire().failure().getMessage());
    assertEquals(ServiceStatus.BUSY, balancer.status());
  }

  @Test
  void load_isGivenBackHoweverAnAttemptEnds() {
    Balancer<Integer, String, String> balancer = balancer(2);
    TestSessions slow = nodes.get(0);
    for (int i = 0; i < 4; i++) {
      int way = i;
      slow.next =
          () -> {
            Promise<Service<String, String>> promise = new Promise<>();
            switch (way) {
              case 0 -> promise.fail("x");
              case 1 -> promise.discard();
              case 2 -> promise.abandon();
              default -> promise.future().onDiscard(() -> promise.set(slow.session()));
            }
            return promise.future();
          };
      nodes.get(1).status = ServiceStatus.BUSY;
      balancer.acquire().discard();
      nodes.get(1).status = ServiceStatus.OPEN;
    }
    assertEquals(4, slow.asked);
    assertEquals(0, slow.open());
    slow.working();
    call(balancer, 1000);

    assertTrue(Math.abs(slow.asked - 500) < 100, "" + slow.asked);
  }

  @Test
  void update_keepsWhatIsKnownOfThoseThatStay() {
    Balancer<Integer, String, String> balancer = balancer(2);
    nodes.get(1).status = ServiceStatus.BUSY;
    balancer.acquire().get(); // Kept, so node 0 has a load.
    nodes.get(1).status = ServiceStatus.OPEN;
    List<TestSessions> before = new ArrayList<>(nodes.values());
    assertTrue(balancer.update(List.of(0, 2), Duration.ZERO).isReady());

    assertEquals(2, balancer.size());
    assertTrue(before.get(1).closed);
    assertFalse(before.get(0).closed);
    call(balancer, 50);
    assertEquals(50, asked(2));
  }

  @Test
  void close_closesAllNodes() {
    Balancer<Integer, String, String> balancer = balancer(3);
    assertTrue(balancer.close(Duration.ZERO).isReady());

    assertTrue(nodes.values().stream().allMatch(node -> node.closed));
    assertEquals(ServiceStatus.CLOSED, balancer.status());
    assertTrue(balancer.acquire().isFailed());
    assertThrows(IllegalStateException.class, () -> balancer.update(List.of(1), Duration.ZERO));
  }

  @Test
  void status_isTheBestOfTheNodes() {
    Balancer<Integer, String, String> balancer = balancer(3);
    nodes.get(0).status = ServiceStatus.CLOSED;
    nodes.get(1).status = ServiceStatus.CLOSED;
    nodes.get(2).status = ServiceStatus.BUSY;
    assertEquals(ServiceStatus.BUSY, balancer.status());
    nodes.get(1).status = ServiceStatus.OPEN;
    assertEquals(ServiceStatus.OPEN, balancer.status());
  }

  /** A seed decides everything. */
  @Test
  void sameSeed_picksTheSameNodes() {
    List<Integer> first = new ArrayList<>();
    List<Integer> second = new ArrayList<>();
    for (List<Integer> picks : List.of(first, second)) {
      nodes.clear();
      Balancer<Integer, String, String> balancer = balancer(7);
      nodes.forEach(
          (key, node) ->
              node.answer =
                  () -> {
                    picks.add(key);
                    return Future.of("r");
                  });
      call(balancer, 100);
    }

    assertEquals(first, second);
  }
}

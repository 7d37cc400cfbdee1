package io.libprocess;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.RestartPolicy.Backoff;
import io.libprocess.RestartPolicy.Strategy;
import io.libprocess.Supervisor.Restart;
import io.libprocess.future.CheckedSupplier;
import io.libprocess.future.Failure;
import io.libprocess.future.Future;
import io.libprocess.support.Expect;
import io.libprocess.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which children are restarted together, and when. */
@Timeout(60)
class SupervisorStrategyTest {

  private static final RestartPolicy MANY = RestartPolicy.of(100, Duration.ofSeconds(5));

  private final Clock clock = Clock.paused(Instant.EPOCH);
  private final Node node = Node.start(Config.builder().clock(clock).workers(2).build());
  private final Map<String, Integer> made = new ConcurrentHashMap<>();
  private final Map<String, PID<Plain>> children = new LinkedHashMap<>();
  private PID<Supervisor> supervisor;

  @AfterEach
  void end() {
    node.close();
    clock.close();
  }

  private void supervise(RestartPolicy policy, String... ids) {
    supervisor = node.spawn(new Supervisor("top", policy));
    for (String id : ids) {
      start(Restart.PERMANENT, id);
    }
  }

  private void start(Restart restart, String id) {
    CheckedSupplier<Plain> factory =
        () -> {
          made.merge(id, 1, Integer::sum);
          return new Plain(id);
        };
    children.put(id, Expect.ready(supervisor.call(s -> s.start(restart, factory))));
    clock.settle();
  }

  private void fail(String id) {
    children
        .get(id)
        .dispatch(
            plain -> {
              throw new Failure("broken");
            });
    clock.settle();
  }

  private void pass(Duration time) {
    clock.advance(time);
    clock.settle();
  }

  private List<String> alive() {
    List<String> ids = new ArrayList<>();
    Expect.ready(supervisor.call(Supervisor::children)).forEach(pid -> ids.add(pid.id()));
    return ids;
  }

  @Test
  void oneForAll_restartsAllInTheirOrder() {
    supervise(MANY.withStrategy(Strategy.ONE_FOR_ALL), "a", "b", "c");
    fail("b");
    assertEquals(Map.of("a", 2, "b", 2, "c", 2), made);
    assertEquals(List.of("a", "b", "c"), alive());
  }

  @Test
  void restForOne_restartsThoseThatWereStartedLater() {
    supervise(MANY.withStrategy(Strategy.REST_FOR_ONE), "a", "b", "c", "d");
    fail("c");
    assertEquals(Map.of("a", 1, "b", 1, "c", 2, "d", 2), made);
    fail("b");
    assertEquals(Map.of("a", 1, "b", 2, "c", 3, "d", 3), made);
    fail("d");
    assertEquals(Map.of("a", 1, "b", 2, "c", 3, "d", 4), made);
    assertEquals(List.of("a", "b", "c", "d"), alive());
  }

  @Test
  void temporaryChildren_endWithTheOthersAndStayAway() {
    supervise(MANY.withStrategy(Strategy.ONE_FOR_ALL), "a");
    start(Restart.TEMPORARY, "b");
    start(Restart.TRANSIENT, "c");
    fail("a");
    assertEquals(Map.of("a", 2, "b", 1, "c", 2), made);
    assertEquals(List.of("a", "c"), alive());
  }

  @Test
  void restartsWithOthers_doNotCount() {
    supervise(
        RestartPolicy.of(2, Duration.ofSeconds(5)).withStrategy(Strategy.ONE_FOR_ALL),
        "a",
        "b",
        "c",
        "d");
    fail("a");
    fail("b");
    assertEquals(List.of("a", "b", "c", "d"), alive());
    Future<Exit> exit = node.exit(supervisor);
    fail("c");
    assertEquals(Exit.Reason.FAILED, Expect.ready(exit).reason());
    children.values().forEach(child -> assertTrue(node.await(child, Duration.ZERO)));
  }

  /** Without jitter, so that the times are known. */
  private static Backoff exact(int first, int most, int calm) {
    return new Backoff(
        Duration.ofSeconds(first), Duration.ofSeconds(most), 0, Duration.ofSeconds(calm));
  }

  @Test
  void backoff_doublesUpToItsBoundAndBeginsAnewAfterCalm() {
    supervise(MANY.withBackoff(exact(1, 4, 60)), "a");
    for (int seconds : new int[] {1, 2, 4, 4}) {
      int before = made.get("a");
      fail("a");
      assertEquals(List.of(), alive());
      pass(Duration.ofSeconds(seconds).minusNanos(1));
      assertEquals(before, made.get("a"));
      pass(Duration.ofNanos(1));
      assertEquals(before + 1, made.get("a"));
      assertEquals(List.of("a"), alive());
    }
    pass(Duration.ofSeconds(60));
    fail("a");
    pass(Duration.ofSeconds(1));
    assertEquals(6, made.get("a"));
  }

  @Test
  void backoff_isOfEachChild() {
    supervise(MANY.withBackoff(exact(1, 100, 1000)), "a", "b");
    fail("a");
    pass(Duration.ofSeconds(1));
    fail("a");
    fail("b");
    pass(Duration.ofSeconds(1));
    assertEquals(Map.of("a", 2, "b", 2), made);
    pass(Duration.ofSeconds(1));
    assertEquals(Map.of("a", 3, "b", 2), made);
  }

  @Test
  void failureWhileOthersWait_joinsThem() {
    supervise(
        MANY.withStrategy(Strategy.REST_FOR_ONE).withBackoff(exact(2, 100, 1000)), "a", "b", "c");
    fail("b");
    assertEquals(List.of("a"), alive());
    pass(Duration.ofSeconds(1));
    fail("a");
    pass(Duration.ofSeconds(1));
    assertEquals(List.of(), alive());
    pass(Duration.ofSeconds(1));
    assertEquals(List.of("a", "b", "c"), alive());
    assertEquals(Map.of("a", 2, "b", 2, "c", 2), made);
  }

  @Test
  void childThatIsStoppedWhileItWaits_staysAway() {
    supervise(MANY.withBackoff(exact(1, 1, 10)), "a", "b");
    fail("a");
    assertEquals(true, Expect.ready(supervisor.call(s -> s.stop(children.get("a")))));
    pass(Duration.ofSeconds(1));
    assertEquals(List.of("b"), alive());
    assertEquals(false, Expect.ready(supervisor.call(s -> s.stop(children.get("a")))));
  }

  @Test
  void jitter_takesAwayAPart() {
    Backoff half = Backoff.exponential(Duration.ofSeconds(1), Duration.ofSeconds(8));
    assertEquals(Duration.ofSeconds(1), half.delay(0, () -> 0));
    assertEquals(Duration.ofMillis(750), half.delay(0, () -> 0.5));
    assertEquals(Duration.ofSeconds(4), half.delay(30_000, () -> 1));
    assertEquals(Duration.ZERO, Backoff.NONE.delay(3, () -> 0));
  }

  @Test
  void policies_thatMakeNoSenseAreRefused() {
    Duration second = Duration.ofSeconds(1);
    assertThrows(IllegalArgumentException.class, () -> RestartPolicy.of(-1, second));
    assertThrows(IllegalArgumentException.class, () -> RestartPolicy.of(1, Duration.ZERO));
    assertThrows(
        IllegalArgumentException.class, () -> new Backoff(second, Duration.ZERO, 0, second));
    assertThrows(IllegalArgumentException.class, () -> new Backoff(second, second, 1.1, second));
    assertThrows(
        IllegalArgumentException.class, () -> new Backoff(second, second, 0, Duration.ZERO));
  }
}

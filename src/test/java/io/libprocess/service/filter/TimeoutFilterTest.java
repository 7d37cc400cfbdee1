package io.libprocess.service.filter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.context.Context;
import io.libprocess.context.Deadline;
import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.service.FailureFlag;
import io.libprocess.service.FlaggedFailure;
import io.libprocess.service.ResponseClass;
import io.libprocess.service.ResponseClassifier;
import io.libprocess.service.Service;
import io.libprocess.service.Timeline;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Timeouts, and the deadlines that follow from them. */
class TimeoutFilterTest {

  private static final Duration LIMIT = Duration.ofMillis(100);

  private final Timeline time = new Timeline();
  private final Promise<String> answer = new Promise<>();
  private final List<String> dropped = new ArrayList<>();
  private final List<Deadline> deadlines = new ArrayList<>();
  private final Service<String, String> server =
      request -> {
        Deadline.current().ifPresent(deadlines::add);
        return answer.future();
      };

  private Service<String, String> limited(Duration limit) {
    return new TimeoutFilter<String, String>(limit, time.clock(), dropped::add).andThen(server);
  }

  @Test
  void response_inTimeIsPassedOnAndTheTimerIsGone() {
    Future<String> response = limited(LIMIT).call("q");
    time.advanceMillis(99);
    answer.set("r");

    assertEquals("r", response.get());
    assertEquals(0, time.timers());
  }

  @Test
  void response_thatIsThereNeedsNoTimer() {
    answer.set("r");

    assertEquals("r", limited(LIMIT).call("q").get());
    assertEquals(0, time.timers());
  }

  @Test
  void timeout_failsAndAsksTheServiceToGiveUpBefore() {
    List<String> order = new ArrayList<>();
    answer.future().onDiscard(() -> order.add("discard"));
    Future<String> response = limited(LIMIT).call("q").onFailed(e -> order.add("failed"));
    time.advance(LIMIT);

    RequestTimeoutException failure =
        assertInstanceOf(RequestTimeoutException.class, response.failure());
    assertEquals("no response within PT0.1S", failure.getMessage());
    assertEquals(LIMIT, failure.limit());
    assertEquals(0, failure.getStackTrace().length);
    assertEquals(List.of("discard", "failed"), order);
    assertEquals(
        ResponseClass.NON_RETRYABLE_FAILURE,
        ResponseClassifier.<String, String>standard().decide("q", response));
  }

  @Test
  void timeout_holdsAlsoIfTheServiceFollowsTheDiscard() {
    answer.future().onDiscard(answer::discard);
    Future<String> response = limited(LIMIT).call("q");
    time.advance(LIMIT);

    assertInstanceOf(RequestTimeoutException.class, response.failure());
  }

  @Test
  void response_thatIsLateIsDropped() {
    Future<String> response = limited(LIMIT).call("q");
    time.advance(LIMIT);
    answer.set("late");

    assertTrue(response.isFailed());
    assertEquals(List.of("late"), dropped);
  }

  @Test
  void response_afterADiscardIsDropped() {
    Future<String> response = limited(LIMIT).call("q");
    response.discard();
    assertTrue(answer.future().hasDiscard());
    answer.set("unwanted");

    assertTrue(response.isDiscarded());
    assertEquals(List.of("unwanted"), dropped);
    assertEquals(0, time.timers());
  }

  @Test
  void abandonedResponse_isTimedOut() {
    Future<String> response = limited(LIMIT).call("q");
    answer.abandon();
    assertTrue(response.isAbandoned());
    time.advance(LIMIT);

    assertInstanceOf(RequestTimeoutException.class, response.failure());
  }

  @Test
  void limit_mayBeForEver() {
    Future<String> response = limited(Duration.ofSeconds(Long.MAX_VALUE)).call("q");
    assertEquals(0, time.timers());
    assertEquals(List.of(), deadlines);
    answer.set("r");

    assertEquals("r", response.get());
  }

  @Test
  void limit_isPositive() {
    assertThrows(IllegalArgumentException.class, () -> limited(Duration.ZERO));
    assertThrows(IllegalArgumentException.class, () -> limited(Duration.ofMillis(-1)));
  }

  /* ------ Deadlines ------ */

  private static Deadline deadline(long timestampMillis, long deadlineMillis) {
    return new Deadline(at(timestampMillis), at(deadlineMillis));
  }

  private static Instant at(long millis) {
    return Timeline.START.plusMillis(millis);
  }

  @Test
  void timeout_isTheDeadlineOfTheService() {
    time.advanceMillis(5);
    limited(LIMIT).call("q");

    assertEquals(List.of(deadline(5, 105)), deadlines);
    assertTrue(Deadline.current().isEmpty());
  }

  /**
   * The earliest deadline and the latest timestamp, so that it is never later than the caller's.
   */
  @Test
  void deadline_isNeverLaterThanTheCallers() {
    Random random = new Random(5);
    for (int round = 0; round < 500; round++) {
      time.advanceMillis(random.nextInt(50));
      Deadline inherited = deadline(random.nextInt(20_000), random.nextInt(20_000));
      Duration outer = Duration.ofMillis(1 + random.nextInt(5_000));
      Duration inner = Duration.ofMillis(1 + random.nextInt(5_000));
      deadlines.clear();
      Context.with(
          Deadline.KEY,
          inherited,
          () ->
              new TimeoutFilter<String, String>(outer, time.clock())
                  .andThen(limited(inner))
                  .call("q"));

      Instant now = time.clock().now();
      Instant earliest = inherited.deadline();
      for (Duration limit : List.of(outer, inner)) {
        earliest = now.plus(limit).isBefore(earliest) ? now.plus(limit) : earliest;
      }
      Instant latest = inherited.timestamp().isAfter(now) ? inherited.timestamp() : now;
      assertEquals(List.of(new Deadline(latest, earliest)), deadlines);
    }
  }

  private int refused(DeadlineFilter<String, String> filter, int requests, Deadline deadline) {
    Service<String, String> service = filter.andThen(request -> Future.of("r"));
    int refused = 0;
    for (int i = 0; i < requests; i++) {
      Future<String> response = Context.with(Deadline.KEY, deadline, () -> service.call("q"));
      if (response.isFailed()) {
        assertTrue(FlaggedFailure.has(response.failure(), FailureFlag.DEADLINE_EXCEEDED));
        refused++;
      }
    }
    return refused;
  }

  @Test
  void expiredRequests_areOnlyCountedIfNobodyWantsMore() {
    DeadlineFilter<String, String> filter = DeadlineFilter.observing(time.clock());
    time.advanceMillis(10);

    assertEquals(0, refused(filter, 5, deadline(0, 9)));
    assertEquals(5, filter.expired());
    assertEquals(0, refused(filter, 5, deadline(0, 10)));
    assertEquals(5, filter.expired());
  }

  @Test
  void expiredRequests_areRefusedAsFarAsTheBucketAllows() {
    DeadlineFilter<String, String> filter = DeadlineFilter.rejecting(time.clock());
    time.advanceMillis(10);
    assertEquals(0, refused(filter, 10, deadline(0, 100)));

    assertEquals(2, refused(filter, 2, deadline(0, 1)));
    assertEquals(0, refused(filter, 5, deadline(0, 1)));
    assertEquals(1, refused(filter, 1, deadline(0, 1)));
    assertEquals(8, filter.expired());
    assertTrue(filter.andThen(request -> Future.of("r")).call("q").isReady());
  }

  /** A clock that is wrong cannot have everything refused. */
  @Test
  void expiredRequests_areNeverAllRefused() {
    DeadlineFilter<String, String> filter = DeadlineFilter.rejecting(0.2, time.clock());
    time.advanceMillis(10);

    assertTrue(refused(filter, 1000, deadline(0, 1)) <= 200);
    time.advance(Duration.ofSeconds(11));
    assertEquals(0, refused(filter, 5, deadline(0, 1)));
  }

  @Test
  void share_isChecked() {
    for (double share : new double[] {0, 1.1, Double.NaN}) {
      assertThrows(
          IllegalArgumentException.class, () -> DeadlineFilter.rejecting(share, time.clock()));
    }
  }
}

package io.libprocess.service.filter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.context.Context;
import io.libprocess.context.Deadline;
import io.libprocess.future.Future;
import io.libprocess.service.FailureFlag;
import io.libprocess.service.FlaggedFailure;
import io.libprocess.service.Service;
import io.libprocess.service.Timeline;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Requests whose deadline is past, of several connections. */
class DeadlineFilterTest {

  private static final Instant PAST = Timeline.START.minusSeconds(1);

  private final Timeline time = new Timeline();
  private final DeadlineFilter<String, String> filter =
      DeadlineFilter.<String, String>rejecting(time.clock())
          .perConnection(request -> request.substring(0, 1));
  private final Service<String, String> service = filter.andThen(request -> Future.of("r"));

  private void send(String connection, int times) {
    for (int i = 0; i < times; i++) {
      assertTrue(service.call(connection + i).isReady());
    }
  }

  /** Sends a request that is late; whether it was refused. */
  private boolean late(String connection) {
    Future<String> response =
        Context.with(Deadline.KEY, new Deadline(PAST, PAST), () -> service.call(connection));
    assertTrue(
        response.isReady()
            || FlaggedFailure.has(response.failure(), FailureFlag.DEADLINE_EXCEEDED));
    return response.isFailed();
  }

  @Test
  void connections_haveBucketsOfTheirOwn() {
    send("a", 10);
    assertEquals(false, late("b"), "what a has sent allows b nothing");
    assertTrue(late("a"));
    assertTrue(late("a"));
    assertEquals(false, late("a"));

    assertEquals(4, filter.expired());
    assertEquals(2, filter.refused());
  }

  /** A fifth of the requests of each connection, in any ten seconds and a tenth more. */
  @Test
  void anyConnection_hasAFifthRefusedAtMost() {
    Random random = new Random(8);
    Deque<Duration> served = new ArrayDeque<>();
    Deque<Duration> refused = new ArrayDeque<>();
    for (int i = 0; i < 20_000; i++) {
      time.advanceMillis(random.nextInt(20));
      send("b", random.nextInt(3));
      boolean isLate = random.nextInt(3) > 0;
      boolean isRefused = isLate && late("a");
      if (!isLate) {
        send("a", 1);
      }
      (isRefused ? refused : served).add(time.elapsed());
      Duration begin = time.elapsed().minus(Duration.ofSeconds(11));
      for (Deque<Duration> times : java.util.List.of(served, refused)) {
        while (!times.isEmpty() && times.peek().compareTo(begin) < 0) {
          times.remove();
        }
      }
      // What was saved up in the window before may be spent in this one.
      assertTrue(5 * refused.size() <= 2 * (served.size() + refused.size()) + 5);
    }
    assertTrue(filter.refused() > 2000, "" + filter.refused());
    assertTrue(5 * filter.refused() <= 20_000, "" + filter.refused());
  }

  @Test
  void buckets_expireAfterTenSeconds() {
    send("a", 10);
    time.advance(Duration.ofSeconds(11));

    assertEquals(false, late("a"));
  }

  /** As many connections as anybody likes to open take no more memory than that. */
  @Test
  void buckets_areForgottenWhenThereAreMany() {
    DeadlineFilter<Integer, String> wide =
        DeadlineFilter.<Integer, String>rejecting(1, time.clock())
            .perConnection(request -> request);
    Service<Integer, String> many = wide.andThen(request -> Future.of("r"));
    many.call(-1);
    for (int i = 0; i < KeyedSums.MOST_KEPT; i++) {
      many.call(i);
    }
    Deadline past = new Deadline(PAST, PAST);
    assertTrue(Context.with(Deadline.KEY, past, () -> many.call(-1)).isReady(), "forgotten");
    assertTrue(
        Context.with(Deadline.KEY, past, () -> many.call(KeyedSums.MOST_KEPT - 1)).isFailed());
  }
}

package io.libprocess.context;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Deadlines are combined so that none gets later, and travel in the form of Finagle. */
class DeadlineTest {

  private static final ContextCodec<Deadline> CODEC = Deadline.KEY.codec().orElseThrow();
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.000000006Z");

  @Test
  void combined_isNeverLaterThanEither() {
    Random random = new Random(1);
    for (int i = 0; i < 1000; i++) {
      Deadline one = random(random);
      Deadline other = random(random);
      Deadline both = one.combined(other);
      assertFalse(both.deadline().isAfter(one.deadline()));
      assertFalse(both.deadline().isAfter(other.deadline()));
      assertFalse(both.timestamp().isBefore(one.timestamp()));
      assertEquals(both, other.combined(one));
      assertEquals(both, CODEC.decode(CODEC.encode(both)));
    }
  }

  private static Deadline random(Random random) {
    return Deadline.after(
        NOW.plusNanos(random.nextInt()), Duration.ofNanos(random.nextInt(1_000_000)));
  }

  @Test
  void deadlines_expireAfterTheirLastNanosecond() {
    Deadline deadline = Deadline.after(NOW, Duration.ofNanos(5));
    assertFalse(deadline.isExpired(NOW.plusNanos(5)));
    assertTrue(deadline.isExpired(NOW.plusNanos(6)));
    assertEquals(Duration.ofNanos(-1), deadline.remaining(NOW.plusNanos(6)));
  }

  @Test
  void text_isTheTimesInNanosecondsSinceTheEpoch() {
    assertEquals(
        "1767323045000000006 1767323045000000016",
        CODEC.encode(Deadline.after(NOW, Duration.ofNanos(10))));
  }

  @Test
  void farDeadlines_areCutToWhatTheTextCanSay() {
    Deadline far = Deadline.after(NOW, Duration.ofSeconds(Long.MAX_VALUE));
    assertEquals("1767323045000000006 " + Long.MAX_VALUE, CODEC.encode(far));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1", "a b", "1 2 3", "1 ", "99999999999999999999 1"})
  void text_ofAnotherFormIsRefused(String text) {
    assertThrows(IllegalArgumentException.class, () -> CODEC.decode(text));
  }
}

package io.libprocess.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {

  @ParameterizedTest
  @CsvSource({
    "0ns, PT0S",
    "5ns, PT0.000000005S",
    "3us, PT0.000003S",
    "500ms, PT0.5S",
    "2s, PT2S",
    "2secs, PT2S",
    "1.5secs, PT1.5S",
    "0.25mins, PT15S",
    "3hrs, PT3H",
    "2days, PT48H",
    "1weeks, PT168H",
  })
  void numberAndUnit_areADuration(String text, Duration expected) {
    assertEquals(expected, Durations.parse(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "5", "secs", "5 secs", "-5secs", "1.secs", ".5secs", "5SECS", "5fortnights"})
  void anythingElse_isRefusedByName(String text) {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> Durations.parse(text));
    assertTrue(refused.getMessage().contains("'" + text + "'"), refused.getMessage());
  }

  @Test
  void upToForEver_isTaken() {
    assertEquals(Duration.ofDays(7 * 99_999), Durations.parse("99999weeks"));
    assertEquals(Duration.ofSeconds(Long.MAX_VALUE), Durations.parse(Long.MAX_VALUE + "secs"));
    assertEquals(Duration.ofNanos(1), Durations.parse("1.9ns"));
  }

  @Test
  void tooLong_isRefused() {
    assertThrows(IllegalArgumentException.class, () -> Durations.parse(Long.MAX_VALUE + "mins"));
    assertThrows(IllegalArgumentException.class, () -> Durations.parse("9".repeat(1000) + "ns"));
  }
}

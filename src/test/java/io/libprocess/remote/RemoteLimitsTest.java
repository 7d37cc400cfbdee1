package io.libprocess.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RemoteLimitsTest {

  @ParameterizedTest
  @CsvSource({
    "60000, 0, 1000",
    "4000, 0, 1000",
    "2000, 0, 500",
    "60000, 12000, 1000",
    "60000, 6000, 500",
    "2000, 1200, 100",
    "400, 6000, 100",
    "1, 0, 1",
    "60000, 1, 1"
  })
  void connections_areLookedAtOftenEnoughForAllLimits(long answer, long heartbeat, long period) {
    RemoteLimits limits =
        new RemoteLimits(1, 1, 1, 1, 1, Duration.ofMillis(answer), Duration.ofMillis(heartbeat));
    assertEquals(Duration.ofMillis(period), limits.period());
  }
}

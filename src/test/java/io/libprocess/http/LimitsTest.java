package io.libprocess.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LimitsTest {

  @Test
  void defaults_asDocumented() {
    Limits limits = Limits.defaults();

    assertEquals(8192, limits.requestLine());
    assertEquals(81920, limits.head());
    assertEquals(100, limits.fields());
    assertEquals(64L << 20, limits.body());
    assertEquals(Duration.ofSeconds(10), limits.headTime());
    assertEquals(limits, Limits.builder().build());
  }

  @Test
  void builder_changesOnlyWhatIsSet() {
    Limits limits = Limits.builder().body(7).idleTime(Duration.ofMillis(1)).build();

    assertEquals(7, limits.body());
    assertEquals(Duration.ofMillis(1), limits.idleTime());
    assertEquals(Limits.defaults().head(), limits.head());
    assertEquals(limits, limits.toBuilder().build());
  }

  private static void assertRefused(String name, Limits.Builder builder) {
    String message = assertThrows(IllegalArgumentException.class, builder::build).getMessage();
    assertTrue(message.startsWith(name), message);
  }

  @Test
  void build_checksTheValues() {
    assertRefused("requestLine", Limits.builder().requestLine(15));
    assertRefused("head", Limits.builder().requestLine(100).head(99));
    assertRefused("fields", Limits.builder().fields(0));
    assertRefused("body", Limits.builder().body(-1));
    assertRefused("chunkLine", Limits.builder().chunkLine(2));
    assertRefused("trailers", Limits.builder().trailers(1));
    assertRefused("pipelined", Limits.builder().pipelined(0));
    assertRefused("headTime", Limits.builder().headTime(Duration.ZERO));
    assertRefused("idleTime", Limits.builder().idleTime(Duration.ofSeconds(-1)));
    assertRefused("bodyTime", Limits.builder().bodyTime(Duration.ZERO));
  }
}

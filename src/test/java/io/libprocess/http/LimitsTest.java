package io.libprocess.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

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

  @Test
  void http2_checksTheValues() {
    assertRefusedHttp2("http2.resets", 0, 0, 100, 1, 65_535, 0);
    assertRefusedHttp2("http2.resetsPerSecond", 1, -1, 100, 1, 65_535, 0);
    assertRefusedHttp2("http2.oddities", 1, 0, 99, 1, 65_535, 0);
    assertRefusedHttp2("http2.odditiesPerSecond", 1, 0, 100, 0, 65_535, 0);
    assertRefusedHttp2("http2.window", 1, 0, 100, 1, 65_534, 0);
    assertRefusedHttp2("http2.growth", 1, 0, 100, 1, 65_535, -1);
    Limits.Http2 least =
        new Limits.Http2(
            1, 0, 100, 1, 65_535, 0, Duration.ZERO, Duration.ofNanos(1), Limits.Bursts.defaults());
    assertEquals(least, Limits.builder().http2(any -> least).build().http2());
    Duration negative = Duration.ofNanos(-1);
    assertRefused("http2.ping", () -> least.withPing(negative));
    assertRefused("http2.maxAge", () -> least.withMaxAge(negative));
    Limits.Bursts bursts = new Limits.Bursts(0, 0, 8, 100, 0);
    assertEquals(bursts, least.withBursts(any -> bursts).bursts());
    assertRefused("http2.emptyData", () -> bursts.withEmptyData(-1));
    assertRefused("http2.continuations", () -> bursts.withContinuations(-1));
    assertRefused("http2.settings", () -> bursts.withSettings(7));
    assertRefused("http2.control", () -> bursts.withControl(99));
    assertRefused("http2.waiting", () -> bursts.withWaiting(-1));
  }

  private static void assertRefusedHttp2(
      String name, int resets, int more, int oddities, int moreOddities, int window, int growth) {
    assertRefused(
        name,
        () ->
            new Limits.Http2(
                resets,
                more,
                oddities,
                moreOddities,
                window,
                growth,
                Duration.ZERO,
                Duration.ZERO,
                Limits.Bursts.defaults()));
  }

  private static void assertRefused(String name, Executable change) {
    String message = assertThrows(IllegalArgumentException.class, change).getMessage();
    assertTrue(message.startsWith(name), message);
  }
}

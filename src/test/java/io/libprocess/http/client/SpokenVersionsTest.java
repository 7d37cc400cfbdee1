package io.libprocess.http.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.libprocess.http.ClientSettings;
import io.libprocess.http.ClientSettings.Http2;
import io.libprocess.http.Url;
import io.libprocess.http.http2.Http2Counts;
import io.libprocess.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is remembered of servers, and for how long. */
class SpokenVersionsTest {

  private final Clock clock = Clock.paused(Instant.EPOCH);
  private final SpokenVersions spoken =
      new SpokenVersions(
          new Dialer(
              new FakeTransport(), clock, ClientSettings.defaults(), Http2Counts.ofClient()));

  @AfterEach
  void close() {
    clock.close();
  }

  private static Url server(int number) {
    return Url.parse("https://server" + number + ".example/");
  }

  @Test
  void version_isRememberedForTenMinutes() {
    assertEquals(Http2.ALPN, spoken.by(server(1)));
    clock.advance(Duration.ofHours(1));
    spoken.remember(server(1), Http2.OFF);
    assertEquals(Http2.OFF, spoken.by(server(1)));
    assertEquals(Http2.ALPN, spoken.by(server(2)));
    clock.advance(Duration.ofMillis(599_999));
    assertEquals(Http2.OFF, spoken.by(server(1)));
    clock.advance(Duration.ofMillis(1));
    assertEquals(Http2.ALPN, spoken.by(server(1)));
  }

  @Test
  void version_thatWasSeenLastIsTheOne() {
    spoken.remember(server(1), Http2.OFF);
    spoken.remember(server(1), Http2.PRIOR_KNOWLEDGE);
    assertEquals(Http2.PRIOR_KNOWLEDGE, spoken.by(server(1)));
  }

  @Test
  void thousandServers_areRemembered_thoseThatWereSeenLast() {
    for (int number = 1; number <= 1000; number++) {
      spoken.remember(server(number), Http2.OFF);
    }
    assertEquals(Http2.OFF, spoken.by(server(1)));
    spoken.remember(server(1), Http2.OFF);
    spoken.remember(server(1001), Http2.OFF);
    assertEquals(Http2.OFF, spoken.by(server(1)));
    assertEquals(Http2.ALPN, spoken.by(server(2)));
    assertEquals(Http2.OFF, spoken.by(server(3)));
    assertEquals(Http2.OFF, spoken.by(server(1001)));
  }
}

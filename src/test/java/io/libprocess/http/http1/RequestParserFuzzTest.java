package io.libprocess.http.http1;

import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.http.Limits;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Feeds mutated requests to the parser: its results must not depend on how they are cut, and it
 * must end, and refuse only with its own rejections. {@code -Dlibprocess.stress=50} makes it a
 * million inputs.
 */
class RequestParserFuzzTest {

  private static final int INPUTS =
      20_000 * Math.max(1, Integer.getInteger("libprocess.stress", 1));

  private static final Limits LIMITS =
      Limits.builder().requestLine(128).head(256).fields(5).chunkLine(24).trailers(48).build();

  private static final List<String> SEEDS =
      List.of(
          "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
          "GET /path?key=value&k%20=v#part HTTP/1.1\r\n"
              + "Host: localhost:80\r\n"
              + "Connection: close\r\n\r\n",
          "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\nhello world",
          "POST /e HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
              + "5\r\nhello\r\n6;ext=1\r\nworld!\r\n0\r\nTrailer: x\r\n\r\n",
          "HEAD http://example.com:8080/x HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
          "OPTIONS * HTTP/1.1\r\n"
              + "Host: [::1]:80\r\n"
              + "Expect: 100-continue\r\n"
              + "Content-Length: 1\r\n\r\n"
              + "x",
          "\r\nPUT /a HTTP/1.1\r\nhost: a\r\nX-Long: " + "y".repeat(60) + "\r\n\r\n");

  private static final Mutations REQUESTS = new Mutations(SEEDS, 3, Mutations.OF_MESSAGES);

  @Test
  void mutatedRequests() {
    Random random = new Random(20260101);
    assertTimeoutPreemptively(
        Duration.ofMinutes(2L + INPUTS / 20_000),
        () -> {
          int accepted = 0;
          int rejected = 0;
          for (int i = 0; i < INPUTS; i++) {
            byte[] wire = REQUESTS.next(random).getBytes(StandardCharsets.ISO_8859_1);
            Parsed parsed = Cuts.compare(wire, random, sizes -> Parsed.parse(wire, LIMITS, sizes));
            accepted += parsed.messages().size();
            rejected += parsed.rejection().isPresent() ? 1 : 0;
          }
          // The mutations must be neither harmless nor fatal throughout.
          assertTrue(accepted > INPUTS / 10, "accepted " + accepted);
          assertTrue(rejected > INPUTS / 10, "rejected " + rejected);
        });
  }
}

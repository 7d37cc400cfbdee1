package io.libprocess.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Throws mutated requests at the parser: it must find the same in them however they are cut, end,
 * and refuse only in its own way. {@code -Dlibprocess.stress=50} makes it a million inputs.
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

  private static final List<String> PIECES =
      List.of(
          "\r\n",
          "\n",
          "\r",
          "\r\n\r\n",
          " ",
          "\t",
          ":",
          "\0",
          "\u007f",
          "\u00ff",
          "%",
          "%4",
          "?",
          "#",
          "/",
          "*",
          "0",
          "f",
          "ffffffffffffffff",
          ";",
          ",",
          "chunked",
          "close",
          "keep-alive",
          "Content-Length: 3\r\n",
          "Transfer-Encoding: chunked\r\n",
          "Host: b\r\n",
          "X: y\r\n",
          "HTTP/1.1",
          "HTTP/1.0",
          "HTTP/2.0",
          "http://",
          "0\r\n\r\n",
          "Expect: 100-continue\r\n");

  @Test
  void mutatedRequests() {
    Random random = new Random(20260101);
    assertTimeoutPreemptively(
        Duration.ofMinutes(2L + INPUTS / 20_000),
        () -> {
          int accepted = 0;
          int rejected = 0;
          for (int i = 0; i < INPUTS; i++) {
            Parsed parsed = check(mutated(random), random);
            accepted += parsed.messages().size();
            rejected += parsed.rejection().isPresent() ? 1 : 0;
          }
          // The mutations must be neither harmless nor fatal throughout.
          assertTrue(accepted > INPUTS / 10, "accepted " + accepted);
          assertTrue(rejected > INPUTS / 10, "rejected " + rejected);
        });
  }

  private static byte[] mutated(Random random) {
    StringBuilder wire = new StringBuilder();
    for (int i = random.nextInt(3); i >= 0; i--) {
      wire.append(SEEDS.get(random.nextInt(SEEDS.size())));
    }
    for (int i = random.nextInt(4); i >= 0; i--) {
      mutate(wire, random);
    }
    return wire.toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  private static void mutate(StringBuilder wire, Random random) {
    int at = random.nextInt(wire.length() + 1);
    int end = Math.min(wire.length(), at + 1 + random.nextInt(random.nextInt(16) + 1));
    switch (random.nextInt(6)) {
      case 0 -> wire.insert(at, PIECES.get(random.nextInt(PIECES.size())));
      case 1 -> wire.replace(at, end, PIECES.get(random.nextInt(PIECES.size())));
      case 2 -> wire.delete(at, end);
      case 3 -> wire.insert(at, wire.substring(at, end));
      case 4 -> wire.insert(at, (char) random.nextInt(256));
      default -> wire.insert(at, "z".repeat(random.nextInt(300)));
    }
  }

  private static Parsed check(byte[] wire, Random random) {
    Parsed whole = Parsed.parse(wire, LIMITS, at -> wire.length);
    assertEquals(whole, Parsed.parse(wire, LIMITS, at -> 1), () -> text(wire));
    int cut = random.nextInt(wire.length + 1);
    assertEquals(
        whole,
        Parsed.parse(wire, LIMITS, at -> at < cut ? cut - at : wire.length),
        () -> text(wire));
    int[] sizes = random.ints(64, 1, 12).toArray();
    assertEquals(
        whole, Parsed.parse(wire, LIMITS, at -> sizes[at % sizes.length]), () -> text(wire));
    return whole;
  }

  private static String text(byte[] wire) {
    return Arrays.toString(wire) + "\n" + new String(wire, StandardCharsets.ISO_8859_1);
  }
}

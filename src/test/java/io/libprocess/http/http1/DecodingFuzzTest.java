package io.libprocess.http.http1;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.http.Percent;
import io.libprocess.http.Query;
import io.libprocess.http.Request;
import io.libprocess.http.grammar.Accepts;
import io.libprocess.http.grammar.ByteRange;
import io.libprocess.http.grammar.EntityTags;
import io.libprocess.http.grammar.HttpDate;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/**
 * Feeds texts with the significant characters to the decoders of queries, escapes, targets, ranges
 * and dates: they throw only their own exceptions, and accepted texts can be encoded again to the
 * same. {@code -Dlibprocess.stress=50} makes it a million inputs.
 */
class DecodingFuzzTest {

  private static final int INPUTS =
      20_000 * Math.max(1, Integer.getInteger("libprocess.stress", 1));

  private static final List<String> PIECES =
      List.of(
          "%",
          "%4",
          "%41",
          "%zz",
          "%00",
          "%C3%A4",
          "%FF",
          "+",
          "&",
          ";",
          "=",
          "?",
          "#",
          "/",
          "//",
          ":",
          "@",
          "[",
          "]",
          "[::1]",
          "http",
          "https",
          "://",
          "http://a",
          ":80",
          ":99999",
          "a",
          "Z",
          "0",
          " ",
          "\t",
          "\r\n",
          "\0",
          "\u00e4",
          "\ud83d\ude00",
          "..",
          "/../",
          "\\",
          "\"",
          "W/",
          "bytes=",
          "-",
          "1-2",
          ",",
          "9".repeat(30),
          "Sun, 06 Nov 1994 08:49:37 GMT",
          "*",
          "q=0.5");

  private static String text(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(8); i >= 0; i--) {
      text.append(PIECES.get(random.nextInt(PIECES.size())));
    }
    return text.toString();
  }

  /** The result of a decoder, or empty if it refuses. */
  private static <T> Optional<T> attempt(Supplier<T> decoder) {
    try {
      return Optional.of(decoder.get());
    } catch (IllegalArgumentException expected) {
      return Optional.empty();
    }
  }

  @Test
  void decoders_refuseOnlyInTheirOwnWay() {
    Random random = new Random(20260102);
    int[] taken = new int[2];
    assertTimeoutPreemptively(
        Duration.ofMinutes(2L + INPUTS / 20_000),
        () -> {
          for (int i = 0; i < INPUTS; i++) {
            String text = text(random);
            taken[0] += query(text) ? 1 : 0;
            taken[1] += attempt(() -> Percent.decode(text)).isPresent() ? 1 : 0;
            attempt(() -> Request.get("/" + text));
            header(text);
          }
        });
    for (int count : taken) {
      assertTrue(count > INPUTS / 200 && count < INPUTS, "taken " + count);
    }
  }

  private static boolean query(String text) {
    Optional<Map<String, String>> query = attempt(() -> Query.decode(text));
    query.ifPresent(
        decoded -> assertEquals(decoded, Query.decode(Query.encode(decoded)), () -> text));
    return query.isPresent();
  }

  private static void header(String text) {
    HttpDate.parse(text);
    ByteRange.parse(text, 10)
        .ifPresent(range -> assertTrue(range.length() >= 0 && range.length() <= 10, text));
    EntityTags.contain(text, "\"a\"", false);
    Accepts.encoding(text, "gzip");
  }

  @Test
  void escapes_bringEveryByteBack() {
    Random random = new Random(20260103);
    for (int i = 0; i < INPUTS / 10; i++) {
      byte[] bytes = new byte[random.nextInt(20)];
      random.nextBytes(bytes);
      assertArrayEquals(bytes, Percent.decodeBytes(Percent.encode(bytes)));
    }
  }

  @Test
  void queries_bringEveryTextBack() {
    Random random = new Random(20260104);
    for (int i = 0; i < INPUTS / 10; i++) {
      Map<String, String> query = new HashMap<>();
      for (int j = random.nextInt(3); j >= 0; j--) {
        query.put(text(random), text(random));
      }
      assertEquals(query, Query.decode(Query.encode(query)));
    }
  }
}

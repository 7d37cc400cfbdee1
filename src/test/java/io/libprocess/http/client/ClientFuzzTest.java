package io.libprocess.http.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.http.Limits;
import io.libprocess.http.Url;
import io.libprocess.http.http1.Cuts;
import io.libprocess.http.http1.MessageParser;
import io.libprocess.http.http1.Mutations;
import io.libprocess.http.http1.ResponseParser;
import io.libprocess.stream.Chunk;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;

/**
 * Feeds mutated responses and URLs to their parsers: the results for a response must not depend on
 * how it is cut, and only the parsers' own exceptions may occur. {@code -Dlibprocess.stress=200}
 * makes it a million inputs each.
 */
class ClientFuzzTest {

  private static final int INPUTS = 5_000 * Math.max(1, Integer.getInteger("libprocess.stress", 1));
  private static final int MOST_EVENTS = 10_000;

  private static final Limits LIMITS =
      Limits.builder().requestLine(64).head(256).fields(5).chunkLine(24).trailers(48).build();

  private static final List<String> RESPONSES =
      List.of(
          "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
              + "5\r\nhello\r\n6;ext=1\r\nworld!\r\n0\r\nTrailer: x\r\n\r\n",
          "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n",
          "HTTP/1.0 304\r\nConnection: keep-alive\r\nETag: \"x\"\r\n\r\n",
          "HTTP/1.1 100 Continue\r\n\r\n"
              + "HTTP/1.1 299 \r\n"
              + "X: y\r\n"
              + " folded\r\n"
              + "Content-Length: 0\r\n\r\n",
          "HTTP/1.1 404 Not Found\r\n\r\nuntil the end");

  private static final List<String> URLS =
      List.of(
          "http://example.com/path?key=value#part",
          "https://[::1]:8443/",
          "http+unix://%2Frun%2Fx.sock/a",
          "http://127.0.0.1:80/a/../b/./c",
          "abc://host:1/?%20");

  private static final List<String> URL_PIECES =
      List.of(
          "://",
          ":",
          "/",
          "//",
          "?",
          "#",
          "@",
          "%",
          "%2",
          "%2F",
          "[",
          "]",
          "::",
          "..",
          ".",
          "\\",
          " ",
          "\0",
          "\n",
          "\u00e9",
          "65536",
          "0",
          "-1",
          "http",
          "https",
          "http+unix",
          "user:pw@");

  private static final Mutations MUTATED_RESPONSES =
      new Mutations(RESPONSES, 3, Mutations.OF_MESSAGES);
  private static final Mutations MUTATED_URLS = new Mutations(URLS, 1, URL_PIECES);

  private final Random random = new Random(20260103);

  /* ------ Responses ------ */

  @Test
  void mutatedResponses() {
    assertTimeoutPreemptively(
        Duration.ofMinutes(2L + INPUTS / 5_000),
        () -> {
          int accepted = 0;
          int rejected = 0;
          for (int i = 0; i < INPUTS; i++) {
            byte[] wire = MUTATED_RESPONSES.next(random).getBytes(StandardCharsets.ISO_8859_1);
            String found = Cuts.compare(wire, random, sizes -> parse(wire, sizes));
            accepted += found.contains("END") ? 1 : 0;
            rejected += found.contains("REJECTED") ? 1 : 0;
          }
          assertTrue(accepted > INPUTS / 10, "accepted " + accepted);
          assertTrue(rejected > INPUTS / 10, "rejected " + rejected);
        });
  }

  /** The results, independent of how bodies are cut. Every third response answers a HEAD. */
  private static String parse(byte[] wire, IntUnaryOperator sizes) {
    StringBuilder found = new StringBuilder();
    int[] responses = {0};
    ResponseParser parser = new ResponseParser(LIMITS, () -> ++responses[0] % 3 == 0);
    Cuts.feed(
        wire,
        sizes,
        piece -> {
          parser.feed(piece);
          drain(parser, found);
        });
    if (parser.endInput()) {
      drain(parser, found);
    }
    return found.append(parser.isInsideHead()).append(parser.isInsideBody()).toString();
  }

  private static void drain(ResponseParser parser, StringBuilder found) {
    for (int events = 0; events < MOST_EVENTS; events++) {
      MessageParser.Event event = parser.next();
      switch (event) {
        case STARVED -> {
          return;
        }
        case REJECTED -> {
          String reason = " REJECTED " + parser.rejection().reason();
          if (found.indexOf(reason) < 0) {
            found.append(reason);
          }
          return;
        }
        case INTERIM, HEAD -> {
          found.append(event).append(parser.status()).append(parser.keepsAlive());
          parser.takeHeaders().forEach(found::append);
        }
        case PIECE -> found.append(text(parser.piece()));
        case END -> {
          found.append("END");
          parser.takeTrailers().forEach(found::append);
        }
      }
    }
    throw new AssertionError("too many events");
  }

  /** One character for each byte, so that cuts do not show. */
  private static String text(Chunk piece) {
    return new String(piece.toArray(), StandardCharsets.ISO_8859_1);
  }

  /* ------ URLs ------ */

  @Test
  void mutatedUrls() {
    Url base = Url.parse("http://base/a/b");
    int accepted = 0;
    for (int i = 0; i < INPUTS; i++) {
      String text = MUTATED_URLS.next(random);
      Optional<Url> parsed = parse(text);
      parsed.ifPresent(url -> assertEquals(url, Url.parse(url.toString()), text));
      accepted += parsed.isPresent() ? 1 : 0;
      try {
        Url resolved = base.resolve(text);
        assertEquals(resolved, Url.parse(resolved.toString()), text);
      } catch (IllegalArgumentException e) {
        assertTrue(e.getMessage() != null && !e.getMessage().isEmpty(), text);
      }
    }
    assertTrue(accepted > INPUTS / 10 && accepted < INPUTS * 9 / 10, "accepted " + accepted);
  }

  private static Optional<Url> parse(String text) {
    try {
      Url url = Url.parse(text);
      url.query();
      url.fragment();
      assertTrue(url.authority().chars().allMatch(c -> c > ' ' && c < 0x7F), text);
      assertTrue(url.target().chars().allMatch(c -> c > ' ' && c < 0x7F), text);
      return Optional.of(url);
    } catch (IllegalArgumentException e) {
      assertTrue(e.getMessage() != null && !e.getMessage().isEmpty(), text);
      return Optional.empty();
    }
  }
}

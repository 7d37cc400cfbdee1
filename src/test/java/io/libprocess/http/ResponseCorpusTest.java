package io.libprocess.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a client makes of the raw bytes in {@code response-corpus.txt}, whole and in pieces of one,
 * two and seven bytes.
 */
class ResponseCorpusTest {

  private static final Path FILE = Path.of("src/test/java/io/libprocess/http/response-corpus.txt");
  private static final String END = "<end>";

  /** Some bytes and what they lead to. */
  record Case(String title, String method, String outcome, String wire) {
    @Override
    public String toString() {
      return title;
    }
  }

  static List<Case> cases() throws IOException {
    String text = Files.readString(FILE).replaceAll("(?m)^#.*\n", "");
    return Stream.of(text.split("(?m)^= "))
        .filter(block -> !block.isBlank())
        .map(ResponseCorpusTest::parse)
        .toList();
  }

  private static Case parse(String block) {
    String[] lines = block.split("\n", 3);
    String[] outcome = lines[1].split(": ", 2);
    return new Case(lines[0], outcome[0], outcome[1], unescaped(lines[2].replace("\n", "")));
  }

  static String unescaped(String text) {
    StringBuilder wire = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) != '\\') {
        wire.append(text.charAt(i));
        continue;
      }
      switch (text.charAt(++i)) {
        case 'r' -> wire.append('\r');
        case 'n' -> wire.append('\n');
        case 't' -> wire.append('\t');
        case '0' -> wire.append('\0');
        case '\\' -> wire.append('\\');
        case 'x' -> {
          wire.append((char) Integer.parseInt(text, i + 1, i + 3, 16));
          i += 2;
        }
        default -> throw new IllegalArgumentException("unknown escape in " + text);
      }
    }
    return wire.toString();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void response(Case given) {
    for (int step : new int[] {Integer.MAX_VALUE, 1, 2, 7}) {
      assertEquals(given.outcome(), outcome(given, step), "in pieces of " + step);
    }
  }

  private static String outcome(Case given, int step) {
    try (ClientFixture client = new ClientFixture()) {
      Request request = Request.of(given.method(), "/1").withKeepAlive(true);
      Future<Response> first = client.connection.send(request);
      Future<Response> second = client.send("/2");
      boolean ends = given.wire().endsWith(END);
      String wire =
          ends ? given.wire().substring(0, given.wire().length() - END.length()) : given.wire();
      for (int at = 0; at < wire.length(); ) {
        int end = (int) Math.min(wire.length(), (long) at + step);
        client.channel.receiveAlthoughPaused(wire.substring(at, end));
        at = end;
      }
      if (ends) {
        client.channel.receiveEnd();
      }
      String state = client.channel.isClosed() ? "closed" : "open";
      return outcome(first) + " " + outcome(second) + " " + state;
    }
  }

  private static String outcome(Future<Response> response) {
    if (response.isReady()) {
      return response.get().status().code() + " \"" + response.get().text() + "\"";
    }
    return response.isFailed() ? "fail" : "wait";
  }

  @Test
  void corpus_isLarge() throws IOException {
    assertTrue(cases().size() >= 75, "cases: " + cases().size());
    assertEquals(cases().size(), cases().stream().map(Case::title).distinct().count());
  }
}

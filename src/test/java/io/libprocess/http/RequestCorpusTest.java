package io.libprocess.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a server makes of the raw bytes in {@code request-corpus.txt}: whole, byte by byte, and in
 * two pieces with every byte as the first of the second.
 */
class RequestCorpusTest {

  private static final Path FILE = Path.of("src/test/java/io/libprocess/http/request-corpus.txt");
  private static final String END = "<end>";
  private static final String WAIT = "<wait>";
  private static final int LONGEST_BODY = 1000;

  private static final Limits LIMITS =
      Limits.builder()
          .requestLine(128)
          .head(384)
          .fields(10)
          .body(LONGEST_BODY)
          .chunkLine(64)
          .trailers(128)
          .build();

  /** Some bytes and what they lead to. */
  record Case(String title, String outcome, String wire) {
    @Override
    public String toString() {
      return title;
    }
  }

  static List<Case> cases() throws IOException {
    String text = Files.readString(FILE).replaceAll("(?m)^# .*\n|^#\n", "");
    return Stream.of(text.split("(?m)^= "))
        .filter(block -> !block.isBlank())
        .map(RequestCorpusTest::parse)
        .toList();
  }

  private static Case parse(String block) {
    String[] lines = block.split("\n", 3);
    return new Case(
        lines[0],
        ResponseCorpusTest.unescaped(lines[1]),
        ResponseCorpusTest.unescaped(lines[2].replace("\n", "")));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void request(Case given) {
    assertEquals(given.outcome(), outcome(given.wire(), at -> given.wire().length()), "whole");
    assertEquals(given.outcome(), outcome(given.wire(), at -> 1), "byte by byte");
    for (int i = 1; i < given.wire().length(); i++) {
      int cut = i;
      assertEquals(
          given.outcome(),
          outcome(given.wire(), at -> at < cut ? cut - at : given.wire().length()),
          "cut before byte " + cut);
    }
  }

  /** Sends the bytes in pieces, whose sizes are a function of where they begin. */
  private static String outcome(String wire, IntUnaryOperator sizes) {
    RequestHandler echo =
        request -> request.buffered(LONGEST_BODY).map(whole -> Response.ok(whole.text()));
    try (ServerFixture server = new ServerFixture(LIMITS, echo)) {
      boolean ends = wire.endsWith(END);
      String[] parts = wire.replace(END, "").split(WAIT);
      for (String part : parts) {
        for (int at = 0; at < part.length(); ) {
          int end = Math.min(part.length(), at + sizes.applyAsInt(at));
          server.channel.receiveAlthoughPaused(part.substring(at, end));
          at = end;
        }
      }
      if (ends) {
        server.channel.receiveEnd();
      }
      String sent = responses(server.sent(), wire.startsWith("HEAD "));
      return sent + (server.channel.closesAfterWrites() ? "close" : "open");
    }
  }

  private static String responses(String sent, boolean head) {
    StringBuilder outcome = new StringBuilder();
    for (int at = 0; at < sent.length(); ) {
      int end = sent.indexOf("\r\n\r\n", at) + 4;
      String fields = sent.substring(at, end);
      String status = fields.substring(9, 12);
      int length = length(fields);
      outcome.append(status).append(' ');
      if (status.equals("200")) {
        outcome.append('"').append(sent, end, end + length).append("\" ");
      }
      at = head ? end : end + length;
    }
    return outcome.toString();
  }

  private static int length(String fields) {
    int at = fields.indexOf("Content-Length: ");
    return at < 0 ? 0 : Integer.parseInt(fields, at + 16, fields.indexOf('\r', at), 10);
  }

  @Test
  void corpus_isLarge() throws IOException {
    assertTrue(cases().size() >= 240, "cases: " + cases().size());
    assertEquals(cases().size(), cases().stream().map(Case::title).distinct().count());
  }
}

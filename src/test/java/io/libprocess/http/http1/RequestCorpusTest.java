package io.libprocess.http.http1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.http.Limits;
import io.libprocess.http.Response;
import io.libprocess.http.server.ServerFixture;
import java.util.List;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The results of a server for the raw bytes in {@code request-corpus.txt}: whole, byte by byte, and
 * cut in two before every byte.
 */
class RequestCorpusTest {

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

  private static final ServerFixture server =
      new ServerFixture(
          LIMITS,
          request -> request.buffered(LONGEST_BODY).map(whole -> Response.ok(whole.text())));

  @AfterAll
  static void closeServer() {
    server.close();
  }

  static List<Corpus> cases() {
    return Corpus.read("request-corpus.txt");
  }

  @ParameterizedTest
  @MethodSource("cases")
  void request(Corpus given) {
    given.check(given.outcome(), sizes -> outcome(given, sizes));
  }

  private static String outcome(Corpus given, IntUnaryOperator sizes) {
    FakeChannel channel = server.connect();
    given.send(channel, sizes);
    String sent = responses(channel.takeSent(), given.wire().startsWith("HEAD "));
    String end = channel.closesAfterWrites() ? "close" : "open";
    channel.close();
    return sent + end;
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
  void corpus_isLarge() {
    assertTrue(cases().size() >= 240, "cases: " + cases().size());
    assertEquals(cases().size(), cases().stream().map(Corpus::title).distinct().count());
  }
}

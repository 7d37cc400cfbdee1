package io.libprocess.http.http1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.http.client.ClientFixture;
import java.util.List;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The results of a client for the raw bytes in {@code response-corpus.txt}: whole, byte by byte,
 * and cut in two before every byte.
 */
class ResponseCorpusTest {

  static List<Corpus> cases() {
    return Corpus.read("response-corpus.txt");
  }

  @ParameterizedTest
  @MethodSource("cases")
  void response(Corpus given) {
    String[] outcome = given.outcome().split(": ", 2);
    given.check(outcome[1], sizes -> outcome(outcome[0], given, sizes));
  }

  private static String outcome(String method, Corpus given, IntUnaryOperator sizes) {
    try (ClientFixture client = new ClientFixture()) {
      Request request = Request.of(method, "/1").withKeepAlive(true);
      Future<Response> first = client.connection.send(request);
      Future<Response> second = client.send("/2");
      given.send(client.channel, sizes);
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
  void corpus_isLarge() {
    assertTrue(cases().size() >= 75, "cases: " + cases().size());
    assertEquals(cases().size(), cases().stream().map(Corpus::title).distinct().count());
  }
}

package io.libprocess.http.client;

import static io.libprocess.http.client.ClientFixture.assertFailed;
import static io.libprocess.http.client.ClientFixture.ok;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.http.Body;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.service.FailureFlag;
import io.libprocess.service.FlaggedFailure;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.Pipe;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which failures of requests say that the request may be sent again. */
class UnsentRequestTest {

  private final ClientFixture client = new ClientFixture();

  @AfterEach
  void close() {
    client.close();
  }

  private static void assertRetryable(boolean expected, Future<Response> response) {
    assertTrue(response.isFailed(), response::toString);
    assertEquals(expected, FlaggedFailure.has(response.failure(), FailureFlag.RETRYABLE));
  }

  private void use() {
    Future<Response> first = client.send("/");
    client.receive(ok("first"));
    assertEquals("first", first.get().text());
  }

  @Test
  void requestAfterTheEnd_mayBeSentAgain() {
    client.connection.disconnect();
    Future<Response> late = client.send("/");

    assertRetryable(true, late);
    assertFailed("Disconnected", late);
  }

  @Test
  void requestBehindOneThatWasNotWrittenWhole_mayBeSentAgain() {
    Pipe<Chunk> body = Pipe.bytes();
    Future<Response> first = client.connection.send(ClientFixture.post(body));
    Future<Response> second = client.connection.send(Request.post("/", Body.of("x")));
    client.channel.handler.ended();

    assertRetryable(false, first);
    assertRetryable(true, second);
  }

  @Test
  void requestBehindTheLast_mayBeSentAgain() {
    client.connection.send(Request.get("/").withKeepAlive(false));

    assertRetryable(true, client.send("/next"));
  }

  @Test
  void requestThatWasWrittenToANewConnection_mayNot() {
    Future<Response> first = client.send("/");
    client.channel.handler.ended();

    assertRetryable(false, first);
  }

  @Test
  void idempotentRequestThatCrossedTheEndOfAUsedConnection_mayBeSentAgain() {
    use();
    Future<Response> get = client.send("/");
    client.channel.handler.ended();

    assertRetryable(true, get);
  }

  @ParameterizedTest
  @CsvSource({
    "GET, true",
    "HEAD, true",
    "OPTIONS, true",
    "TRACE, true",
    "PUT, true",
    "DELETE, true",
    "POST, false",
    "PATCH, false",
    "CONNECT, false",
    "get, false",
    "ANY, false"
  })
  void methods_thatMayBeSentAgain(String method, boolean again) {
    use();
    Future<Response> response = client.connection.send(Request.of(method, "/"));
    client.channel.handler.ended();

    assertRetryable(again, response);
  }

  @Test
  void streamThatCrossedTheEndOfAUsedConnection_mayNot() {
    use();
    Future<Response> put =
        client.connection.send(Request.of("PUT", "/").withBody(Body.of(Pipe.bytes().reader())));
    client.channel.handler.ended();

    assertRetryable(false, put);
  }

  @Test
  void otherRequestThatCrossedTheEndOfAUsedConnection_mayNot() {
    use();
    Future<Response> post = client.connection.send(Request.post("/", Body.of("x")));
    client.channel.handler.ended();

    assertRetryable(false, post);
  }

  @Test
  void requestThatTheServerHadBegunToAnswer_mayNot() {
    use();
    Future<Response> get = client.send("/");
    client.receive("HTTP/1.1 200 OK", "Content-Length: 10", "", "half");
    client.channel.handler.ended();

    assertRetryable(false, get);
  }

  @Test
  void requestThatTheServerHasSeen_mayNot() {
    use();
    Future<Response> get = client.send("/");
    client.receive("HTTP/1.1 103 Early Hints", "Link: </a>", "", "");
    client.channel.handler.ended();

    assertRetryable(false, get);
  }

  @Test
  void requestThatWeGiveUp_mayNot() {
    use();
    Future<Response> get = client.send("/");
    client.connection.disconnect();

    assertRetryable(false, get);
  }
}

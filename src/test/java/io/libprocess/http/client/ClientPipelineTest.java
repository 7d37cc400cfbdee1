package io.libprocess.http.client;

import static io.libprocess.http.client.ClientFixture.assertFailed;
import static io.libprocess.http.client.ClientFixture.ok;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Failure;
import io.libprocess.future.Future;
import io.libprocess.http.Body;
import io.libprocess.http.Limits;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.Pipe;
import io.libprocess.support.LogCapture;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Requests behind each other on one connection: which of them are the last, and when it is idle.
 */
class ClientPipelineTest {

  private final ClientFixture client = new ClientFixture();

  @AfterEach
  void close() {
    client.close();
  }

  private static Request upload(Pipe<Chunk> pipe) {
    return ClientFixture.post(pipe);
  }

  private static Request post() {
    return Request.post("/", Body.of("x")).withKeepAlive(true);
  }

  /* ------ The last one ------ */

  @Test
  void responseThatIsTheLast_failsTheRequestsBehindIt() {
    Future<Response> last = client.stream("/1");
    Future<Response> behind = client.send("/2");
    client.receive("HTTP/1.1 200 OK", "Connection: close", "Content-Length: 4", "", "la");
    assertFailed("Received 'Connection: close' from the server", behind);
    assertFailed("Cannot pipeline after 'Connection: close'", client.send("/3"));
    assertTrue(last.isReady());
    client.assertOpen();
    client.receive("st");
    assertEquals(0, client.idle);
    client.assertGone();
  }

  @Test
  void responseThatIsTheLast_endsAnUploadBehindIt() {
    Pipe<Chunk> pipe = Pipe.bytes();
    client.stream("/1");
    client.connection.send(upload(pipe));
    Future<Response> unsent = client.send("/3");
    client.sent();
    client.receive("HTTP/1.1 200 OK", "Connection: close", "Content-Length: 4", "", "la");
    assertTrue(pipe.writer().readerClosed().isReady());
    assertTrue(unsent.isFailed());
    assertEquals("", client.sent());
    client.assertOpen();
  }

  @Test
  void requestThatWasToBeTheLast_isNotIfItIsWithdrawn() {
    Pipe<Chunk> pipe = Pipe.bytes();
    client.connection.send(upload(pipe));
    client.connection.send(Request.get("/last").withKeepAlive(false)).discard();
    client.send("/next");
    client.sent();
    pipe.writer().close();
    assertEquals("0\r\n\r\nGET /next HTTP/1.1\r\nHost: host:81\r\n\r\n", client.sent());
  }

  @Test
  void end_isAResetForAServerThatIsAtWork() {
    client.send("/");
    client.connection.disconnect();
    assertTrue(client.channel.wasReset());
    try (ClientFixture idle = new ClientFixture()) {
      idle.send("/");
      idle.receive(ok(""));
      idle.connection.disconnect();
      idle.assertGone();
      assertFalse(idle.channel.wasReset());
    }
  }

  @Test
  void workThatThrows_endsTheConnection() throws InterruptedException {
    try (LogCapture log = new LogCapture();
        ClientFixture small = new ClientFixture(Limits.builder().pipelined(1).build())) {
      small.send("/1");
      Future<Response> second = small.send("/2");
      Future<Response> third = small.send("/3"); // Waits when the second is sent.
      Error thrown = new OutOfMemoryError("none left");
      small.channel.breakWrites(thrown);
      small.receive(ok("1"));
      assertSame(thrown, second.failure());
      assertFailed("Disconnected", third);
      small.assertGone();
      assertFailed("Disconnected", small.send("/4"));
      log.await("is broken");
    }
  }

  /* ------ Withdrawn ------ */

  /** As when the answer to one request makes another one needless while the connection works. */
  @Test
  void requestThatIsGivenUpBeforeItIsTaken_isNotSent() {
    Pipe<Chunk> pipe = Pipe.bytes();
    client.send("/").onReady(response -> client.connection.send(upload(pipe)).discard());
    client.sent();
    client.receive(ok(""));
    assertEquals("", client.sent());
    assertTrue(pipe.writer().readerClosed().isReady());
    client.assertOpen();
  }

  @Test
  void requestThatIsGivenUpWhileTheConnectionEnds_isDiscarded() {
    List<Future<Response>> late = new ArrayList<>();
    client.stream("/")
        .onFailed(
            failure -> {
              late.add(client.stream("/late"));
              late.get(0).discard();
            });
    client.channel.reset();
    assertTrue(late.get(0).isDiscarded(), late::toString);
  }

  /* ------ Uploads ------ */

  @Test
  void uploadThatTheServerDoesNotWant_isClosed() {
    Pipe<Chunk> pipe = Pipe.bytes();
    Future<Response> response =
        client.connection.send(upload(pipe).withHeader("Expect", "100-continue"));
    client.receive("HTTP/1.1 417 Expectation Failed", "Content-Length: 0", "", "");
    assertEquals(417, response.get().status().code());
    assertTrue(pipe.writer().readerClosed().isReady());
    client.assertGone();
  }

  @Test
  void uploadThatHasNotBegun_isClosedIfItIsWithdrawn() {
    Pipe<Chunk> unsent = Pipe.bytes();
    client.connection.send(upload(Pipe.bytes()));
    client.connection.send(upload(unsent)).discard();
    assertTrue(unsent.writer().readerClosed().isReady());
    client.assertOpen();
  }

  @Test
  void uploadThatIsThere_isSentAtOnce() {
    Pipe<Chunk> pipe = Pipe.bytes();
    pipe.writer().write(Chunk.utf8("hello"));
    client.connection.send(upload(pipe));
    assertTrue(client.sent().endsWith("\r\n\r\n5\r\nhello\r\n"));
  }

  @Test
  void uploadThatHasFailedBefore_failsItsRequest() {
    Pipe<Chunk> pipe = Pipe.bytes();
    pipe.writer().fail(new IllegalStateException("no more"));
    assertFailed("no more", client.connection.send(upload(pipe)));
    client.assertGone();
  }

  @Test
  void uploadThatHasNotBegun_isClosedWhenItsFailureBecomesKnown() {
    Pipe<Chunk> unsent = Pipe.bytes();
    boolean[] closed = {false};
    client.connection.send(upload(Pipe.bytes()));
    client
        .connection
        .send(upload(unsent))
        .onFailed(failure -> closed[0] = unsent.writer().readerClosed().isReady());
    client.channel.reset();
    assertTrue(closed[0]);
  }

  @Test
  void upload_isToldWhyTheConnectionHasEnded() {
    Pipe<Chunk> pipe = Pipe.bytes();
    client.connection.send(upload(pipe));
    client.channel.reset();
    assertEquals("Disconnected", pipe.writer().readerClosed().get().get().getMessage());
  }

  /* ------ Idle ------ */

  @Test
  void connection_isIdleAfterTheLastOfSeveralResponses() {
    client.send("/1");
    client.send("/2");
    client.receive(ok("1"));
    assertEquals(0, client.idle);
    client.receive(ok("2"));
    assertEquals(1, client.idle);
  }

  @Test
  void connection_isNotIdleWhileARequestWaits() {
    try (ClientFixture small = new ClientFixture(Limits.builder().pipelined(1).build())) {
      small.send("/1");
      small.send("/2");
      small.receive(ok("1"));
      assertEquals(0, small.idle);
      small.receive(ok("2"));
      assertEquals(1, small.idle);
    }
  }

  /** So that whoever gets the response finds a connection for the next request. */
  @Test
  void connection_isIdleBeforeTheResponseIsKnown() {
    int[] seen = new int[2];
    client.send("/").onReady(response -> seen[0] = client.idle);
    client.receive(ok(""));
    client.connection.send(post()).onReady(response -> seen[1] = client.idle);
    client.receive(ok(""));
    assertEquals(1, seen[0]);
    assertEquals(2, seen[1]);
  }

  private void answerEarly() {
    client.channel.holdTasks();
    client.channel.becomeSlow();
    Future<Response> response = client.connection.send(post());
    client.receive(ok("early"));
    assertEquals("early", response.get().text());
    assertEquals(0, client.idle);
  }

  @Test
  void connectionWhoseLastBodyIsStillSent_isIdleOnceThatIsDone() {
    answerEarly();
    client.channel.drain();
    client.channel.runHeld();
    assertEquals(1, client.idle);
    client.send("/next");
    client.receive(ok("next"));
    assertEquals(2, client.idle);
    assertEquals(0, client.behind);
  }

  @Test
  void connectionWhoseLastBodyIsNotTaken_isBehind() {
    answerEarly();
    client.channel.runHeld();
    assertEquals(0, client.idle);
    assertEquals(1, client.behind);
  }

  @Test
  void connectionThatHasAnotherRequestMeanwhile_isNotIdle() {
    answerEarly();
    client.send("/next");
    client.channel.drain();
    client.channel.runHeld();
    assertEquals(0, client.idle);
    client.receive(ok("next"));
    assertEquals(1, client.idle);
    assertEquals(0, client.behind);
  }

  /* ------ Responses ------ */

  /** Not even if the connection finds both at the same time. */
  @Test
  void responseThatComesBeforeARequest_isNeverItsAnswer() {
    List<Future<Response>> later = new ArrayList<>();
    client
        .send("/")
        .onReady(
            response -> {
              client.receive(ok("poison"));
              later.add(client.send("/later"));
            });
    client.sent();
    client.receive(ok("first"));
    assertFailed("Disconnected", later.get(0));
    assertEquals("", client.sent());
    client.assertGone();
  }

  @Test
  void trailersThatComeWithTheWholeResponse_areThereAtOnce() {
    Future<Response> response = client.stream("/");
    client.receive(
        "HTTP/1.1 200 OK", "Transfer-Encoding: chunked", "", "1", "x", "0", "Sum: 1", "", "");
    assertEquals("1", response.get().trailers().get().first("Sum").get());
  }

  @Test
  void responseThatNobodyWantsAnyMore_isNotReadIfItIsLong() {
    client.stream("/").discard();
    client.receive("HTTP/1.1 200 OK", "Content-Length: 10000000", "", "");
    for (int i = 0; i < 100 && !client.channel.isClosed(); i++) {
      client.channel.receiveAlthoughPaused("x".repeat(1000));
    }
    client.assertGone();
  }

  private static void giveUp(Future<Response> response) {
    ((Body.Streamed) response.get().body()).cancel(new Failure("enough"));
  }

  @Test
  void responseThatIsGivenUp_endsTheConnectionUnlessItHasArrived() {
    Future<Response> first = client.stream("/1");
    client.receive("HTTP/1.1 200 OK", "Content-Length: 4", "", "he");
    client.receive("re");
    giveUp(first);
    client.assertOpen();

    Future<Response> second = client.stream("/2");
    client.receive("HTTP/1.1 200 OK", "Content-Length: 4", "", "he");
    client.assertOpen();
    giveUp(second);
    client.assertGone();
  }
}

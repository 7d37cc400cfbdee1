package io.libprocess.http.client;

import static io.libprocess.http.client.ClientFixture.assertFailed;
import static io.libprocess.http.client.ClientFixture.ok;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.http.Body;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.http.http1.FakeChannel;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.Pipe;
import org.junit.jupiter.api.Test;

/** What becomes of bodies of requests that are streams, if they are not sent. */
class HttpClientUploadTest extends HttpClientFixture {

  private final Pipe<Chunk> body = Pipe.unbounded();

  private Request upload() {
    return Request.post("/", Body.of(body.reader()));
  }

  private void assertBodyClosed() {
    assertTrue(body.writer().readerClosed().isReady());
  }

  @Test
  void closedClient_closesTheBody() {
    client.close();
    assertFailed("the client is closed", client.send(URL, upload()));
    assertBodyClosed();
  }

  @Test
  void fullQueue_closesTheBody() {
    for (int i = 0; i < 4; i++) {
      client.get(URL);
    }
    assertFailed("4 requests already wait for a connection", client.send(URL, upload()));
    assertBodyClosed();
  }

  @Test
  void serverThatIsNotThere_closesTheBody() {
    Future<Response> response = client.send(URL, upload());
    boolean[] closed = {false};
    response.onFailed(failure -> closed[0] = body.writer().readerClosed().isReady());
    network.dials.get(0).fail("refused");
    assertFailed("refused", response);
    assertTrue(closed[0], "when the failure becomes known");
  }

  @Test
  void requestThatIsGivenUpBeforeItIsSent_closesTheBody() {
    Future<Response> response = client.send(URL, upload());
    response.discard();
    assertTrue(response.isDiscarded());
    assertBodyClosed();
  }

  /** The body was not sent, as the server has not asked for it. */
  @Test
  void serverThatLeavesInItsAnswer_closesTheBody() {
    Future<Response> response = client.stream(URL, upload().withHeader("Expect", "100-continue"));
    FakeChannel channel = open(0);
    channel.receive("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n");
    assertTrue(response.isReady());
    channel.reset();
    assertBodyClosed();
  }

  @Test
  void requestThatIsGivenUpOnAUsedConnection_isNotSentAgain() {
    client.get(URL);
    FakeChannel channel = open(0);
    channel.receive(ok(""));
    Future<Response> response = client.get(URL);
    response.discard();
    assertTrue(response.isDiscarded());
    assertTrue(channel.isClosed());
    assertEquals(1, network.dials.size());
  }
}

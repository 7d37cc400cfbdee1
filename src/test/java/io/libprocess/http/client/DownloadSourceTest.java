package io.libprocess.http.client;

import static io.libprocess.http.client.ClientFixture.assertFailed;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.http.Body;
import io.libprocess.http.Response;
import io.libprocess.http.http1.FakeChannel;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.Pipe;
import io.libprocess.stream.Sink;
import io.libprocess.stream.Stream;
import io.libprocess.stream.Transform;
import io.libprocess.stream.access.Streams;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Downloads as streams: when the request is sent, and what becomes of it. */
class DownloadSourceTest extends HttpClientFixture {

  private static final int MOST = 100;

  private final Promise<Response> answer = new Promise<>();
  private final Promise<Response> stubborn = Promise.undiscardable();

  private static Future<List<Chunk>> list(Stream<Chunk> stream) {
    return stream.to(Sink.toList(MOST));
  }

  private static Stream<Chunk> download(Promise<Response> answer) {
    return Streams.stream(new DownloadSource(answer::future, Response::stream));
  }

  private static String text(Future<List<Chunk>> pieces) {
    assertTrue(pieces.isReady(), pieces::toString);
    return Chunk.join(pieces.get()).utf8();
  }

  @Test
  void request_isSentWhenBytesAreAskedFor() {
    Stream<Chunk> stream = client.download(URL);
    assertEquals(0, network.dials.size());
    Future<List<Chunk>> pieces = list(stream);
    FakeChannel channel = open(0);
    assertTrue(channel.takeSent().startsWith("GET /path?q HTTP/1.1\r\n"));
    channel.receive("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n");
    assertTrue(pieces.isPending());
    channel.receive("hello");
    channel.receive("world");
    assertEquals("helloworld", text(pieces));
    assertEquals("", channel.takeSent());
  }

  @Test
  void request_isNotSentIfNothingIsAskedFor() {
    Future<List<Chunk>> none = list(client.download(URL).via(Transform.take(0)));
    assertEquals("", text(none));
    assertEquals(0, network.dials.size());
  }

  @Test
  void failureOfTheRequest_isThatOfTheDownload() {
    answer.fail("no server");
    assertFailed("no server", list(download(answer)));
    assertFailed(
        "no request",
        list(
            Streams.stream(
                new DownloadSource(
                    () -> {
                      throw new IllegalStateException("no request");
                    },
                    Response::stream))));
  }

  @Test
  void responseWithoutContent_isAFailure() {
    answer.set(Response.ok("x"));
    assertFailed(
        "no content",
        list(
            Streams.stream(
                new DownloadSource(
                    answer::future,
                    response -> {
                      throw new IllegalStateException("no content");
                    }))));
  }

  @Test
  void requestThatIsGivenUpByAnother_failsTheDownload() {
    Future<List<Chunk>> pieces = list(download(answer));
    answer.discard();
    assertFailed("the request was given up", pieces);
  }

  @Test
  void discard_givesUpTheRequest() {
    Future<List<Chunk>> pieces = list(client.download(URL));
    FakeChannel channel = open(0);
    pieces.discard();
    assertTrue(pieces.isDiscarded());
    assertTrue(channel.isClosed());
  }

  @Test
  void responseThatComesAfterADiscard_isRefused() {
    Future<List<Chunk>> pieces = list(download(stubborn));
    pieces.discard();
    assertTrue(pieces.isPending(), "it waits for what it has begun");
    Pipe<Chunk> body = Pipe.bytes();
    stubborn.set(Response.ok().withBody(Body.of(body.reader())));
    assertTrue(body.writer().readerClosed().isReady());
    assertTrue(pieces.isDiscarded());
  }
}

package io.libprocess.e2e;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.http.Body;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.http.StatusException;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.Pipe;
import io.libprocess.stream.Sink;
import io.libprocess.stream.Stream;
import io.libprocess.stream.Termination;
import io.libprocess.stream.Transform;
import io.libprocess.support.Expect;
import io.libprocess.support.NoOpenChunks;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies as streams whose other end leaves, cancels or is slow. */
@Timeout(120)
@NoOpenChunks
class HttpStreamsEndTest extends HttpStreamsFixture {

  /* ------ Peers that leave ------ */

  @ParameterizedTest
  @ValueSource(strings = {"idle", "ready"})
  void clientThatResets_cancelsTheSource(String kind) throws IOException {
    try (RawClient raw = new RawClient(port())) {
      raw.send(RawClient.get("/"));
      next().answer().set(Response.stream(source(kind), TYPE));
      assertEquals(200, raw.replyHead().status());
      raw.reset();

      Termination end = end();
      assertEquals(Termination.Kind.CANCEL, end.kind());
      assertEquals("the client has disconnected", end.cause().orElseThrow().getMessage());
    }
  }

  /**
   * A client that closes in order and leaves nothing unread may want the rest of an idle stream.
   */
  @Test
  void clientThatCloses_cancelsASourceThatHasMore() throws IOException {
    RawClient raw = new RawClient(port());
    raw.send(RawClient.get("/"));
    next().answer().set(Response.stream(endless(), TYPE));
    assertEquals(200, raw.replyHead().status());
    raw.close();

    Termination end = end();
    assertEquals(Termination.Kind.CANCEL, end.kind());
    assertTrue(end.cause().isPresent());
  }

  @ParameterizedTest
  @ValueSource(strings = {"idle", "ready"})
  void serverThatLeaves_cancelsTheUpload(String kind) {
    Future<Response> response = client.stream(url(), Request.post("/", Body.of(source(kind))));
    next();
    server.close();

    assertEquals(Termination.Kind.CANCEL, end().kind());
    Expect.failure(response);
  }

  @ParameterizedTest
  @ValueSource(strings = {"idle", "ready"})
  void serverThatLeaves_failsTheDownload(String kind) {
    Promise<Void> begun = new Promise<>();
    Future<Void> body =
        client
            .download(url())
            .to(
                Sink.forEach(
                    chunk -> {
                      chunk.release();
                      begun.set(null);
                    }));
    next().answer().set(Response.stream(source(kind), TYPE));
    Expect.ready(begun.future());
    server.close();

    Expect.failure(body);
    assertEquals(Termination.Kind.CANCEL, end().kind());
  }

  /* ------ Early cancels ------ */

  @ParameterizedTest
  @ValueSource(strings = {"idle", "ready"})
  void downloadThatIsCancelled_closesTheConnection(String kind) {
    Future<List<Chunk>> body = list(client.download(url()).via(Transform.take(1)));
    next().answer().set(Response.stream(source(kind), TYPE));

    assertEquals(1, Expect.ready(body).size());
    assertEquals(Termination.Kind.CANCEL, end().kind());
  }

  @ParameterizedTest
  @ValueSource(strings = {"idle", "ready"})
  void downloadThatIsDiscarded_closesTheConnection(String kind) {
    Promise<Void> begun = new Promise<>();
    Future<Void> body =
        client
            .download(url())
            .to(
                Sink.forEach(
                    chunk -> {
                      chunk.release();
                      begun.set(null);
                    }));
    next().answer().set(Response.stream(source(kind), TYPE));
    Expect.ready(begun.future());
    body.discard();

    Expect.discarded(body);
    assertEquals(Termination.Kind.CANCEL, end().kind());
  }

  @Test
  void downloadThatIsDiscardedBeforeItsHead_givesTheRequestUp() {
    Future<List<Chunk>> body = list(client.download(url()));
    Call call = next();
    body.discard();
    Expect.discarded(body);

    call.answer().set(Response.stream(endless(), TYPE));
    assertEquals(Termination.Kind.CANCEL, end().kind());
  }

  @Test
  void downloadOfAnotherStatus_fails() {
    Future<List<Chunk>> body = list(client.download(url()));
    next().answer().set(Response.notFound());

    StatusException failure = assertInstanceOf(StatusException.class, Expect.failure(body));
    assertEquals(404, failure.status().code());
  }

  @Test
  void uploadThatIsCancelledByTheHandler_littleIsDropped() throws IOException {
    try (RawClient raw = new RawClient(port())) {
      raw.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 30000\r\n\r\n");
      Call call = next();
      Future<List<Chunk>> first = list(call.request().stream().via(Transform.take(1)));
      raw.send(new byte[15_000]);
      Expect.ready(first);
      raw.send(new byte[15_000]);
      call.answer().set(Response.ok("enough"));
      assertEquals("enough", raw.reply().text());
      raw.send(RawClient.get("/"));
      next().answer().set(Response.ok("again"));

      assertEquals("again", raw.reply().text());
    }
  }

  @Test
  void uploadThatIsCancelledByTheHandler_muchEndsTheConnectionAfterTheResponse()
      throws IOException {
    try (RawClient raw = new RawClient(port())) {
      raw.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10000000\r\n\r\n");
      Call call = next();
      Future<List<Chunk>> first = list(call.request().stream().via(Transform.take(1)));
      raw.send(new byte[15_000]);
      Expect.ready(first);
      call.answer().set(Response.ok("enough"));

      assertEquals("enough", raw.reply().text());
      assertTrue(raw.isAtEnd());
    }
  }

  /* ------ Back-pressure ------ */

  @Test
  void slowClient_slowsTheSource() throws IOException {
    try (Flood flood = new Flood(port())) { // With small buffers of the system.
      flood.send(RawClient.get("/"));
      next().answer().set(Response.stream(endless(), TYPE));
      long before;
      do {
        before = made.get();
        Expect.pause(200);
      } while (made.get() != before);

      assertTrue(before > 0 && before < 20_000_000, "made " + before);
    }
    assertEquals(Termination.Kind.CANCEL, end().kind());
  }

  @Test
  void slowHandler_slowsTheUpload() {
    Future<Response> response = client.send(url(), Request.post("/", Body.of(endless())));
    Call call = next();
    long before;
    do {
      before = made.get();
      Expect.pause(200);
    } while (made.get() != before);

    assertTrue(before > 0 && before < 20_000_000, "made " + before);
    call.answer().set(Response.ok("enough"));
    Expect.completed(response);
    assertEquals(Termination.Kind.CANCEL, end().kind());
  }

  /* ------ Gzip ------ */

  @Test
  void gzip_ofALiveResponseIsDecodedAsItComes() {
    Pipe<Chunk> pipe = Pipe.bytes();
    Pipe<Chunk> got = new Pipe<>(0);
    client.download(url()).map(Chunk::detached).to(Sink.writer(got));
    Call call = next();
    assertTrue(call.request().acceptsEncoding("gzip"));
    call.answer()
        .set(
            Response.stream(pipe.reader().stream().via(Transform.gzipLive(6)), TYPE)
                .withHeader("Content-Encoding", "gzip"));
    for (int i = 0; i < 5; i++) {
      pipe.writer().write(Chunk.utf8("piece " + i));
      assertEquals("piece " + i, Expect.ready(got.reader().read()).orElseThrow().utf8());
    }
    pipe.writer().close();

    assertTrue(Expect.ready(got.reader().read()).isEmpty());
  }

  @Test
  void gzip_ofARequestIsUndoneForTheHandler() {
    byte[] bytes = random(300_000);
    Stream<Chunk> plain = Stream.of(Chunk.of(bytes)).via(Transform.rechunk(1000));
    Request request =
        Request.post("/", Body.of(plain.via(Transform.gzip())))
            .withHeader("Content-Encoding", "gzip");
    Future<Response> response = client.send(url(), request);
    Call call = next();
    call.answer()
        .associate(list(call.request().stream()).map(c -> Response.ok(Chunk.join(c), TYPE)));

    assertArrayEquals(bytes, Expect.ready(response).bytes().toArray());
  }

  @Test
  void gzip_thatIsCancelledClosesTheConnection() {
    Future<List<Chunk>> body = list(client.download(url()).via(Transform.take(1)));
    next()
        .answer()
        .set(
            Response.stream(endless().via(Transform.gzipLive(1)), TYPE)
                .withHeader("Content-Encoding", "gzip"));

    assertEquals(1, Expect.ready(body).size());
    assertEquals(Termination.Kind.CANCEL, end().kind());
  }
}

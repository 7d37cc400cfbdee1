package io.libprocess.e2e;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Failure;
import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.http.Body;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.http.ServerEvent;
import io.libprocess.stream.Bytes;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.FileMode;
import io.libprocess.stream.Pipe;
import io.libprocess.stream.Sink;
import io.libprocess.stream.Stream;
import io.libprocess.stream.Termination;
import io.libprocess.stream.Transform;
import io.libprocess.support.Expect;
import io.libprocess.support.NoOpenChunks;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Bodies as streams over real connections: each way to end, with a source that is idle and with one
 * that always has more.
 */
@Timeout(120)
@NoOpenChunks
class HttpStreamsTest extends HttpStreamsFixture {

  /* ------ All of it ------ */

  @Test
  void response_streamArrivesAsAStream() {
    Future<List<Chunk>> body = list(client.download(url()));
    next().answer().set(Response.stream(endless().via(Transform.take(300)), TYPE));
    byte[] bytes = all(body);

    assertEquals(300 * PIECE, bytes.length);
    assertEquals((byte) (7 + 299), bytes[299 * PIECE + 7]);
    assertEquals(Termination.Kind.CANCEL, end().kind()); // By take.
  }

  @Test
  void response_emptyStream() {
    Future<List<Chunk>> body = list(client.download(url()));
    next().answer().set(Response.stream(Stream.empty(), TYPE));

    assertEquals(0, all(body).length);
  }

  @Test
  void request_streamArrivesAsAStream() {
    byte[] bytes = random(1_000_000);
    Request request =
        Request.post("/", Body.of(Stream.of(Chunk.of(bytes)).via(Transform.rechunk(3000))));
    Future<Response> response = client.send(url(), request);
    Call call = next();
    Future<Response> answer =
        call.request().stream()
            .via(Transform.digest("MD5", digest -> {}))
            .map(Chunk::detached)
            .to(Sink.toList(MOST))
            .map(chunks -> Response.ok(Chunk.join(chunks), TYPE));
    call.answer().associate(answer);

    assertArrayEquals(bytes, Expect.ready(response).bytes().toArray());
  }

  @Test
  void request_streamMayBeTheResponse() {
    byte[] bytes = random(3_000_000);
    Request request =
        Request.post("/", Body.of(Stream.of(Chunk.of(bytes)).via(Transform.rechunk(50_000))));
    Future<Response> response = client.stream(url(), request);
    Call call = next();
    call.answer().set(Response.stream(call.request().stream(), TYPE));

    assertArrayEquals(bytes, all(list(Expect.ready(response).stream())));
  }

  @Test
  void bodies_thatAreNoStreamsCanBeStreamed() throws IOException {
    Future<Response> response = client.send(url(), Request.post("/", Body.of("hello")));
    Call call = next();
    assertEquals("hello", new String(all(list(call.request().stream()))));
    call.answer().set(Response.ok("world"));
    assertEquals("world", new String(all(list(Expect.ready(response).stream()))));
    Path path = Files.write(directory.resolve("f"), random(100_000));

    assertEquals(0, all(list(Body.empty().stream())).length);
    assertArrayEquals(random(100_000), all(list(Response.file(path).stream())));
  }

  @Test
  void bodies_forCodeThatBlocks() throws IOException {
    byte[] bytes = random(300_000);
    Pipe<Chunk> upload = Pipe.bytes();
    Future<Response> response = client.stream(url(), Request.post("/", Body.of(upload.reader())));
    Call call = next();
    Pipe<Chunk> answer = Pipe.bytes();
    call.answer().set(Response.stream(answer.reader(), TYPE));
    Thread echo =
        new Thread(
            () -> {
              try (InputStream in = call.request().body().inputStream();
                  OutputStream out = Bytes.output(answer.writer())) {
                in.transferTo(out);
              } catch (IOException e) {
                answer.writer().fail(e);
              }
            });
    echo.start();
    Thread writer =
        new Thread(
            () -> {
              try (OutputStream out = Bytes.output(upload.writer())) {
                out.write(bytes);
              } catch (IOException e) {
                upload.writer().fail(e);
              }
            });
    writer.start();
    try (InputStream in = Expect.ready(response).body().inputStream()) {
      assertArrayEquals(bytes, in.readAllBytes());
    }
  }

  @Test
  void events_arriveAsTheyAreSent() {
    Pipe<ServerEvent> events = new Pipe<>(16);
    Pipe<ServerEvent> got = new Pipe<>(0);
    client.download(url()).via(ServerEvent.decode(1000)).to(Sink.writer(got));
    next().answer().set(Response.events(events.reader().stream()));
    for (int i = 0; i < 5; i++) {
      ServerEvent event = ServerEvent.of("tick", "number " + i).withId("" + i);
      events.writer().write(event);
      assertEquals(event, Expect.ready(got.reader().read()).orElseThrow());
    }
    events.writer().close();

    assertTrue(Expect.ready(got.reader().read()).isEmpty());
  }

  /* ------ Files ------ */

  @Test
  void file_downloadedIntoAFile() throws IOException {
    byte[] bytes = random(5_000_000);
    Path from = Files.write(directory.resolve("from"), bytes);
    Path to = directory.resolve("to");
    Future<Long> size = client.download(url()).to(Sink.file(to, FileMode.ATOMIC));
    next().answer().set(Response.stream(Stream.file(from), TYPE));

    assertEquals(bytes.length, Expect.ready(size));
    assertArrayEquals(bytes, Files.readAllBytes(to));
  }

  @Test
  void file_uploadedWithItsLength() throws IOException {
    byte[] bytes = random(3_000_000);
    Path from = Files.write(directory.resolve("from"), bytes);
    Request request =
        Request.post("/", Body.of(Stream.file(from))).withHeader("Content-Length", "3000000");
    Future<Response> response = client.send(url(), request);
    Call call = next();
    assertEquals("3000000", call.request().headers().first("Content-Length").orElseThrow());
    call.answer()
        .associate(
            call.request().stream()
                .to(Sink.file(directory.resolve("to"), FileMode.CREATE))
                .map(size -> Response.ok("" + size)));

    assertEquals("3000000", Expect.ready(response).text());
    assertArrayEquals(bytes, Files.readAllBytes(directory.resolve("to")));
  }

  @Test
  void file_thatBecomesShorterCutsTheResponse() throws IOException {
    Path path = directory.resolve("f");
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      file.setLength(100_000_000);
      try (RawClient raw = new RawClient(port())) {
        raw.send(RawClient.get("/"));
        next().answer().set(Response.stream(watched(Stream.file(path)), TYPE));
        assertEquals(200, raw.replyHead().status());
        raw.read(100_000);
        file.setLength(50_000_000);

        Termination end = end(raw);
        assertEquals(Termination.Kind.CANCEL, end.kind());
        assertTrue(
            end.cause().orElseThrow().getCause().getMessage().startsWith("file truncated"),
            end::toString);
      }
    }
  }

  /* ------ Failures of the source ------ */

  @Test
  void failureBeforeTheHead_isAnswered500() {
    for (Stream<Chunk> failing :
        List.of(
            Stream.<Chunk>failed(new Failure("no disk")),
            endless()
                .<Chunk>map(
                    chunk -> {
                      chunk.release();
                      throw new Failure("no disk");
                    }))) {
      Future<Response> response = client.get(url());
      next().answer().set(Response.stream(failing, TYPE));

      assertEquals(500, Expect.ready(response).status().code());
      assertEquals("no disk", Expect.ready(response).text());
    }
  }

  @Test
  void failureBeforeTheHead_tellsNothingOfTheServer() {
    Future<Response> response = client.get(url());
    next().answer().set(Response.stream(Stream.failed(new NoSuchFileException("secret")), TYPE));

    assertEquals(500, Expect.ready(response).status().code());
    assertTrue(Expect.ready(response).text().contains("See the log"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"idle", "ready"})
  void failureAfterTheHead_cutsTheConnection(String kind) throws IOException {
    Promise<Chunk> failing = new Promise<>();
    Stream<Chunk> source =
        kind.equals("idle")
            ? Stream.concat(Stream.of(Chunk.utf8("some")), Stream.fromFuture(failing.future()))
            : Stream.concat(endless().via(Transform.take(100)), Stream.failed(new Failure("no")));
    try (RawClient raw = new RawClient(port())) {
      raw.send(RawClient.get("/"));
      next().answer().set(Response.stream(source, TYPE));
      assertEquals(200, raw.replyHead().status());
      failing.fail(new Failure("no disk"));

      assertThrows(IOException.class, raw::chunks);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"idle", "ready"})
  void failureOfAnUpload_isSeenByTheHandler(String kind) {
    Promise<Chunk> failing = new Promise<>();
    Stream<Chunk> source =
        kind.equals("idle")
            ? Stream.concat(Stream.of(Chunk.utf8("some")), Stream.fromFuture(failing.future()))
            : Stream.concat(endless().via(Transform.take(100)), Stream.failed(new Failure("no")));
    Future<Response> response = client.stream(url(), Request.post("/", Body.of(source)));
    Future<List<Chunk>> body = list(next().request().stream());
    failing.fail(new Failure("no disk"));

    assertEquals("failed to decode body", Expect.failureText(body));
    Expect.failure(response);
  }

  /* ------ Known lengths ------ */

  private Response withLength(Stream<Chunk> stream, long length) {
    return Response.stream(stream, TYPE).withHeader("Content-Length", "" + length);
  }

  @Test
  void knownLength_keptIsNotInChunks() throws IOException {
    try (RawClient raw = new RawClient(port())) {
      raw.send(RawClient.get("/"));
      next().answer().set(withLength(endless().via(Transform.take(20)), 20 * PIECE));
      assertEquals(20 * PIECE, raw.reply().body().length);
    }
  }

  @Test
  void knownLength_missedFailsTheDownload() {
    Future<List<Chunk>> body = list(client.download(url()));
    next().answer().set(withLength(endless().via(Transform.take(20)), 20 * PIECE + 1));

    Expect.failure(body);
  }

  @Test
  void knownLength_exceededCancelsTheSource() {
    Future<List<Chunk>> body = list(client.download(url()));
    next().answer().set(withLength(endless(), 20 * PIECE + 1));

    Expect.failure(body);
    Termination end = end();
    assertEquals(Termination.Kind.CANCEL, end.kind());
    assertEquals(
        "the stream is longer than its Content-Length", end.cause().orElseThrow().getMessage());
  }

  @Test
  void knownLength_ofAnUploadIsKept() {
    Request request = Request.post("/", Body.of(endless())).withHeader("Content-Length", "25000");
    Expect.failure(client.send(url(), request)); // Perhaps before its head has left.
    Termination end = end();
    assertEquals(Termination.Kind.CANCEL, end.kind());
    assertEquals(
        "the stream is longer than its Content-Length", end.cause().orElseThrow().getMessage());
  }
}

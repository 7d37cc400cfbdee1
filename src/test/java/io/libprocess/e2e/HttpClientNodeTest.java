package io.libprocess.e2e;

import static io.libprocess.testing.Await.awaitReady;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.Node;
import io.libprocess.Process;
import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.http.Body;
import io.libprocess.http.ClientSettings;
import io.libprocess.http.Connection;
import io.libprocess.http.Headers;
import io.libprocess.http.HttpClient;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.http.Route;
import io.libprocess.http.Url;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.Pipe;
import io.libprocess.testing.Await;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The client against processes of a node: the behaviour that libprocess's own tests pin, and more.
 */
@Timeout(60)
class HttpClientNodeTest {

  private record Call(Request request, Promise<Response> promise) {}

  /** Leaves the answers to the test. */
  private static final class Handler extends Process<Handler> {
    final BlockingQueue<Call> calls = new LinkedBlockingQueue<>();

    @Override
    protected void initialize() {
      route("/body", "Answered by the test.", this::keep);
      route(Route.at("/pipe").streaming().help("Answered by the test."), this::keep);
    }

    private Future<Response> keep(Request request) {
      Call call = new Call(request, new Promise<>());
      calls.add(call);
      return call.promise.future();
    }

    Call call() throws InterruptedException {
      Call call = calls.poll(15, TimeUnit.SECONDS);
      assertTrue(call != null, "no request arrived");
      return call;
    }

    Call answer(Response response) throws InterruptedException {
      Call call = call();
      call.promise.set(response);
      return call;
    }
  }

  private final Node node = Node.start();
  private final HttpClient client = node.http();
  private final Handler handler = new Handler();
  private final Url body = node.spawn(handler).url("/body");
  private final Url pipe = body.withTarget(body.path().replace("/body", "/pipe"));

  @AfterEach
  void close() {
    node.close();
  }

  private static Response ready(Future<Response> response) {
    awaitReady(response);
    return response.get();
  }

  private static String failure(Future<?> future) {
    return Await.awaitFailed(future).getMessage();
  }

  private Connection connect() {
    Future<Connection> connection = client.connect(body);
    awaitReady(connection);
    return connection.get();
  }

  private static Pipe.Reader<Chunk> reader(Response response) {
    return ((Body.Streamed) response.body()).reader();
  }

  private static String piece(Pipe.Reader<Chunk> reader) {
    Future<Optional<Chunk>> read = reader.read();
    awaitReady(read);
    return read.get().map(Chunk::utf8).orElse("<end>");
  }

  private Request get(Url url) {
    return Request.get(url.target()).withKeepAlive(true);
  }

  /* ------ One request ------ */

  /** HTTPTest.Get. */
  @Test
  void get() throws Exception {
    Future<Response> plain = client.get(body);
    Call first = handler.answer(Response.ok());
    assertEquals(200, ready(plain).status().code());
    assertEquals(Map.of(), first.request.query());
    assertNotEquals(node.address(), first.request.client().get());

    Future<Response> query = client.get(body.withQuery(Map.of("foo", "bar")));
    assertEquals(Map.of("foo", "bar"), handler.answer(Response.ok()).request.query());
    assertEquals(200, ready(query).status().code());
  }

  /** HTTPTest.QueryEncoding, in the request line. */
  @Test
  void get_queryIsEncoded() throws Exception {
    client.get(body.withQuery(Map.of("path", "C:\\foo\\bar%3Abaz")));
    Request request = handler.answer(Response.ok()).request;
    assertTrue(request.target().endsWith("?path=C%3A%5Cfoo%5Cbar%253Abaz"), request.target());
    assertEquals("C:\\foo\\bar%3Abaz", request.query("path").get());
  }

  /** HTTPTest.StreamingGetComplete. */
  @Test
  void stream_complete() throws Exception {
    Future<Response> response = client.stream(pipe, Request.get("/"));
    Pipe<Chunk> pipe = Pipe.bytes();
    handler.answer(Response.stream(pipe.reader(), "text/plain"));
    Pipe.Reader<Chunk> reader = reader(ready(response));
    for (String text : List.of("hello", "world")) {
      pipe.writer().write(Chunk.utf8(text));
      assertEquals(text, piece(reader));
    }
    pipe.writer().close();
    assertEquals("<end>", piece(reader));
  }

  /** HTTPTest.StreamingGetFailure. */
  @Test
  void stream_failure() throws Exception {
    Future<Response> response = client.stream(pipe, Request.get("/"));
    Pipe<Chunk> pipe = Pipe.bytes();
    handler.answer(Response.stream(pipe.reader(), "text/plain"));
    Pipe.Reader<Chunk> reader = reader(ready(response));
    for (String text : List.of("hello", "world")) {
      pipe.writer().write(Chunk.utf8(text));
      assertEquals(text, piece(reader));
    }
    pipe.writer().fail(new IllegalStateException("oops"));
    assertEquals("failed to decode body", failure(reader.read()));
  }

  /** HTTPTest.Post. */
  @Test
  void post() throws Exception {
    assertEquals(
        "Attempted to do a POST with a Content-Type but no body",
        failure(client.post(body, Body.empty(), "text/plain")));
    client.post(body, Body.of("This is the payload."), "text/plain");
    Request byArgument = handler.answer(Response.ok()).request;
    assertEquals("POST", byArgument.method());
    assertEquals("This is the payload.", byArgument.text());
    assertEquals("text/plain", byArgument.headers().first("Content-Type").get());

    client.send(
        body,
        Request.post("/", Body.of("This is the payload."))
            .withHeader("Content-Type", "text/plain"));
    Request byHeader = handler.answer(Response.ok()).request;
    assertEquals("text/plain", byHeader.headers().first("Content-Type").get());
    assertEquals("This is the payload.", byHeader.text());
  }

  /** HTTPTest.Delete. */
  @Test
  void delete() throws Exception {
    Future<Response> response = client.delete(body);
    Request request = handler.answer(Response.ok()).request;
    assertEquals("DELETE", request.method());
    assertEquals("", request.text());
    assertEquals(Map.of(), request.query());
    assertEquals(200, ready(response).status().code());
  }

  /** HTTPTest.Request. */
  @Test
  void request() throws Exception {
    Future<Response> response = client.send(body, Request.of("DELETE", "/"));
    assertEquals("DELETE", handler.answer(Response.ok()).request.method());
    assertEquals(200, ready(response).status().code());
  }

  /* ------ Connections ------ */

  /** HTTPConnectionTest.Serial. */
  @Test
  void connection_serial() throws Exception {
    Connection connection = connect();
    Future<Response> first = connection.send(get(body).withHeader("X", "1"));
    Call call = handler.answer(Response.ok("1"));
    assertEquals("1", call.request.headers().first("X").get());
    assertEquals("1", ready(first).text());

    Future<Response> second = connection.stream(get(pipe));
    Pipe<Chunk> stream = Pipe.bytes();
    handler.answer(Response.stream(stream.reader(), "text/plain"));
    stream.writer().write(Chunk.utf8("2"));
    Pipe.Reader<Chunk> reader = reader(ready(second));
    assertEquals("2", piece(reader));
    stream.writer().close();
    assertEquals("<end>", piece(reader));

    connection.disconnect();
    awaitReady(connection.disconnected());
    assertEquals("Disconnected", failure(connection.send(get(body))));
  }

  /** HTTPConnectionTest.Pipeline. */
  @Test
  void connection_pipeline() throws Exception {
    Handler other = new Handler();
    Url otherBody = node.spawn(other).url("/body");
    Connection connection = connect();
    Future<Response> first = connection.send(get(body));
    Future<Response> second = connection.send(get(otherBody));
    Future<Response> third = connection.stream(get(pipe));
    Call firstCall = handler.call();
    Call secondCall = other.call();
    Call thirdCall = handler.call();

    Pipe<Chunk> stream = Pipe.bytes();
    thirdCall.promise.set(Response.stream(stream.reader(), "text/plain"));
    secondCall.promise.set(Response.ok("2"));
    assertTrue(first.isPending() && second.isPending() && third.isPending());
    firstCall.promise.set(Response.ok("1"));

    assertEquals("1", ready(first).text());
    assertEquals("2", ready(second).text());
    Pipe.Reader<Chunk> reader = reader(ready(third));
    stream.writer().write(Chunk.utf8("3"));
    assertEquals("3", piece(reader));
    stream.writer().close();
    assertEquals("<end>", piece(reader));
    connection.disconnect();
    awaitReady(connection.disconnected());
  }

  /** HTTPConnectionTest.ClosingRequest. */
  @Test
  void connection_closingRequest() throws Exception {
    Connection connection = connect();
    Future<Response> first = connection.send(get(body));
    Future<Response> last = connection.send(get(body).withKeepAlive(false));
    assertEquals("Cannot pipeline after 'Connection: close'", failure(connection.send(get(body))));
    handler.answer(Response.ok("1"));
    handler.answer(Response.ok("2"));
    assertEquals("1", ready(first).text());
    assertEquals("2", ready(last).text());
    awaitReady(connection.disconnected());
  }

  /** HTTPConnectionTest.ClosingResponse. */
  @Test
  void connection_closingResponse() throws Exception {
    Connection connection = connect();
    Future<Response> first = connection.send(get(body));
    Future<Response> second = connection.send(get(body));
    Call firstCall = handler.call();
    handler.call();
    firstCall.promise.set(Response.ok("1").withHeader("Connection", "close"));
    assertEquals("1", ready(first).text());
    assertEquals("Received 'Connection: close' from the server", failure(second));
    awaitReady(connection.disconnected());
  }

  /** HTTPConnectionTest.ReferenceCounting: here a connection ends when it is closed. */
  @Test
  void connection_closedDisconnects() {
    Future<Void> disconnected;
    try (Connection connection = connect()) {
      disconnected = connection.disconnected();
      assertFalse(disconnected.isReady());
    }
    awaitReady(disconnected);
  }

  /** HTTPConnectionTest.Equality. */
  @Test
  void connection_equality() {
    Connection connection = connect();
    assertEquals(connection, connection);
    assertNotEquals(connection, connect());
    assertEquals(node.address(), connection.remote());
    assertNotEquals(connection.local(), connection.remote());
  }

  /** HTTPConnectionTest.RequestStreaming, as seen by the client: both bodies flow at once. */
  @Test
  void connection_bodiesFlowBothWaysAtOnce() throws Exception {
    Pipe<Chunk> up = Pipe.bytes();
    Connection connection = connect();
    Future<Response> response =
        connection.stream(Request.post(pipe.target(), Body.of(up.reader())).withKeepAlive(true));
    up.writer().write(Chunk.utf8("ping"));
    Call call = handler.call();
    Pipe<Chunk> down = Pipe.bytes();
    call.promise.set(Response.stream(down.reader(), "text/plain"));
    Pipe.Reader<Chunk> arriving = ((Body.Streamed) call.request.body()).reader();
    Pipe.Reader<Chunk> reader = reader(ready(response));
    for (int i = 0; i < 10; i++) {
      assertEquals("ping", piece(arriving));
      down.writer().write(Chunk.utf8("pong"));
      assertEquals("pong", piece(reader));
      up.writer().write(Chunk.utf8("ping"));
    }
    up.writer().close();
    down.writer().close();
    assertEquals("<end>", piece(reader));
  }

  @Test
  void trailers_arriveBehindTheBody() throws Exception {
    Pipe<Chunk> up = Pipe.bytes();
    Promise<Headers> trailers = new Promise<>();
    Request post = Request.post("/", Body.of(up.reader())).withTrailers(trailers.future());
    Future<Response> response = client.send(pipe, post);
    up.writer().write(Chunk.utf8("hello"));
    Call call = handler.call();
    Future<Request> whole = call.request.buffered(5);
    up.writer().close();
    trailers.set(Headers.of("X-Sum", "1"));
    awaitReady(whole);
    assertEquals("hello", whole.get().text());
    assertEquals(Headers.of("X-Sum", "1"), whole.get().trailers().get());
    call.promise.set(Response.ok("sum"));
    assertEquals("sum", ready(response).text());
  }

  /* ------ Limits of the world ------ */

  @Test
  void stream_aLotThatNobodyReadsTakesLittleMemory() throws Exception {
    Future<Response> response = client.stream(pipe, Request.get("/"));
    Pipe<Chunk> stream = Pipe.bytes();
    handler.answer(Response.stream(stream.reader(), "text/plain"));
    Pipe.Reader<Chunk> reader = reader(ready(response));
    Chunk mebibyte = Chunk.of(new byte[1 << 20]);
    int written = 0;
    for (Future<Boolean> write = stream.writer().write(mebibyte);
        write.await(java.time.Duration.ofMillis(500));
        write = stream.writer().write(mebibyte)) {
      assertTrue(++written < 64, "nobody was held back");
    }
    stream.writer().close();
    long size = 0;
    for (Future<Optional<Chunk>> read = reader.read(); ; read = reader.read()) {
      awaitReady(read);
      if (read.get().isEmpty()) {
        break;
      }
      size += read.get().get().size();
    }
    assertEquals((written + 1L) << 20, size);
  }

  @Test
  void standAlone_clientHasThreadsOfItsOwnAndEndsThem() throws Exception {
    HttpClient own = HttpClient.start(ClientSettings.defaults());
    Future<Response> response = own.get(body);
    handler.answer(Response.ok("hello"));
    assertEquals("hello", ready(response).text());
    own.close();
    own.close();
    assertEquals("the client is closed", failure(own.get(body)));
    assertTrue(
        Thread.getAllStackTraces().keySet().stream()
            .noneMatch(thread -> thread.getName().startsWith("libprocess-client-io")));
  }
}

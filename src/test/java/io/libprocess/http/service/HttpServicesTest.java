package io.libprocess.http.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.context.Propagation;
import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.http.Body;
import io.libprocess.http.ClientSettings;
import io.libprocess.http.Connection;
import io.libprocess.http.HttpClient;
import io.libprocess.http.HttpListener;
import io.libprocess.http.Request;
import io.libprocess.http.RequestHandler;
import io.libprocess.http.Response;
import io.libprocess.http.Route;
import io.libprocess.http.Url;
import io.libprocess.net.Address;
import io.libprocess.service.FailureFlag;
import io.libprocess.service.FlaggedFailure;
import io.libprocess.service.ResponseClass;
import io.libprocess.service.Service;
import io.libprocess.service.Timeline;
import io.libprocess.service.balance.Pool;
import io.libprocess.service.balance.PoolSettings;
import io.libprocess.service.filter.RequestTimeoutException;
import io.libprocess.service.filter.TimeoutFilter;
import io.libprocess.service.stack.ServiceClient;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.Pipe;
import io.libprocess.stream.Sink;
import io.libprocess.support.Expect;
import io.libprocess.time.Clock;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Clients made of filters, over real connections. */
class HttpServicesTest {

  private final HttpClient http = HttpClient.start(ClientSettings.defaults());
  private final List<HttpListener> servers = new ArrayList<>();
  private volatile RequestHandler handler = request -> Future.of(Response.ok("hello"));

  @AfterEach
  void close() {
    http.close();
    servers.forEach(HttpListener::close);
  }

  private Url serve(RequestHandler answers) throws IOException {
    HttpListener server = HttpListener.start(Address.loopback(0), answers);
    servers.add(server);
    return Url.of((Address) server.address());
  }

  private Url serve() throws IOException {
    return serve(request -> handler.handle(request));
  }

  private Pool<Request, Response> pool(boolean streams) throws IOException {
    Url url = serve();
    return new Pool<>(
        (streams ? HttpServices.streamingSessions(http) : HttpServices.sessions(http)).apply(url),
        PoolSettings.defaults(),
        Clock.system());
  }

  /** How many connections a pool has, once it has as many as it should. */
  private static void assertSize(Pool<?, ?> pool, int size) {
    Expect.until(() -> pool.size() == size && pool.idle() == size);
  }

  /* ------ Nothing that happens makes the size of the pool wrong ------ */

  @Test
  void connection_isUsedAgain() throws IOException {
    Pool<Request, Response> pool = pool(false);
    Service<Request, Response> service = pool.perRequest();
    for (int i = 0; i < 5; i++) {
      assertEquals("hello", Expect.ready(service.call(Request.get("/"))).text());
      assertSize(pool, 1);
    }
  }

  @Test
  void refusal_leavesTheConnectionUsable() throws IOException {
    for (boolean streams : new boolean[] {false, true}) {
      Pool<Request, Response> pool = pool(streams);
      Service<Request, Response> service = pool.perRequest();
      handler =
          request ->
              Future.of(Response.of(503, "x".repeat(1000)).withHeader("finagle-http-nack", "true"));
      Throwable refused = Expect.failure(service.call(Request.get("/")));
      assertTrue(FlaggedFailure.has(refused, FailureFlag.REJECTED));
      assertTrue(FlaggedFailure.has(refused, FailureFlag.RETRYABLE));
      assertSize(pool, 1);
      handler = request -> Future.of(Response.ok("hello"));
      Expect.ready(service.call(Request.get("/")));
      assertSize(pool, 1);
    }
  }

  @Test
  void timeout_endsTheConnection() throws IOException {
    Pool<Request, Response> pool = pool(false);
    handler = request -> new Promise<Response>().future();
    Service<Request, Response> service =
        new TimeoutFilter<Request, Response>(Duration.ofMillis(50), Clock.system())
            .andThen(pool.perRequest());

    assertInstanceOf(RequestTimeoutException.class, Expect.failure(service.call(Request.get("/"))));
    assertSize(pool, 0);
  }

  /** A server that is at work for a request learns at once that nobody waits for it any more. */
  @Test
  void request_thatIsGivenUpIsDiscardedInTheServer() throws IOException {
    Pool<Request, Response> pool = pool(false);
    BlockingQueue<String> discarded = new LinkedBlockingQueue<>();
    Promise<Boolean> arrived = new Promise<>();
    handler =
        request -> {
          Promise<Response> answer = new Promise<>();
          Future<Response> asked = answer.future().onDiscard(() -> discarded.add("discarded"));
          arrived.set(true);
          return asked;
        };
    Future<Response> response = pool.perRequest().call(Request.get("/"));
    Expect.ready(arrived.future());
    response.discard();

    Expect.next("discarded", discarded);
    assertSize(pool, 0);
  }

  @Test
  void disconnect_isNoticed() throws IOException {
    Pool<Request, Response> pool = pool(false);
    Service<Request, Response> service = pool.perRequest();
    Expect.ready(service.call(Request.get("/")));
    servers.get(0).close();

    assertSize(pool, 0);
    Throwable failure = Expect.failure(service.call(Request.get("/")));
    assertTrue(FlaggedFailure.has(failure, FailureFlag.RETRYABLE));
    assertSize(pool, 0);
  }

  @Test
  void responseThatClosesTheConnection_leavesNoneInThePool() throws IOException {
    Pool<Request, Response> pool = pool(false);
    handler = request -> Future.of(Response.ok("bye").withHeader("Connection", "close"));
    Service<Request, Response> service = pool.perRequest();
    for (int i = 0; i < 5; i++) {
      assertEquals("bye", Expect.ready(service.call(Request.get("/"))).text());
    }

    assertSize(pool, 0);
  }

  @Test
  void stream_holdsItsConnectionToItsEnd() throws IOException {
    Pool<Request, Response> pool = pool(true);
    Pipe<Chunk> pipe = Pipe.bytes();
    handler = request -> Future.of(Response.stream(pipe.reader(), "text/plain"));
    ServiceHold holding = new ServiceHold(pool);
    Response response = Expect.ready(holding.service.call(Request.get("/")));
    assertEquals(1, pool.size());
    assertEquals(0, pool.idle());
    Future<Long> count = response.stream().to(Sink.fold(0L, (sum, chunk) -> sum + chunk.size()));
    pipe.writer().write(Chunk.utf8("hello"));
    pipe.writer().close();

    assertEquals(5, Expect.ready(count));
    assertSize(pool, 1);
  }

  @Test
  void stream_thatIsGivenUpEndsItsConnection() throws IOException {
    Pool<Request, Response> pool = pool(true);
    Pipe<Chunk> pipe = Pipe.bytes();
    handler = request -> Future.of(Response.stream(pipe.reader(), "text/plain"));
    Response response = Expect.ready(new ServiceHold(pool).service.call(Request.get("/")));
    ((Body.Streamed) response.body()).cancel(new IOException("enough"));

    assertSize(pool, 0);
  }

  @Test
  void discard_beforeTheResponseEndsTheConnection() throws IOException {
    for (boolean streams : new boolean[] {false, true}) {
      Pool<Request, Response> pool = pool(streams);
      Promise<Boolean> arrived = new Promise<>();
      handler =
          request -> {
            arrived.set(true);
            return new Promise<Response>().future();
          };
      Future<Response> response = new ServiceHold(pool).service.call(Request.get("/"));
      Expect.ready(arrived.future());
      response.discard();

      Expect.discarded(response);
      assertSize(pool, 0);
    }
  }

  /** The service of a pool whose responses hold their connections, as that of a client does. */
  private static final class ServiceHold {
    private final Service<Request, Response> service;

    ServiceHold(Pool<Request, Response> pool) {
      service =
          pool.perRequest(
              (response, release) -> {
                response.trailers().onAny(done -> release.run());
                return response;
              });
    }
  }

  /* ------ Refusals ------ */

  private Throwable refused(Request request, Response response) throws IOException {
    handler = received -> Future.of(response);
    return Expect.failure(pool(false).perRequest().call(request));
  }

  @Test
  void refusals_areRecognized() throws IOException {
    Response bare = Response.of(503);
    Request get = Request.get("/");
    Request stream = Request.post("/", Body.of(io.libprocess.stream.Stream.of(Chunk.utf8("x"))));
    for (Response retryable :
        List.of(
            bare.withHeader("Retry-After", "0"), bare.withHeader("finagle-http-nack", "true"))) {
      assertTrue(FlaggedFailure.has(refused(get, retryable), FailureFlag.RETRYABLE));
    }
    assertTrue(
        FlaggedFailure.has(
            refused(stream, bare.withHeader("Retry-After", "0")), FailureFlag.NON_RETRYABLE));
    assertTrue(
        FlaggedFailure.has(
            refused(get, bare.withHeader("finagle-http-nonretryable-nack", "true")),
            FailureFlag.NON_RETRYABLE));
    for (Response plain : List.of(bare, bare.withHeader("Retry-After", "10"))) {
      handler = received -> Future.of(plain);
      assertEquals(503, Expect.ready(pool(false).perRequest().call(get)).status().code());
    }
  }

  private void refuseEverything(FailureFlag retryability) {
    Service<Request, Response> server =
        HttpServices.serverStack("busy")
            .build(
                request ->
                    Future.failed(FlaggedFailure.of("busy", FailureFlag.REJECTED, retryability)));
    handler = server::call;
  }

  @Test
  void server_saysWhatItHasRefused() throws IOException {
    refuseEverything(FailureFlag.RETRYABLE);
    Url url = serve();
    Response nack = Expect.ready(http.get(url));
    assertEquals(503, nack.status().code());
    assertEquals("true", nack.headers().first("finagle-http-nack", ""));
    assertEquals("0", nack.headers().first("Retry-After", ""));
    // Nobody has said that this body can be sent again.
    Response post = Expect.ready(http.post(url, Body.of("x"), "text/plain"));
    assertFalse(post.headers().contains("finagle-http-nack"));
    assertTrue(post.headers().contains("finagle-http-nonretryable-nack"));

    Service<Request, Response> client = pool(false).perRequest();
    assertTrue(
        FlaggedFailure.has(
            Expect.failure(client.call(Request.post("/", Body.of("x")))), FailureFlag.RETRYABLE));
    refuseEverything(FailureFlag.NON_RETRYABLE);
    assertTrue(
        FlaggedFailure.has(
            Expect.failure(client.call(Request.get("/"))), FailureFlag.NON_RETRYABLE));
  }

  /** A body that came in chunks cannot be told from a stream, so it is not asked for again. */
  @Test
  void server_asksForNoChunkedRequestAgain() throws IOException {
    Service<Request, Response> busy =
        HttpServices.serverStack("busy")
            .build(
                request ->
                    Future.failed(
                        FlaggedFailure.of("busy", FailureFlag.REJECTED, FailureFlag.RETRYABLE)));
    HttpListener server =
        HttpListener.builder().route(Route.post("/"), busy).start(Address.loopback(0));
    servers.add(server);
    Connection connection = Expect.ready(http.connect(Url.of((Address) server.address())));
    Body chunked = Body.of(io.libprocess.stream.Stream.of(Chunk.utf8("x")));
    for (Body body : List.of(Body.of("x"), chunked)) {
      Request post = Request.post("/", body).withHeader("finagle-http-retryable-request", "");
      Response refused = Expect.ready(connection.send(post));
      boolean mayBeSent = !(body instanceof Body.Streamed);
      assertEquals(mayBeSent, refused.headers().contains("finagle-http-nack"));
      assertEquals(!mayBeSent, refused.headers().contains("finagle-http-nonretryable-nack"));
    }
    connection.close();
  }

  /** What one client has sent does not allow that others are refused. */
  @Test
  void server_refusesExpiredRequestsOfEachConnectionByItself() throws IOException {
    Timeline time = new Timeline(); // Nobody moves it.
    Service<Request, Response> served =
        HttpServices.serverStack("late")
            .clock(time.clock())
            .rejectExpired()
            .build(request -> Future.of(Response.ok("served")));
    HttpListener server =
        HttpListener.builder()
            .propagation(Propagation.trusted())
            .route(Route.get("/"), served)
            .start(Address.loopback(0));
    servers.add(server);
    Url url = Url.of((Address) server.address());
    Connection good = Expect.ready(http.connect(url));
    Connection wrong = Expect.ready(http.connect(url));
    for (int i = 0; i < 10; i++) {
      assertEquals(200, Expect.ready(good.send(Request.get("/"))).status().code());
    }
    Request late =
        Request.get("/").withHeader("Finagle-Ctx-com.twitter.finagle.Deadline", "1000 2000");
    assertEquals(200, Expect.ready(wrong.send(late)).status().code());
    assertEquals(504, Expect.ready(good.send(late)).status().code());
    good.close();
    wrong.close();
  }

  @Test
  void server_passesOtherFailuresOn() {
    Service<Request, Response> server =
        HttpServices.serverStack("broken").build(request -> Future.failed("x"));

    assertEquals("x", server.call(Request.get("/")).failure().getMessage());
  }

  /* ------ Clients as a whole ------ */

  @Test
  void client_sendsElsewhereWhatWasRefused() throws IOException {
    AtomicInteger refused = new AtomicInteger();
    Url busy =
        serve(
            request -> {
              refused.incrementAndGet();
              return Future.of(Response.of(503).withHeader("Retry-After", "0"));
            });
    Url idle = serve();
    ServiceClient<Url, Request, Response> client =
        HttpServices.clientStack("test").build(HttpServices.sessions(http), List.of(busy, idle));
    for (int i = 0; i < 20; i++) {
      assertEquals("hello", Expect.ready(client.call(Request.get("/"))).text());
    }

    assertTrue(refused.get() > 0 && refused.get() <= 40, refused.toString());
    Expect.ready(client.close(Duration.ofSeconds(10)));
  }

  @Test
  void client_avoidsAServerThatIsGone() throws IOException {
    Url gone = serve();
    servers.get(0).close();
    Url there = serve();
    ServiceClient<Url, Request, Response> client =
        HttpServices.clientStack("test").build(HttpServices.sessions(http), List.of(gone, there));
    for (int i = 0; i < 20; i++) {
      assertEquals("hello", Expect.ready(client.call(Request.get("/"))).text());
    }
  }

  @Test
  void client_streams() throws IOException {
    handler =
        request ->
            Future.of(
                Response.stream(
                    io.libprocess.stream.Stream.from(
                        java.util.Collections.nCopies(100, Chunk.utf8("x".repeat(1000)))),
                    "text/plain"));
    ServiceClient<Url, Request, Response> client =
        HttpServices.streamingClientStack("test")
            .pool(PoolSettings.defaults().withHigh(1))
            .build(HttpServices.streamingSessions(http), List.of(serve()));
    for (int i = 0; i < 3; i++) {
      Response response = Expect.ready(client.call(Request.get("/")));
      long size =
          Expect.ready(response.stream().to(Sink.fold(0L, (sum, chunk) -> sum + chunk.size())));
      assertEquals(100_000, size);
    }
  }

  @Test
  void serverErrors_areFailuresIfWanted() {
    Request request = Request.get("/");
    assertEquals(
        ResponseClass.NON_RETRYABLE_FAILURE,
        HttpServices.serverErrorsAreFailures().decide(request, Future.of(Response.of(500))));
    assertEquals(
        ResponseClass.SUCCESS,
        HttpServices.serverErrorsAreFailures().decide(request, Future.of(Response.of(404))));
    assertEquals(
        ResponseClass.NON_RETRYABLE_FAILURE,
        HttpServices.serverErrorsAreFailures().decide(request, Future.failed("x")));
  }

  @Test
  void onlyIdempotentRequests_areRepeated() throws IOException {
    AtomicInteger received = new AtomicInteger();
    handler =
        request -> {
          received.incrementAndGet();
          return Future.of(Response.of(500));
        };
    ServiceClient<Url, Request, Response> client =
        HttpServices.clientStack("test")
            .classifier(
                (request, outcome) ->
                    outcome.isReady() && outcome.get().status().code() == 500
                        ? java.util.Optional.of(ResponseClass.RETRYABLE_FAILURE)
                        : java.util.Optional.empty())
            .tries(3)
            .build(HttpServices.sessions(http), List.of(serve()));
    Expect.ready(client.call(Request.post("/", Body.of("x"))));
    assertEquals(1, received.get());
    Expect.ready(client.call(Request.get("/")));

    assertEquals(1 + 3, received.get());
  }
}

package io.libprocess;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.context.Context;
import io.libprocess.context.ContextCodec;
import io.libprocess.context.ContextKey;
import io.libprocess.context.Deadline;
import io.libprocess.context.Propagation;
import io.libprocess.context.Trace;
import io.libprocess.context.Trace.Sampling;
import io.libprocess.context.TraceBuffer;
import io.libprocess.context.TraceRecord;
import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.http.Body;
import io.libprocess.http.ClientSettings;
import io.libprocess.http.HttpListener;
import io.libprocess.http.Principal;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.http.Route;
import io.libprocess.http.Url;
import io.libprocess.http.security.AuthenticationResult;
import io.libprocess.http.security.Authenticator;
import io.libprocess.net.Address;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.Stream;
import io.libprocess.support.Expect;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Contexts go with HTTP requests and messages, but not beyond the edge of the system. */
@Timeout(100)
class ContextWireTest {

  private static final ContextKey<String> USER =
      ContextKey.broadcast(
          "test.User",
          new ContextCodec<>() {
            @Override
            public String encode(String value) {
              return value;
            }

            @Override
            public String decode(String text) {
              return text;
            }
          });

  private static final ContextKey<String> LOCAL = ContextKey.local("local");
  private static final Deadline DEADLINE =
      Deadline.after(Instant.parse("2026-01-01T00:00:00Z"), Duration.ofSeconds(9));

  private final List<AutoCloseable> open = new ArrayList<>();
  private final BlockingQueue<Context> seen = new LinkedBlockingQueue<>();

  private Node node(Propagation propagation) {
    Node node = Node.start(Config.builder().propagation(propagation).build());
    open.add(node);
    return node;
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable one : open) {
      one.close();
    }
  }

  /** Notes the context of whatever it is sent. */
  private final class Server extends Process<Server> {

    Server() {
      super("server");
    }

    @Override
    protected void initialize() {
      install("message", (from, body) -> seen.add(Context.current()));
      installCall(
          "ask", Codec.STRING, Codec.STRING, (from, text) -> USER.current().orElse("nobody"));
      route(
          "/",
          "",
          request -> {
            seen.add(Context.current());
            return Future.of(Response.ok(request.headers().toString()));
          });
      route("/later", "", request -> request(request));
      if (node().config().authenticators().containsKey("realm")) {
        route(
            Route.at("/closed").realm("realm"),
            request -> Future.of(Response.ok(USER.current().orElse("nobody"))));
      }
    }

    private Future<Response> request(Request request) {
      seen.add(Context.current());
      return node().async(() -> Response.ok(USER.current().orElse("nobody")));
    }
  }

  private static Context context() {
    return Context.empty()
        .with(USER, "me")
        .with(LOCAL, "here")
        .with(Deadline.KEY, DEADLINE)
        .with(Trace.KEY, Trace.start(Sampling.YES, () -> 7));
  }

  private static Url url(Node node, String target) {
    return Url.of(node.address()).withTarget(target);
  }

  private void checkSeen() {
    Context there = Expect.next(seen);
    assertEquals(Optional.of("me"), there.get(USER));
    assertEquals(Optional.of(DEADLINE), there.get(Deadline.KEY));
    assertEquals(Optional.empty(), there.get(LOCAL));
    Trace trace = there.get(Trace.KEY).orElseThrow();
    assertEquals(7, trace.low());
    assertEquals(Optional.of(7L), trace.parent());
    assertNotEquals(7, trace.span());
  }

  @Test
  void request_bringsTheContextToTheHandler() {
    Node near = node(Propagation.trusted());
    Node far = node(Propagation.trusted());
    far.spawn(new Server());
    Response response = Expect.ready(context().call(() -> near.http().get(url(far, "/server"))));
    checkSeen();
    assertFalse(response.text().contains("B3") || response.text().contains("Finagle"));
    Expect.ready(near.http().get(url(far, "/server")));
    assertTrue(Expect.next(seen).isEmpty());
  }

  @Test
  void body_thatArrivesLater_changesNothing() {
    Node near = node(Propagation.trusted());
    Node far = node(Propagation.trusted());
    far.spawn(new Server());
    Body body = Body.of("x".repeat(1 << 20));
    Response response =
        Expect.ready(
            context().call(() -> near.http().post(url(far, "/server/later"), body, "text/plain")));
    checkSeen();
    assertEquals("me", response.text());
  }

  @Test
  void bodiesThatAreStreams_runInTheContextInWhichTheyWereMade() {
    Node near = node(Propagation.trusted());
    Node far = node(Propagation.trusted());
    far.spawn(new Server());
    BlockingQueue<String> names = new LinkedBlockingQueue<>();
    Context.Body<Stream<Chunk>, RuntimeException> stream =
        () ->
            Stream.of(Chunk.utf8("a"))
                .map(
                    chunk -> {
                      names.add(USER.current().orElse("nobody"));
                      return chunk;
                    });
    Future<Response> response =
        context()
            .call(() -> near.http().post(url(far, "/server/later"), Body.of(stream.call()), "a/b"));
    assertEquals("me", Expect.ready(response).text());
    Expect.next("me", names);
    Body unbound = Body.of(stream.call());
    Expect.ready(context().call(() -> near.http().post(url(far, "/server/later"), unbound, "a/b")));
    Expect.next("nobody", names);
  }

  @Test
  void message_bringsTheContextToTheHandler() {
    Node near = node(Propagation.trusted());
    Node far = node(Propagation.trusted());
    far.spawn(new Server());
    UPID server = new UPID("server", far.address());
    for (int i = 0; i < 3; i++) { // Also when heads recur.
      context().run(() -> near.post(server, "message", new byte[] {1}));
      checkSeen();
      near.post(server, "message", new byte[] {1});
      assertTrue(Expect.next(seen).isEmpty());
    }
    String answer =
        Expect.ready(
            context()
                .without(Deadline.KEY)
                .call(() -> near.ask(server, "ask", Codec.STRING, Codec.STRING, "who")));
    assertEquals("me", answer);
    UPID self = new UPID("server", near.address());
    near.spawn(new Server());
    context().run(() -> near.post(self, "message", new byte[0]));
    assertEquals(Optional.of("here"), Expect.next(seen).get(LOCAL), "nothing was sent");
  }

  /** The first holds up the others, and lets them in with it. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void requestsThatWaitForAdmission_keepTheirContexts(boolean withBody) {
    Promise<AuthenticationResult> first = new Promise<>();
    Promise<AuthenticationResult> others = new Promise<>();
    BlockingQueue<String> asked = new LinkedBlockingQueue<>();
    Authenticator authenticator =
        Authenticator.ofHead(
            "test",
            request -> {
              asked.add(USER.current().orElse("nobody"));
              return (USER.current().equals(Optional.of("user 0")) ? first : others)
                  .future()
                  .discardable();
            });
    Node node = Node.start(Config.builder().authenticator("realm", authenticator).build());
    open.add(node);
    node.spawn(new Server());
    List<Future<Response>> responses = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      Url url = url(node, "/server/closed");
      Body body = withBody ? Body.of("x".repeat(1 << 17)) : Body.empty();
      Context.Body<Future<Response>, RuntimeException> send =
          () -> node.http().send(url, Request.of("POST", "/").withBody(body));
      responses.add(i == 3 ? send.call() : Context.with(USER, "user " + i, send));
      assertEquals(i == 3 ? "nobody" : "user " + i, Expect.next(asked));
    }
    others.set(AuthenticationResult.of(Principal.of("p")));
    first.set(AuthenticationResult.of(Principal.of("p")));
    for (int i = 0; i < 5; i++) {
      assertEquals(i == 3 ? "nobody" : "user " + i, Expect.ready(responses.get(i)).text());
    }
  }

  @Test
  void foreignSides_getAndGiveNothing() throws Exception {
    Node near = node(Propagation.foreign());
    Node far = node(Propagation.foreign());
    far.spawn(new Server());
    UPID server = new UPID("server", far.address());
    context().run(() -> near.post(server, "message", new byte[] {1}));
    assertTrue(Expect.next(seen).isEmpty());
    Response stripped = Expect.ready(context().call(() -> near.http().get(url(far, "/server"))));
    assertTrue(Expect.next(seen).isEmpty());
    assertFalse(stripped.text().contains("B3") || stripped.text().contains("Finagle"));
    HttpListener edge =
        HttpListener.start(
            Address.loopback(0),
            request -> {
              seen.add(Context.current());
              return Future.of(Response.ok(request.headers().toString()));
            });
    open.add(edge);
    Url url = Url.of((Address) edge.address()).withTarget("/");
    String headers = Expect.ready(context().call(() -> near.http().get(url))).text();
    assertTrue(Expect.next(seen).isEmpty());
    assertFalse(headers.contains("B3") || headers.contains("Finagle"), headers);
  }

  @Test
  void listener_thatTrustsItsClientsReadsTheirContexts() throws Exception {
    Node near = node(Propagation.trusted());
    HttpListener inside =
        HttpListener.builder()
            .propagation(Propagation.trusted())
            .otherwise(
                request -> {
                  seen.add(Context.current());
                  return Future.of(Response.ok(request.headers().toString()));
                })
            .start(Address.loopback(0));
    open.add(inside);
    Url url = Url.of((Address) inside.address()).withTarget("/");
    String headers = Expect.ready(context().call(() -> near.http().get(url))).text();
    checkSeen();
    assertFalse(headers.contains("B3") || headers.contains("Finagle"), headers);
  }

  @Test
  void client_forForeignServersSendsNothing() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      Config config =
          Config.builder()
              .httpClient(ClientSettings.builder().propagation(Propagation.foreign()).build())
              .build();
      Node node = Node.start(config);
      open.add(node);
      Url url = Url.of(Address.loopback(server.getLocalPort())).withTarget("/");
      Future<Response> response = context().call(() -> node.http().get(url));
      try (Socket socket = server.accept()) {
        String head = head(socket.getInputStream());
        assertFalse(head.contains("B3") || head.contains("Finagle"), head);
        socket
            .getOutputStream()
            .write("HTTP/1.1 204 No Content\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        Expect.ready(response);
      }
    }
  }

  private static String head(InputStream in) throws Exception {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      head.append((char) in.read());
    }
    return head.toString();
  }

  @Test
  void recorder_getsBothSidesOfARequest() {
    TraceBuffer records = new TraceBuffer(100);
    Node node = node(Propagation.trusted().withRecorder(records, 1));
    node.spawn(new Server());
    Expect.ready(node.http().get(url(node, "/server?secret=1")));
    List<TraceRecord> both = take(records, 2);
    TraceRecord server = both.get(both.get(0).kind() == TraceRecord.Kind.SERVER ? 0 : 1);
    TraceRecord client = both.get(both.get(0).kind() == TraceRecord.Kind.SERVER ? 1 : 0);
    assertEquals(TraceRecord.Kind.CLIENT, client.kind());
    assertEquals(client.trace().traceId(), server.trace().traceId());
    assertEquals(client.trace().spanId(), server.trace().spanId());
    for (TraceRecord record : both) {
      assertEquals("/server", record.path());
      assertEquals("GET", record.method());
      assertEquals(200, record.status().orElseThrow());
    }
  }

  @Test
  void recorder_getsNothingOfWhatIsNotSampled() {
    TraceBuffer records = new TraceBuffer(100);
    Node node = node(Propagation.trusted().withRecorder(records, 0));
    node.spawn(new Server());
    Expect.ready(node.http().get(url(node, "/server")));
    assertEquals(Sampling.NO, Expect.next(seen).get(Trace.KEY).orElseThrow().sampling());
    Expect.ready(context().call(() -> node.http().get(url(node, "/server"))));
    take(records, 2).forEach(record -> assertEquals(7, record.trace().low()));
  }

  /** What others have decided about a trace that begins here. */
  @Test
  void decisionWithoutATrace_holds() {
    TraceBuffer records = new TraceBuffer(100);
    Node all = node(Propagation.trusted().withRecorder(records, 1));
    all.spawn(new Server());
    Node none = node(Propagation.trusted().withRecorder(records, 0));
    none.spawn(new Server());
    Node near = node(Propagation.trusted());
    for (String[] field :
        new String[][] {{"b3", "0"}, {"X-B3-Sampled", "0"}, {"X-B3-Sampled", "false"}}) {
      assertEquals(Sampling.NO, sampling(near, all, field));
    }
    for (String[] field :
        new String[][] {{"b3", "1"}, {"b3", "d"}, {"X-B3-Sampled", "1"}, {"X-B3-Flags", "1"}}) {
      assertEquals(Sampling.YES, sampling(near, none, field));
    }
    assertEquals(Sampling.YES, sampling(near, all, "b3", "maybe"));
    assertEquals(Sampling.YES, sampling(near, all, "X-Other", "0"));
  }

  private Sampling sampling(Node near, Node server, String... field) {
    Request request = Request.get("/").withHeader(field[0], field[1]);
    Expect.ready(near.http().send(url(server, "/server"), request));
    return Expect.next(seen).get(Trace.KEY).orElseThrow().sampling();
  }

  /** Waits for so many records, and finds no more. */
  private static List<TraceRecord> take(TraceBuffer records, int count) {
    List<TraceRecord> taken = new ArrayList<>();
    Expect.until(
        () -> {
          taken.addAll(records.takeAll());
          return taken.size() >= count;
        });
    assertEquals(count, taken.size());
    return taken;
  }

  @Test
  void buffer_dropsWhatItHasNoRoomFor() {
    TraceBuffer buffer = new TraceBuffer(2);
    for (int i = 0; i < 5; i++) {
      buffer.record(
          new TraceRecord(
              Trace.start(Sampling.YES, () -> 1),
              TraceRecord.Kind.CLIENT,
              "GET",
              "/",
              Instant.EPOCH,
              Duration.ZERO,
              OptionalInt.empty(),
              Optional.empty(),
              0,
              false));
    }
    assertEquals(3, buffer.dropped());
    assertEquals(2, buffer.takeAll().size());
    assertEquals(0, buffer.takeAll().size());
  }
}

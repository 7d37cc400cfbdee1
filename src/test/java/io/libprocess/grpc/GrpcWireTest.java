package io.libprocess.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.Codec;
import io.libprocess.PID;
import io.libprocess.Process;
import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.http.Response;
import io.libprocess.http.Route;
import io.libprocess.http.security.BasicAuthenticator;
import io.libprocess.http.security.Security;
import io.libprocess.http.server.Http2Wire;
import io.libprocess.support.Expect;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The server's side of calls, frame by frame. */
@Timeout(60)
class GrpcWireTest {

  private static final int END = Http2Wire.END_STREAM;
  private static final String HEAD =
      "HEADERS 1 :status=200 content-type=application/grpc grpc-accept-encoding=identity,gzip";

  private GrpcFixture fixture;
  private RawPeer peer;

  @BeforeEach
  void start() throws IOException {
    fixture = new GrpcFixture(limits -> limits.pipelined(8), GrpcSettings.defaults());
    peer = RawPeer.client(fixture.server.address().ip(), fixture.server.address().port());
  }

  @AfterEach
  void stop() throws IOException {
    peer.close();
    fixture.close();
  }

  private String answer(byte[]... frames) throws IOException {
    peer.send(frames);
    return peer.next(1);
  }

  @Test
  void unaryCall() throws Exception {
    assertEquals(
        HEAD.replace("200 ", "200 content-length=7 ") + " where=before",
        answer(RawPeer.call(1, "/test.Echo/Echo"), RawPeer.message(1, END, "hi")));
    assertEquals("DATA 1 \0\0\0\0\2hi", peer.next(1));
    assertEquals("HEADERS 1 grpc-status=0 where=after END", peer.next(1));
  }

  @Test
  void messageInSingleOctets() throws Exception {
    peer.send(RawPeer.call(1, "/test.Echo/Echo"));
    for (char c : "\0\0\0\0\2h".toCharArray()) {
      peer.send(Http2Wire.data(1, 0, String.valueOf(c)));
    }
    peer.send(Http2Wire.data(1, 0, "i"), Http2Wire.data(1, END, ""));
    peer.next(1);

    assertEquals("DATA 1 \0\0\0\0\2hi", peer.next(1));
    assertEquals("HEADERS 1 grpc-status=0 where=after END", peer.next(1));
  }

  @Test
  void failureBeforeAReply_isOneHead() throws Exception {
    assertEquals(
        HEAD + " grpc-status=5 grpc-message=100%25 why=asked END",
        answer(RawPeer.call(1, "/test.Echo/Fail"), RawPeer.message(1, END, "NOT_FOUND: 100%")));
  }

  @Test
  void requestsThatAreNoCalls_areRefusedAsHttpDoes() throws Exception {
    assertTrue(answer(Http2Wire.get(1, "/test.Echo/Echo")).contains(":status=405"));
    peer.send(
        Http2Wire.post(3, "/test.Echo/Echo", "content-type", "application/json"),
        Http2Wire.data(3, END, "{}"));
    assertTrue(peer.next(3).contains(":status=415"));
    peer.send(
        Http2Wire.post(5, "/test.Echo/Echo", "content-type", "application/grpc+proto"),
        RawPeer.message(5, END, "without te"));
    assertTrue(peer.next(5).contains("content-type=application/grpc+proto"));
  }

  @Test
  void illegalFieldsAndMessages_areStatuses() throws Exception {
    String[][] cases = {
      {"13", "not a time: grpc-timeout '1h'", "grpc-timeout", "1h"},
      {"12", "the encoding 'snappy' is not known", "grpc-encoding", "snappy"},
      {"13", "the value of k-bin is not base64", "k-bin", "?"},
    };
    int stream = 1;
    for (String[] wrong : cases) {
      peer.send(
          RawPeer.call(stream, "/test.Echo/Echo", wrong[2], wrong[3]),
          RawPeer.message(stream, END, "x"));
      assertEquals(
          HEAD.replace(" 1 ", " " + stream + " ")
              + " grpc-status="
              + wrong[0]
              + " grpc-message="
              + wrong[1]
              + " END",
          peer.next(stream));
      stream += 2;
    }
    String[] bodies = {"\2\0\0\0\0", "\1\0\0\0\0", "\0\0\0\0\2x", "\0"};
    for (String body : bodies) {
      peer.send(RawPeer.call(stream, "/test.Echo/Echo"), Http2Wire.data(stream, END, body));
      assertTrue(peer.next(stream).contains("grpc-status=13"), body);
      stream += 2;
    }
    peer.send(RawPeer.call(stream, "/test.Echo/Echo"), Http2Wire.data(stream, 0, "\0\u00FF\0\0\0"));
    assertTrue(peer.next(stream).contains("grpc-status=8"), "before its bytes come");
    assertEquals("RST_STREAM " + stream + " NO_ERROR", peer.next(stream));
  }

  @Test
  void refusals_areInKind() throws Exception {
    Security security = fixture.server.security();
    security.setFirewall(List.of(security.disabledEndpoints("/test.Echo/Held")));
    security.setAuthenticator("r", new BasicAuthenticator("r", Map.of()));
    Limited limited = new Limited();
    PID<Limited> pid = fixture.server.spawn(limited);
    String[][] cases = {
      {"/test.Nobody/Any", "12"},
      {"/test.Echo/Nothing", "12"},
      {"/test.Echo/Held", "7"},
      {"/test.Limited/Secret", "16"},
      {"/test.Limited/Small", "8"},
      {"/" + "x".repeat(10_000), "8"},
    };
    int stream = 1;
    for (String[] refused : cases) {
      peer.send(RawPeer.call(stream, refused[0]), RawPeer.message(stream, END, "message"));
      assertRefusal(stream, refused[1]);
      stream += 2;
    }
    CountDownLatch busy = new CountDownLatch(1);
    pid.dispatch(
        process -> {
          busy.countDown();
          process.release.await();
        });
    busy.await();
    pid.dispatch(process -> {}); // Takes the only place.
    peer.send(RawPeer.call(stream, "/test.Limited/Any"), RawPeer.message(stream, END, ""));
    assertRefusal(stream, "14");
    limited.release.countDown();
    stream += 2;
    String[] many = new String[220];
    Arrays.fill(many, "y");
    peer.send(RawPeer.call(stream, "/test.Echo/Echo", many));
    assertRefusal(stream, "8");
    stream += 2;
    peer.send(Http2Wire.post(stream, "/test.Nobody/Any"), Http2Wire.data(stream, END, ""));
    assertTrue(peer.next(stream).contains(":status=404"), "to those who do not speak gRPC");
  }

  private void assertRefusal(int stream, String status) throws IOException {
    String head = peer.next(stream);
    assertTrue(head.contains(":status=200") && head.endsWith("END"), head);
    assertTrue(head.contains("grpc-status=" + status + " "), head);
    assertTrue(head.contains("content-type=application/grpc "), head);
  }

  /** Refuses for several reasons. */
  private static final class Limited extends Process<Limited> {
    final CountDownLatch release = new CountDownLatch(1);

    Limited() {
      super("test.Limited");
      mailboxLimit(1);
    }

    @Override
    protected void initialize() {
      GrpcHandler any =
          Grpc.unary(Codec.STRING, Codec.STRING, (String request) -> Future.of(request));
      route(Route.at("/Any").streaming(), any);
      route(Route.at("/Small").streaming().maxBody(10), any);
      route(Route.at("/Secret").streaming().realm("r"), any);
      route(Route.at("/Plain"), request -> Future.of(Response.ok("of HTTP")));
    }
  }

  @Test
  void silence_isOnlyForMethods() throws Exception {
    fixture.server.security().openRealm("r");
    fixture.server.spawn(new Limited());
    peer.send(
        RawPeer.call(1, "/test.Echo/Sum"),
        RawPeer.message(1, 0, "1"),
        RawPeer.call(3, "/test.Limited/Plain"),
        Http2Wire.data(3, 0, "x"),
        Http2Wire.ping(0, "all seen"));
    peer.next("PING ACK all seen"::equals);
    GrpcFixture.next(fixture.service.calls);
    fixture.clock.settle();
    for (int i = 0; i < 40; i++) {
      fixture.pass(Duration.ofSeconds(1));
      fixture.clock.settle();
    }

    String refusal = peer.next(3);
    assertTrue(refusal.contains("grpc-status=8 grpc-message=The request did not"), refusal);
    peer.send(RawPeer.message(1, END, "2"));
    peer.next(1);
    assertEquals("DATA 1 \0\0\0\0\1" + "3", peer.next(1));
  }

  @Test
  void resetByTheClient_discardsTheHandler() throws Exception {
    peer.send(RawPeer.call(1, "/test.Echo/Held"), RawPeer.message(1, END, "x"));
    EchoService.Held held = fixture.held();
    Promise<Void> discard = new Promise<>();
    held.reply().future().onDiscard(() -> discard.set(null));
    peer.send(Http2Wire.reset(1, 8));

    Expect.ready(discard.future());
  }

  @Test
  void deadline_resetsTheStream() throws Exception {
    peer.send(
        RawPeer.call(1, "/test.Echo/Held", "grpc-timeout", "5S"), RawPeer.message(1, END, "x"));
    EchoService.Held held = fixture.held();
    held.reply().future().onDiscard(held.reply()::discard);
    fixture.pass(Duration.ofSeconds(5));

    assertEquals("RST_STREAM 1 CANCEL", peer.next(1));
    peer.send(RawPeer.call(3, "/test.Echo/Echo"), RawPeer.message(3, END, "alive"));
    assertTrue(peer.next(3).startsWith("HEADERS 3 :status=200"));
  }

  @Test
  void deadline_resetsRepliesThatAreNotTaken() throws Exception {
    peer.send(
        Http2Wire.settings(4, 10), // A window of ten octets.
        RawPeer.call(1, "/test.Echo/Count", "grpc-timeout", "5S"),
        RawPeer.message(1, END, "1000"));
    assertTrue(peer.next(1).startsWith("HEADERS 1 :status=200"));
    peer.next(frame -> frame.startsWith("DATA 1"));
    fixture.clock.settle();
    fixture.pass(Duration.ofSeconds(5));

    assertEquals("RST_STREAM 1 CANCEL", peer.next(frame -> frame.startsWith("RST_STREAM 1")));
  }

  @Test
  void pingsThatComeTooSoon_endTheConnection() throws Exception {
    peer.send(RawPeer.call(1, "/test.Echo/Echo"), RawPeer.message(1, END, "x"));
    peer.next(frame -> frame.startsWith("HEADERS 1 grpc-status=0"));
    for (int i = 0; i < 3; i++) {
      peer.send(Http2Wire.ping(0, "ping 123"));
      assertEquals("PING ACK ping 123", peer.next(frame -> frame.startsWith("PING ACK")));
    }
    peer.send(Http2Wire.ping(0, "ping 123"));

    assertEquals("GOAWAY 1 ENHANCE_YOUR_CALM", peer.next(frame -> frame.startsWith("GOAWAY")));
  }
}

package io.libprocess.grpc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.Codec;
import io.libprocess.Config;
import io.libprocess.Node;
import io.libprocess.Process;
import io.libprocess.context.Context;
import io.libprocess.context.Deadline;
import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.http.Route;
import io.libprocess.http.Url;
import io.libprocess.http.security.BasicAuthenticator;
import io.libprocess.stream.Pipe;
import io.libprocess.stream.Sink;
import io.libprocess.stream.Stream;
import io.libprocess.support.Expect;
import io.libprocess.support.LogCapture;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Calls of each kind from a client to a server, with what goes along, and how they end. */
@Timeout(60)
class GrpcServerTest {

  private GrpcFixture fixture;
  private GrpcChannel channel;

  @BeforeEach
  void start() {
    fixture = new GrpcFixture();
    channel = fixture.channel;
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  private GrpcOutcome<String> outcome(String how) {
    return Expect.ready(channel.outcome(EchoService.FAIL, how));
  }

  @Test
  void metadata_goBothWays() throws Exception {
    byte[] bytes = {0, 1, (byte) 0xAB, (byte) 0xCD};
    GrpcMetadata sent = GrpcMetadata.builder().add("echo", "a text").add("echo-bin", bytes).build();
    GrpcOutcome<String> outcome =
        Expect.ready(
            channel
                .with(GrpcOptions.defaults().withMetadata(sent))
                .outcome(EchoService.ECHO, "hi"));

    assertEquals("hi", outcome.get());
    assertEquals(Optional.of("before"), outcome.headers().text("where"));
    assertEquals(Optional.of("a text"), outcome.headers().text("echo"));
    assertArrayEquals(bytes, outcome.headers().bytes("echo-bin").orElseThrow());
    assertEquals(Optional.of("after"), outcome.trailers().text("where"));
    GrpcCall call = GrpcFixture.next(fixture.service.calls);
    assertEquals("/test.Echo/Echo", call.path());
    assertEquals(Optional.of("grpc-java-libprocess/1"), call.metadata().text("user-agent"));
    assertEquals(fixture.client.address().ip(), call.peer().orElseThrow().ip());
    assertEquals(
        fixture.clock.now().plusSeconds(60), call.deadline().orElseThrow(), "the default time");
  }

  @Test
  void callerIsKnown_ifTheRouteHasARealm() {
    fixture
        .server
        .security()
        .setAuthenticator("r", new BasicAuthenticator("r", Map.of("ada", "secret")));
    fixture.server.spawn(new WhoAmI());
    GrpcMethod<String, String> who =
        GrpcMethod.unary(WhoAmI.NAME, "Who", Codec.STRING, Codec.STRING);
    String credentials =
        Base64.getEncoder().encodeToString("ada:secret".getBytes(StandardCharsets.UTF_8));
    GrpcMetadata known = GrpcMetadata.of("authorization", "Basic " + credentials);

    assertEquals(
        "ada",
        Expect.ready(channel.with(GrpcOptions.defaults().withMetadata(known)).call(who, "")));
    assertEquals(GrpcStatus.UNAUTHENTICATED, Expect.ready(channel.outcome(who, "")).status());
  }

  /** Says who calls. */
  private static final class WhoAmI extends Process<WhoAmI> {
    static final String NAME = "test.WhoAmI";

    WhoAmI() {
      super(NAME);
    }

    @Override
    protected void initialize() {
      route(
          Route.at("/Who").streaming().realm("r"),
          Grpc.unary(
              Codec.STRING,
              Codec.STRING,
              (String any, GrpcCall call) ->
                  Future.of(call.principal().orElseThrow().value().orElseThrow())));
    }
  }

  @Test
  void tooManyMetadata_failTheCallBeforeItIsSent() {
    GrpcMetadata sent = GrpcMetadata.of("k", "x".repeat(9000));

    assertEquals(
        "RESOURCE_EXHAUSTED: more than 8192 bytes of metadata",
        Expect.failureText(
            channel.with(GrpcOptions.defaults().withMetadata(sent)).call(EchoService.ECHO, "hi")));
    assertTrue(fixture.service.calls.isEmpty());
  }

  @Test
  void statusOfTheHandler_comesWithItsMessageAndTrailers() {
    String odd = "\t\ntest with whitespace\r\nand Unicode BMP ☺ and non-BMP 😈\t\n";
    GrpcOutcome<String> outcome = outcome("UNKNOWN: " + odd);

    assertEquals(GrpcStatus.UNKNOWN, outcome.status());
    assertEquals(odd, outcome.description());
    assertEquals(Optional.of("asked"), outcome.trailers().text("why"));
    GrpcException failure =
        (GrpcException) Expect.failure(channel.call(EchoService.FAIL, "NOT_FOUND: no such"));
    assertEquals("NOT_FOUND: no such", failure.getMessage());
    assertEquals(Optional.of("asked"), failure.trailers().text("why"));
    assertEquals(0, failure.getStackTrace().length);
  }

  @Test
  void everyStatus_arrives() {
    for (GrpcStatus status : GrpcStatus.values()) {
      if (status != GrpcStatus.OK) {
        assertEquals(status, outcome(status.name()).status());
      }
    }
  }

  @Test
  void failuresOfTheHandler_areStatuses() {
    try (LogCapture log = new LogCapture()) {
      assertEquals("UNKNOWN: a text", outcome("failure").toString());
      assertEquals("UNKNOWN: java.lang.IllegalStateException", outcome("exception").toString());
      assertEquals(GrpcStatus.CANCELLED, outcome("discarded").status());
      assertEquals("INTERNAL: the handler has abandoned the call", outcome("abandoned").toString());
      assertEquals("INTERNAL: the handler returned no future", outcome("null").toString());
      assertEquals("INTERNAL: the reply cannot be encoded", outcome("null value").toString());
      assertEquals(1, log.count(text -> text.contains("The handler of /test.Echo/Fail failed")));
    }
  }

  @Test
  void codecThatFails_isAnInternalError() {
    Codec<String> broken =
        Codec.of(
            bytes -> {
              throw new IllegalStateException("cannot read");
            },
            text -> {
              throw new IllegalStateException("cannot write");
            });
    GrpcMethod<String, String> reads =
        GrpcMethod.unary(EchoService.NAME, "Echo", Codec.STRING, broken);
    GrpcMethod<String, String> writes =
        GrpcMethod.unary(EchoService.NAME, "Echo", broken, Codec.STRING);

    assertEquals(GrpcStatus.INTERNAL, Expect.ready(channel.outcome(reads, "x")).status());
    assertEquals(GrpcStatus.INTERNAL, Expect.ready(channel.outcome(writes, "x")).status());
    byte[] noText = {(byte) 0xFF};
    GrpcMethod<byte[], String> bytes =
        GrpcMethod.unary(EchoService.NAME, "Echo", Codec.BYTES, Codec.STRING);
    assertEquals(GrpcStatus.INTERNAL, Expect.ready(channel.outcome(bytes, noText)).status());
  }

  @Test
  void unknownMethodsAndServices_areUnimplemented() {
    for (String[] name : new String[][] {{EchoService.NAME, "Nothing"}, {"test.None", "Echo"}}) {
      GrpcMethod<String, String> unknown =
          GrpcMethod.unary(name[0], name[1], Codec.STRING, Codec.STRING);
      assertEquals(GrpcStatus.UNIMPLEMENTED, Expect.ready(channel.outcome(unknown, "x")).status());
    }
  }

  @Test
  void wrongNumberOfMessages_isUnimplemented() {
    GrpcMethod<String, String> none =
        GrpcMethod.clientStreaming(EchoService.NAME, "Echo", Codec.STRING, Codec.STRING);
    assertEquals(
        "UNIMPLEMENTED: /test.Echo/Echo takes one message, and none came",
        Expect.failureText(channel.clientStreaming(none, Stream.empty())));
    assertEquals(
        "UNIMPLEMENTED: /test.Echo/Echo takes one message, and more came",
        Expect.failureText(channel.clientStreaming(none, Stream.of("a", "b", "c"))));
    GrpcMethod<Integer, Integer> many =
        GrpcMethod.unary(EchoService.NAME, "Count", Codec.INT, Codec.INT);
    assertEquals(
        "UNIMPLEMENTED: /test.Echo/Count: more than one reply came",
        Expect.failureText(channel.call(many, 3)));
    assertEquals(
        "UNIMPLEMENTED: /test.Echo/Count: no reply came",
        Expect.failureText(channel.call(many, 0)));
    assertEquals(1, Expect.ready(channel.call(many, 1)));
  }

  @Test
  void largeMessages_goBothWays_andTooLargeOnesAreRefused() {
    String large = "x".repeat(271_828);
    assertEquals(large, Expect.ready(channel.call(EchoService.ECHO, large)));
    String tooLarge = "y".repeat((4 << 20) + 1);
    assertEquals(
        "RESOURCE_EXHAUSTED: a message has 4194305 bytes; the limit is 4194304",
        Expect.failureText(channel.call(EchoService.ECHO, tooLarge)));
    GrpcChannel small =
        GrpcChannel.to(fixture.client, fixture.url(), GrpcSettings.defaults().withMaxMessage(1000));
    assertEquals(
        "RESOURCE_EXHAUSTED: a message has 1001 bytes; the limit is 1000",
        Expect.failureText(small.call(EchoService.ECHO, "z".repeat(1001))));
    assertEquals(
        "RESOURCE_EXHAUSTED: a message has inflated more than 1000 bytes; the limit is 1000",
        Expect.failureText(small.call(EchoService.ECHO, "compress" + "z".repeat(2000))));
    assertEquals("fits", Expect.ready(small.call(EchoService.ECHO, "fits")));
    small.close();
  }

  @Test
  void compressedMessages_goBothWays() {
    String text = "compress" + "abc".repeat(10_000);

    assertEquals(
        text,
        Expect.ready(
            channel.with(GrpcOptions.defaults().withGzip(true)).call(EchoService.ECHO, text)));
  }

  @Test
  void deadlineOfTheContext_shortensThatOfACall() throws Exception {
    Deadline outer = Deadline.after(fixture.clock.now(), Duration.ofSeconds(5));
    Future<String> call =
        Context.with(Deadline.KEY, outer, () -> channel.call(EchoService.HELD, "x"));
    EchoService.Held held = fixture.held();
    assertEquals(outer.deadline(), held.deadline().orElseThrow());
    fixture.pass(Duration.ofSeconds(5));

    assertEquals("DEADLINE_EXCEEDED", Expect.failureText(call));
    Expect.completed(discardOf(held));
  }

  private static Future<?> discardOf(EchoService.Held held) {
    Promise<Void> seen = new Promise<>();
    held.reply().future().onDiscard(() -> seen.set(null));
    return seen.future();
  }

  @Test
  void expiredCall_isNotSent() {
    GrpcChannel expired = channel.with(GrpcOptions.defaults().withTimeout(Duration.ZERO));

    assertEquals("DEADLINE_EXCEEDED", Expect.failureText(expired.call(EchoService.HELD, "never")));
    assertEquals("ok", Expect.ready(channel.call(EchoService.ECHO, "ok")));
    assertTrue(fixture.service.held.isEmpty());
  }

  @Test
  void manyLargeCallsAtOnce_shareAConnection() {
    List<Future<String>> calls = new ArrayList<>();
    String large = "x".repeat(20_000);
    for (int i = 0; i < 300; i++) {
      calls.add(channel.call(EchoService.ECHO, i + large));
    }
    for (int i = 0; i < calls.size(); i++) {
      assertEquals(i + large, Expect.ready(calls.get(i)));
    }
    Map<String, Double> metrics = Expect.ready(fixture.client.metrics().snapshot());
    assertEquals(1, metrics.get("libprocess/http2_client_connections").intValue());
    assertEquals(300, metrics.get("libprocess/http2_client_streams").intValue());
  }

  @Test
  void serverStreaming_sendsRepliesInOrder() {
    GrpcReplies<Integer> replies = channel.serverStreaming(EchoService.COUNT, 1000);

    assertEquals(
        IntStream.rangeClosed(1, 1000).boxed().toList(),
        Expect.ready(replies.stream().to(Sink.toList(1000))));
    assertEquals(GrpcStatus.OK, Expect.ready(replies.outcome()).status());
    assertEquals(
        List.of(), Expect.ready(channel.serverStreaming(EchoService.COUNT, 0).reader().toList()));
  }

  @Test
  void failureOfTheReplies_comesAfterThem() {
    GrpcReplies<Integer> replies = channel.serverStreaming(EchoService.COUNT, -40);
    for (int i = 1; i < 40; i++) {
      assertEquals(Optional.of(i), Expect.ready(replies.reader().read()));
    }
    assertEquals("UNKNOWN: no more than 39", Expect.failureText(replies.reader().read()));
    assertEquals("UNKNOWN: no more than 39", Expect.ready(replies.outcome()).toString());
    GrpcReplies<Integer> none = channel.serverStreaming(EchoService.COUNT, -1);
    assertEquals("UNKNOWN: no more than 0", Expect.failureText(none.reader().read()));
    assertEquals("UNKNOWN: no more than 0", Expect.failureText(none.headers()));
  }

  @Test
  void clientStreaming_readsAllRequests() {
    assertEquals(
        74_922,
        Expect.ready(
            channel.clientStreaming(EchoService.SUM, Stream.of(27_182, 8, 1_828, 45_904))));
    assertEquals(0, Expect.ready(channel.clientStreaming(EchoService.SUM, Stream.empty())));
    assertEquals(
        500_500,
        Expect.ready(
            channel.clientStreaming(
                EchoService.SUM, Stream.from(IntStream.rangeClosed(1, 1000).boxed().toList()))));
  }

  @Test
  void bidirectional_answersAsRequestsCome() {
    Pipe<String> requests = new Pipe<>(16);
    GrpcReplies<String> replies =
        channel.bidirectional(EchoService.CHAT, requests.reader().stream());
    for (String line : Arrays.asList("a", "b", "c")) {
      Expect.ready(requests.writer().write(line));
      assertEquals(Optional.of(line), Expect.ready(replies.reader().read()));
      assertEquals(Optional.of(line), Expect.ready(replies.reader().read()));
    }
    requests.writer().close();
    assertEquals(Optional.empty(), Expect.ready(replies.reader().read()));
    assertEquals(GrpcStatus.OK, Expect.ready(replies.outcome()).status());
    assertEquals(
        List.of(),
        Expect.ready(channel.bidirectional(EchoService.CHAT, Stream.empty()).reader().toList()));
  }

  @Test
  void serverWithoutHttp2_isNamedAsThat() {
    try (Node old = Node.start(Config.builder().http2(false).build())) {
      GrpcChannel toOld = GrpcChannel.to(fixture.client, Url.of(old.address()));
      GrpcOutcome<String> outcome =
          Expect.ready(
              toOld
                  .with(GrpcOptions.defaults().withWaitForReady(false))
                  .outcome(EchoService.ECHO, "x"));

      assertEquals(
          "INTERNAL: Failed to decode response: the peer speaks HTTP/1.1 (FRAME_SIZE_ERROR)",
          outcome.toString());
      toOld.close();
    }
  }
}

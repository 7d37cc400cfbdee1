package io.libprocess.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.Codec;
import io.libprocess.Process;
import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.http.Route;
import io.libprocess.stream.Pipe;
import io.libprocess.stream.Stream;
import io.libprocess.stream.Termination;
import io.libprocess.stream.Transform;
import io.libprocess.support.Expect;
import io.libprocess.support.LogCapture;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Calls that either side gives up, that are late, or whose streams are not read. */
@Timeout(60)
class GrpcEndsTest {

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

  private static Future<Void> discardOf(EchoService.Held held) {
    Promise<Void> seen = new Promise<>();
    held.reply().future().onDiscard(() -> seen.set(null));
    return seen.future();
  }

  private Termination end() throws InterruptedException {
    return (Termination) GrpcFixture.next(fixture.service.ends);
  }

  @Test
  void discardByTheCaller_reachesTheHandler() throws Exception {
    Future<String> call = channel.call(EchoService.HELD, "x");
    EchoService.Held held = fixture.held();
    call.discard();

    Expect.ready(discardOf(held));
    Expect.completed(call);
    assertTrue(call.isDiscarded());
  }

  @Test
  void readerThatIsClosed_cancelsTheReplies() throws Exception {
    GrpcReplies<Integer> replies = channel.serverStreaming(EchoService.COUNT, 1 << 30);
    assertEquals(Optional.of(1), Expect.ready(replies.reader().read()));
    replies.reader().close();

    assertEquals(Termination.Kind.CANCEL, end().kind());
    Expect.completed(replies.outcome());
    assertTrue(replies.outcome().isDiscarded());
    assertEquals("alive", Expect.ready(channel.call(EchoService.ECHO, "alive")));
  }

  @Test
  void cancelledCall_failsTheRequestsOnTheServer() throws Exception {
    Pipe<Integer> requests = new Pipe<>(4);
    Future<Integer> sum = channel.clientStreaming(EchoService.SUM, requests.reader().stream());
    Expect.ready(requests.writer().write(1));
    Expect.ready(requests.writer().write(2));
    GrpcFixture.next(fixture.service.calls);
    sum.discard();
    Expect.completed(sum);
    assertTrue(sum.isDiscarded());
    Expect.ready(requests.writer().readerClosed());
    Termination end = end();

    assertEquals(Termination.Kind.FAIL, end.kind());
    assertEquals(GrpcStatus.CANCELLED, ((GrpcException) end.cause().orElseThrow()).status());
  }

  @Test
  void requestsThatFail_cancelTheCall() throws Exception {
    Pipe<Integer> requests = new Pipe<>(4);
    Future<Integer> sum = channel.clientStreaming(EchoService.SUM, requests.reader().stream());
    Expect.ready(requests.writer().write(1));
    GrpcFixture.next(fixture.service.calls);
    requests.writer().fail(new IllegalStateException("no more"));

    assertEquals(
        "CANCELLED: the requests have failed: java.lang.IllegalStateException: no more",
        Expect.failureText(sum));
    assertEquals(Termination.Kind.FAIL, end().kind());
  }

  @Test
  void answerBeforeTheEndOfTheRequests_closesThem() {
    GrpcMethod<Integer, String> early =
        GrpcMethod.clientStreaming(EchoService.NAME, "None", Codec.INT, Codec.STRING);
    Pipe<Integer> requests = new Pipe<>(4);
    Future<String> call = channel.clientStreaming(early, requests.reader().stream());

    assertEquals("UNIMPLEMENTED: 404 Not Found.", Expect.failureText(call));
    Expect.ready(requests.writer().readerClosed());
  }

  @Test
  void deadline_endsStreamsAtOnceOnBothSides() throws Exception {
    Pipe<String> requests = new Pipe<>(4);
    GrpcReplies<String> replies =
        channel
            .with(GrpcOptions.defaults().withTimeout(Duration.ofSeconds(3)))
            .bidirectional(EchoService.CHAT, requests.reader().stream());
    Expect.ready(requests.writer().write("a"));
    assertEquals(Optional.of("a"), Expect.ready(replies.reader().read()));
    assertEquals(Optional.of("a"), Expect.ready(replies.reader().read()));
    fixture.pass(Duration.ofSeconds(3));

    assertEquals("DEADLINE_EXCEEDED", Expect.failureText(replies.reader().read()));
    assertEquals(GrpcStatus.DEADLINE_EXCEEDED, Expect.ready(replies.outcome()).status());
    Expect.ready(requests.writer().readerClosed());
    assertTrue(end().kind() != Termination.Kind.COMPLETE);
    assertEquals("alive", Expect.ready(channel.call(EchoService.ECHO, "alive")));
  }

  @Test
  void replyThatIsLate_isNotSent() throws Exception {
    Future<String> call =
        channel
            .with(GrpcOptions.defaults().withTimeout(Duration.ofSeconds(1)))
            .call(EchoService.HELD, "x");
    EchoService.Held held = fixture.held();
    fixture.pass(Duration.ofSeconds(1));
    assertEquals("DEADLINE_EXCEEDED", Expect.failureText(call));
    held.reply().set("late");

    assertEquals("alive", Expect.ready(channel.call(EchoService.ECHO, "alive")));
  }

  @Test
  void serverThatCloses_answersTheCallsInProgress() throws Exception {
    Future<String> call = channel.call(EchoService.HELD, "x");
    EchoService.Held held = fixture.held();
    Thread closing = new Thread(fixture.server::close, "closes the server");
    closing.start();
    GrpcChannel impatient = channel.with(GrpcOptions.defaults().withWaitForReady(false));
    while (Expect.ready(impatient.outcome(EchoService.ECHO, "y")).isOk()) {
      Thread.onSpinWait(); // It does not know yet that the server leaves.
    }
    held.reply().set("answered");

    assertEquals("answered", Expect.ready(call));
    closing.join(Expect.LIMIT.toMillis());
  }

  @Test
  void silentStreams_liveAsLongAsTheirDeadline() throws Exception {
    GrpcFixture.connect(channel);
    Pipe<String> requests = new Pipe<>(4);
    GrpcReplies<String> replies =
        channel
            .with(GrpcOptions.defaults().withoutTimeout())
            .bidirectional(EchoService.CHAT, requests.reader().stream());
    Expect.ready(requests.writer().write("a"));
    assertEquals(Optional.of("a"), Expect.ready(replies.reader().read()));
    for (int i = 0; i < 20; i++) {
      fixture.pass(Duration.ofMinutes(1));
      fixture.clock.settle();
    }
    Expect.ready(requests.writer().write("b"));

    assertEquals(Optional.of("a"), Expect.ready(replies.reader().read()));
    assertEquals(Optional.of("b"), Expect.ready(replies.reader().read()));
    requests.writer().close();
  }

  /** Lets the time between two pings pass, and leaves the server time to answer if there is one. */
  private void passForAPing(Future<?> call) {
    double before = receivedByTheClient();
    fixture.pass(Duration.ofSeconds(10));
    for (int i = 0; i < 200 && call.isPending() && receivedByTheClient() == before; i++) {
      Expect.pause(1);
    }
  }

  private double receivedByTheClient() {
    return Expect.ready(fixture.client.metrics().snapshot()).get("libprocess/received_bytes");
  }

  @Test
  void pingsThatAreTooFrequentForTheServer_becomeLessFrequent() throws Exception {
    // An answer may take long by this clock, because the network does not go by it.
    GrpcSettings.KeepAlive often =
        new GrpcSettings.KeepAlive(Duration.ofSeconds(10), Duration.ofHours(1), false);
    GrpcChannel asking =
        GrpcChannel.to(fixture.client, fixture.url(), GrpcSettings.defaults().withKeepAlive(often));
    GrpcChannel patient = asking.with(GrpcOptions.defaults().withoutTimeout());
    GrpcFixture.connect(patient);
    try (LogCapture log = new LogCapture()) {
      Future<GrpcOutcome<String>> call = patient.outcome(EchoService.HELD, "x");
      fixture.held();
      while (call.isPending()) {
        passForAPing(call);
      }

      assertEquals(GrpcStatus.UNAVAILABLE, Expect.ready(call).status());
      assertTrue(call.get().description().contains("too_many_pings"), call.get()::toString);
      log.await("finds pings too frequent");
    }
    assertEquals("alive", Expect.ready(patient.call(EchoService.ECHO, "alive")));
    asking.close();
  }

  @Test
  void repliesThatAreNotRead_holdBackTheServer_andNoOtherCall() {
    AtomicInteger made = new AtomicInteger();
    String large = "x".repeat(60_000);
    fixture.server.spawn(new Source(made, large));
    GrpcMethod<String, String> method =
        GrpcMethod.serverStreaming(Source.NAME, "All", Codec.STRING, Codec.STRING);
    GrpcReplies<String> replies = channel.serverStreaming(method, "");
    assertEquals(Optional.of(large), Expect.ready(replies.reader().read()));
    for (int i = 0; i < 50; i++) {
      assertEquals("ok", Expect.ready(channel.call(EchoService.ECHO, "ok")));
    }
    fixture.clock.settle();
    int held = made.get();
    fixture.clock.settle();

    // 16 here and 16 there, a window of 256 KiB, the output of 64 KiB, and those in between.
    assertTrue(held >= 17 && held <= 50, "made " + held);
    assertEquals(held, made.get());
    replies.reader().close();
    Expect.completed(replies.outcome()); // The server is told before the client closes.
  }

  /** Streams the same reply without end. */
  private static final class Source extends Process<Source> {
    static final String NAME = "test.Source";
    private final AtomicInteger made;
    private final String reply;

    Source(AtomicInteger made, String reply) {
      super(NAME);
      this.made = made;
      this.reply = reply;
    }

    @Override
    protected void initialize() {
      route(
          Route.at("/All").streaming(),
          Grpc.serverStreaming(
              Codec.STRING,
              Codec.STRING,
              (String any) ->
                  Stream.iterate(reply, same -> same)
                      .via(Transform.tap(same -> made.incrementAndGet()))));
    }
  }

  @Test
  void requestsThatAreNotRead_holdBackTheClient() throws Exception {
    AtomicInteger sent = new AtomicInteger();
    fixture.server.spawn(new Deaf());
    GrpcMethod<String, String> method =
        GrpcMethod.clientStreaming(Deaf.NAME, "All", Codec.STRING, Codec.STRING);
    String large = "x".repeat(60_000);
    Future<String> call =
        channel.clientStreaming(
            method,
            Stream.iterate(large, same -> same).via(Transform.tap(same -> sent.incrementAndGet())));
    for (int i = 0; i < 50; i++) {
      assertEquals("ok", Expect.ready(channel.call(EchoService.ECHO, "ok")));
    }
    fixture.clock.settle();

    assertTrue(sent.get() >= 1 && sent.get() < 20, "sent " + sent.get());
    call.discard();
    Expect.completed(call);
  }

  /** Never reads its requests, and never answers. */
  private static final class Deaf extends Process<Deaf> {
    static final String NAME = "test.Deaf";

    Deaf() {
      super(NAME);
    }

    @Override
    protected void initialize() {
      route(
          Route.at("/All").streaming(),
          Grpc.clientStreaming(
              Codec.STRING, Codec.STRING, (Stream<String> all) -> new Promise<String>().future()));
    }
  }
}

package io.libprocess.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.Config;
import io.libprocess.Node;
import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.http.Url;
import io.libprocess.http.server.Http2Wire;
import io.libprocess.net.Address;
import io.libprocess.support.Expect;
import io.libprocess.time.Clock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The client against servers that end calls and connections in all ways. */
@Timeout(60)
class GrpcHostileServerTest {

  private static final int END = Http2Wire.END_STREAM;
  private static final int CANCEL = 8;
  private static final int REFUSED = 7;

  private Clock clock;
  private Node node;
  private ServerSocket listener;
  private GrpcChannel channel;

  @BeforeEach
  void start() throws IOException {
    clock = Clock.paused(Instant.EPOCH);
    node = Node.start(Config.builder().clock(clock).build());
    listener = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    channel = channel(GrpcSettings.defaults());
  }

  private GrpcChannel channel(GrpcSettings settings) {
    return GrpcChannel.to(
        node,
        Url.of(new Address(InetAddress.getLoopbackAddress(), listener.getLocalPort())),
        settings);
  }

  @AfterEach
  void stop() throws IOException {
    channel.close();
    node.close();
    clock.close();
    listener.close();
  }

  private Future<GrpcOutcome<String>> call() {
    return channel.outcome(EchoService.ECHO, "x");
  }

  private static String head(RawPeer server, int stream) throws IOException {
    String head = server.next(stream);
    server.next(frame -> frame.startsWith("DATA " + stream) && frame.endsWith("END"));
    return head;
  }

  @Test
  void request_hasItsFieldsInOrder() throws Exception {
    Future<GrpcOutcome<String>> outcome =
        channel
            .with(
                GrpcOptions.defaults()
                    .withGzip(true)
                    .withMetadata(
                        GrpcMetadata.builder().add("k", "v").add("b-bin", new byte[1]).build()))
            .outcome(EchoService.ECHO, "x");
    try (RawPeer server = RawPeer.server(listener)) {
      assertEquals(
          "HEADERS 1 :method=POST :scheme=http :authority=127.0.0.1:"
              + listener.getLocalPort()
              + " :path=/test.Echo/Echo te=trailers grpc-timeout=60000000u"
              + " content-type=application/grpc grpc-encoding=gzip"
              + " grpc-accept-encoding=identity,gzip user-agent=grpc-java-libprocess/1 k=v b-bin=AA",
          server.next(1).replace(" content-length=6", ""));
      assertEquals("DATA 1 \0\0\0\0\1x END", server.next(1));
      server.send(
          RawPeer.head(1, 0),
          RawPeer.message(1, 0, "y"),
          Http2Wire.headers(1, END, "grpc-status", "0", "t", "u"));

      assertEquals("y", Expect.ready(outcome).get());
      assertEquals(Optional.of("u"), outcome.get().trailers().text("t"));
    }
  }

  @Test
  void answersInOneHead_areRead() throws Exception {
    Future<GrpcOutcome<String>> first = call();
    try (RawPeer server = RawPeer.server(listener)) {
      head(server, 1);
      server.send(RawPeer.head(1, END, "grpc-status", "9", "grpc-message", "a%20b", "k", "v"));
      assertEquals("FAILED_PRECONDITION: a b", Expect.ready(first).toString());
      assertEquals(Optional.of("v"), first.get().trailers().text("k"));
      Future<GrpcOutcome<String>> second = call();
      head(server, 3);
      server.send(RawPeer.head(3, END, "grpc-status", "0"));
      assertEquals(
          "UNIMPLEMENTED: /test.Echo/Echo: no reply came", Expect.ready(second).toString());
      GrpcReplies<Integer> third = channel.serverStreaming(EchoService.COUNT, 1);
      head(server, 5);
      server.send(RawPeer.head(5, END, "grpc-status", "0"));
      assertEquals(Optional.empty(), Expect.ready(third.reader().read()));
    }
  }

  @Test
  void answersWithoutAStatus_haveThatOfHttp() throws Exception {
    Future<GrpcOutcome<String>> first = call();
    try (RawPeer server = RawPeer.server(listener)) {
      head(server, 1);
      server.send(
          Http2Wire.headers(1, 0, ":status", "503", "content-type", "text/html"),
          Http2Wire.data(1, END, "<p>"));
      assertEquals(
          "UNAVAILABLE: HTTP status 503 Service Unavailable, content-type 'text/html'",
          Expect.ready(first).toString());
      Future<GrpcOutcome<String>> second = call();
      head(server, 3);
      server.send(RawPeer.head(3, 0), RawPeer.message(3, END, "y"));
      assertEquals("UNKNOWN: the server has sent no grpc-status", Expect.ready(second).toString());
      Future<GrpcOutcome<String>> third = call();
      head(server, 5);
      server.send(RawPeer.head(5, 0, "grpc-encoding", "snappy"));
      assertEquals("INTERNAL: the encoding 'snappy' is not known", Expect.ready(third).toString());
    }
  }

  @Test
  void resets_areStatuses() throws Exception {
    Future<GrpcOutcome<String>> first = call();
    try (RawPeer server = RawPeer.server(listener)) {
      head(server, 1);
      server.send(RawPeer.head(1, 0), Http2Wire.reset(1, CANCEL)); // rst_after_header
      assertEquals(GrpcStatus.CANCELLED, Expect.ready(first).status());
      Future<GrpcOutcome<String>> second = call();
      head(server, 3);
      server.send(
          RawPeer.head(3, 0), Http2Wire.data(3, 0, "\0\0\0"), Http2Wire.reset(3, 0)); // during data
      assertEquals(GrpcStatus.INTERNAL, Expect.ready(second).status());
      Future<GrpcOutcome<String>> third = call();
      head(server, 5);
      server.send(
          RawPeer.head(5, 0), RawPeer.message(5, 0, "y"), Http2Wire.reset(5, 11)); // after data
      assertEquals(GrpcStatus.RESOURCE_EXHAUSTED, Expect.ready(third).status());
      Future<GrpcOutcome<String>> fourth = call();
      head(server, 7);
      server.cut();
      assertEquals(GrpcStatus.UNAVAILABLE, Expect.ready(fourth).status());
    }
  }

  @Test
  void refusedCall_isSentAgain() throws Exception {
    Future<GrpcOutcome<String>> outcome = call();
    try (RawPeer server = RawPeer.server(listener)) {
      head(server, 1);
      server.send(Http2Wire.reset(1, REFUSED));
      head(server, 3);
      server.send(
          RawPeer.head(3, 0),
          RawPeer.message(3, 0, "y"),
          Http2Wire.headers(3, END, "grpc-status", "0"));

      assertEquals("y", Expect.ready(outcome).get());
    }
  }

  @Test
  void goAway_sendsTheNextCallsElsewhere() throws Exception {
    Future<GrpcOutcome<String>> first = call();
    try (RawPeer server = RawPeer.server(listener)) {
      head(server, 1);
      Future<GrpcOutcome<String>> second = call();
      head(server, 3);
      server.send(Http2Wire.goAway(1, 0)); // The second one was not processed.
      try (RawPeer other = RawPeer.server(listener)) {
        head(other, 1);
        other.send(
            RawPeer.head(1, 0),
            RawPeer.message(1, 0, "from the other"),
            Http2Wire.headers(1, END, "grpc-status", "0"));
        assertEquals("from the other", Expect.ready(second).get());
      }
      server.send(
          RawPeer.head(1, 0),
          RawPeer.message(1, 0, "still"),
          Http2Wire.headers(1, END, "grpc-status", "0"));
      assertEquals("still", Expect.ready(first).get());
    }
  }

  @Test
  void oneStreamAtATime_isEnough() throws Exception {
    Future<GrpcOutcome<String>> first = call();
    try (RawPeer server = RawPeer.server(listener, 3, 1)) { // max_streams
      head(server, 1);
      Future<GrpcOutcome<String>> second = call();
      server.send(RawPeer.head(1, END, "grpc-status", "5"));
      assertEquals(GrpcStatus.NOT_FOUND, Expect.ready(first).status());
      head(server, 3);
      server.send(RawPeer.head(3, END, "grpc-status", "6"));
      assertEquals(GrpcStatus.ALREADY_EXISTS, Expect.ready(second).status());
    }
  }

  @Test
  void paddedPieces_areRead() throws Exception {
    Future<GrpcOutcome<String>> outcome = call();
    try (RawPeer server = RawPeer.server(listener)) {
      head(server, 1);
      server.send(RawPeer.head(1, 0));
      String message = "\0\0\0\u0003\u00E8" + "z".repeat(1000);
      for (int from = 0; from < message.length(); from += 5) { // data_frame_padding
        String piece = message.substring(from, Math.min(message.length(), from + 5));
        server.send(Http2Wire.data(1, Http2Wire.PADDED, "\u00FF" + piece + "\0".repeat(255)));
      }
      server.send(Http2Wire.headers(1, END, "grpc-status", "0"));

      assertEquals("z".repeat(1000), Expect.ready(outcome).get());
    }
  }

  @Test
  void resetAtTheDeadline_isTheDeadline_evenBeforeTheTimerRuns() throws Exception {
    Duration time = Duration.ofSeconds(1);
    Promise<Void> due = new Promise<>();
    clock.timer(time, () -> due.set(null)); // Before that of the call, which waits meanwhile.
    Future<GrpcOutcome<String>> outcome =
        channel.with(GrpcOptions.defaults().withTimeout(time)).outcome(EchoService.ECHO, "x");
    try (RawPeer server = RawPeer.server(listener)) {
      head(server, 1);
      Future<GrpcStatus> seen =
          due.future()
              .map(
                  nothing -> {
                    server.send(Http2Wire.reset(1, CANCEL));
                    return Expect.ready(outcome).status();
                  });
      clock.advance(time);
      assertEquals(GrpcStatus.DEADLINE_EXCEEDED, Expect.ready(seen));
    }
  }

  @Test
  void deadline_resetsTheStream_andStandsOverLaterAnswers() throws Exception {
    Future<GrpcOutcome<String>> outcome =
        channel
            .with(GrpcOptions.defaults().withTimeout(Duration.ofSeconds(1)))
            .outcome(EchoService.ECHO, "x");
    try (RawPeer server = RawPeer.server(listener)) {
      head(server, 1);
      clock.advance(Duration.ofSeconds(1));

      assertEquals("RST_STREAM 1 CANCEL", server.next(1));
      assertEquals(GrpcStatus.DEADLINE_EXCEEDED, Expect.ready(outcome).status());
    }
  }

  @Test
  void impatientCall_failsWithTheFirstAttempt_andPatientOnesConnectAgain() throws Exception {
    listener.close();
    GrpcOutcome<String> outcome =
        Expect.ready(
            channel
                .with(GrpcOptions.defaults().withWaitForReady(false))
                .outcome(EchoService.ECHO, "x"));
    assertEquals(GrpcStatus.UNAVAILABLE, outcome.status());
    Future<GrpcOutcome<String>> patient = call();
    assertTrue(patient.isPending());
    listener = new ServerSocket(listener.getLocalPort(), 10, InetAddress.getLoopbackAddress());
    clock.advance(Duration.ofSeconds(2)); // The pause is 0.8 to 1.2 s.
    try (RawPeer server = RawPeer.server(listener)) {
      head(server, 1);
      server.send(RawPeer.head(1, END, "grpc-status", "5"));
      assertEquals(GrpcStatus.NOT_FOUND, Expect.ready(patient).status());
    }
  }

  @Test
  void silentServer_isAskedForASignOfLifeOnlyIfThatIsWanted() throws Exception {
    channel.close();
    channel =
        channel(
            GrpcSettings.defaults()
                .withKeepAlive(GrpcSettings.KeepAlive.after(Duration.ofSeconds(10))));
    Future<GrpcOutcome<String>> outcome =
        channel.with(GrpcOptions.defaults().withoutTimeout()).outcome(EchoService.ECHO, "x");
    try (RawPeer server = RawPeer.server(listener)) {
      head(server, 1);
      server.send(Http2Wire.ping(0, "all seen"));
      server.next("PING ACK all seen"::equals);
      clock.advance(Duration.ofSeconds(11));
      server.next(frame -> frame.startsWith("PING "));
      clock.advance(Duration.ofSeconds(21));

      assertEquals(GrpcStatus.UNAVAILABLE, Expect.ready(outcome).status());
    }
  }
}

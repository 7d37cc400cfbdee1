package io.libprocess.http.client;

import static io.libprocess.http.server.Http2Wire.ACK;
import static io.libprocess.http.server.Http2Wire.DATA;
import static io.libprocess.http.server.Http2Wire.END_STREAM;
import static io.libprocess.http.server.Http2Wire.data;
import static io.libprocess.http.server.Http2Wire.frame;
import static io.libprocess.http.server.Http2Wire.headers;
import static io.libprocess.http.server.Http2Wire.ping;
import static io.libprocess.http.server.Http2Wire.reset;
import static io.libprocess.http.server.Http2Wire.windowUpdate;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Failure;
import io.libprocess.future.Future;
import io.libprocess.http.Body;
import io.libprocess.http.Headers;
import io.libprocess.http.Limits;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.Pipe;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Single streams of a client of HTTP/2: how they begin and end, and what they leave behind. */
class Http2ClientStreamsTest {

  private static final String GET = "HEADERS %d :method=GET :scheme=http :authority=a :path=/ END";

  private final Http2ClientFixture server = new Http2ClientFixture(false);

  @AfterEach
  void close() {
    server.close();
  }

  private static Request upload(Pipe<Chunk> pipe) {
    return Request.post("/", Body.of(pipe.reader()));
  }

  private static byte[] ok(int stream, int flags) {
    return headers(stream, flags, ":status", "200");
  }

  private static Pipe.Reader<Chunk> reader(Future<Response> response) {
    return ((Body.Streamed) response.get().body()).reader();
  }

  private static String closedFor(Pipe<Chunk> pipe) {
    assertTrue(pipe.writer().readerClosed().isReady(), "not closed");
    return pipe.writer().readerClosed().get().map(Throwable::getMessage).orElse("nothing");
  }

  /* ------ Places ------ */

  @Test
  void places_areAHundredUntilTheServerSaysHowMany() {
    for (int i = 0; i < 100; i++) {
      assertTrue(server.connection.tryReserve(), "place " + i);
    }
    assertFalse(server.connection.tryReserve());
    server.open(3, 101);
    assertEquals(1, server.changed);
    assertTrue(server.connection.tryReserve());
    assertFalse(server.connection.tryReserve());
  }

  @Test
  void earlyResponse_freesItsPlace() {
    server.open(3, 1);
    Pipe<Chunk> pipe = Pipe.unbounded();
    Future<Response> early = server.send(upload(pipe));
    server.send(Request.get("/"));
    server.sent();
    server.receive(ok(1, END_STREAM));
    assertTrue(early.isReady());
    assertEquals("nothing", closedFor(pipe));
    assertEquals(List.of("RST_STREAM 1 NO_ERROR", GET.formatted(3)), server.sent());
  }

  @Test
  void earlyResponse_closesTheBodyThatWasNotAskedFor() {
    server.open();
    Pipe<Chunk> pipe = Pipe.unbounded();
    Future<Response> early = server.send(upload(pipe).withHeader("Expect", "100-continue"));
    server.receive(ok(1, END_STREAM));
    assertTrue(early.isReady());
    assertEquals("nothing", closedFor(pipe));
  }

  @Test
  void requestThatWaitsForAPlace_isClosedWhenItIsGivenUp() {
    server.open(3, 1);
    server.get();
    Pipe<Chunk> pipe = Pipe.unbounded();
    Future<Response> waits = server.send(upload(pipe));
    waits.discard();
    assertTrue(waits.isDiscarded());
    assertEquals("nothing", closedFor(pipe));
    assertEquals(1, server.idle);
    server.receive(ok(1, END_STREAM));
    assertEquals(List.of(), server.sent());
    assertEquals(2, server.idle);
  }

  @Test
  void requestThatIsGivenUpBeforeItIsTaken_isNotSent() {
    server.open();
    Pipe<Chunk> pipe = Pipe.unbounded();
    server
        .get()
        .onReady(response -> server.send(upload(pipe)).discard()); // While the connection works.
    server.receive(ok(1, END_STREAM));
    assertEquals(List.of(), server.sent());
    assertEquals("nothing", closedFor(pipe));
    assertEquals(2, server.idle);
  }

  /* ------ Requests ------ */

  @Test
  void trailers_mayFollowAHeadWithoutABody() {
    server.open();
    server.send(Request.get("/").withTrailers(Future.of(Headers.of("a", "b"))));
    assertEquals(List.of(GET.formatted(1).replace(" END", ""), "HEADERS 1 a=b END"), server.sent());
  }

  @Test
  void upload_isToldWhyItsStreamWasReset() {
    server.open();
    Pipe<Chunk> pipe = Pipe.unbounded();
    server.send(upload(pipe));
    server.receive(reset(1, 8));
    assertEquals("The server has reset the stream: CANCEL", closedFor(pipe));
    assertEquals(1, server.idle);
  }

  @Test
  void upload_thatFailsResetsItsStream() {
    server.open();
    Pipe<Chunk> pipe = Pipe.unbounded();
    Future<Response> response = server.send(upload(pipe));
    server.sent();
    pipe.writer().fail(new IllegalStateException("no more"));
    assertEquals(List.of("RST_STREAM 1 CANCEL"), server.sent());
    assertEquals("no more", response.failure().getMessage());
  }

  /** A large body in memory costs nothing more, and each round takes more of it. */
  @Test
  void bodyInMemory_isQueuedFurtherWhileItIsAlone() {
    server.open(4, 1 << 20);
    server.receive(windowUpdate(0, 1 << 20));
    server.channel.becomeSlow();
    server.send(Request.post("/", Body.of(Chunk.of(new byte[1 << 20]))));
    long alone = server.channel.queued();
    server.get();
    server.channel.drain();
    long beside = server.channel.queued();
    assertTrue(alone > 3 * (64 << 10), alone + " bytes");
    assertTrue(beside < 2 * (64 << 10), beside + " bytes");
  }

  /** One update for each piece is of use. */
  @Test
  void windowThatOpensInSmallSteps_isNoAbuse() {
    server.open(4, 0);
    server.receive(windowUpdate(0, 1 << 30));
    int steps = 11_000;
    server.send(Request.post("/", Body.of(Chunk.of(new byte[steps << 10]))));
    for (int i = 0; i < steps && server.gone == 0; i++) {
      server.receive(windowUpdate(1, 1 << 10));
      server.channel.takeSent();
    }
    assertEquals(0, server.gone);
  }

  /** Those of a few windows are free for each request. */
  @Test
  void windowsThatAreOpenedForRequests_areNoAbuse() {
    Limits limits = Limits.builder().http2(http2 -> http2.withOddities(100, 1)).build();
    try (Http2ClientFixture strict = new Http2ClientFixture(false, limits)) {
      strict.open();
      for (int stream = 1; stream < 200; stream += 2) {
        strict.get();
        strict.receive(windowUpdate(0, 1), windowUpdate(stream, 1), ok(stream, END_STREAM));
      }
      assertEquals(0, strict.gone);
    }
  }

  @Test
  void requestWhoseBodyIsNotSentYet_isReset() {
    server.open();
    Future<Response> response =
        server.send(Request.post("/", Body.of("x")).withHeader("Expect", "100-continue"));
    server.sent();
    response.discard();
    assertTrue(response.isDiscarded());
    assertEquals(List.of("RST_STREAM 1 CANCEL"), server.sent());
  }

  /* ------ Responses ------ */

  private static void giveUp(Future<Response> response) {
    ((Body.Streamed) response.get().body()).cancel(new Failure("enough"));
  }

  @Test
  void responseThatIsGivenUp_isResetUnlessItHasArrived() {
    server.open();
    Future<Response> response = server.get();
    Future<Response> other = server.get();
    server.receive(ok(1, 0), ok(3, 0));
    server.receive(data(1, END_STREAM, "x"));
    giveUp(response);
    assertEquals(List.of(), server.sent());
    giveUp(other);
    assertEquals(List.of("RST_STREAM 3 CANCEL"), server.sent());
  }

  @Test
  void nothingFollows_whenAResponseIsGivenUp() {
    server.open();
    Pipe<Chunk> pipe = Pipe.unbounded();
    Future<Response> response =
        server.send(upload(pipe).withTrailers(Future.of(Headers.of("a", "b"))));
    server.sent();
    server.receive(ok(1, 0));
    giveUp(response);
    assertEquals(List.of("RST_STREAM 1 CANCEL"), server.sent());
    assertTrue(pipe.writer().readerClosed().isReady());
  }

  @Test
  void windowOfAResponse_isNotOpenedForMoreThanItHas() {
    server.open();
    Future<Response> response = server.get();
    int frames = 16;
    String piece = "x".repeat(16_384);
    server.receive(headers(1, 0, ":status", "200", "content-length", "" + frames * piece.length()));
    Pipe.Reader<Chunk> reader = reader(response);
    for (int i = 1; i <= frames; i++) {
      server.receive(data(1, i == frames ? END_STREAM : 0, piece));
      while (reader.read().isReady() && i < frames) {}
    }
    server.sent().forEach(frame -> assertFalse(frame.startsWith("WINDOW_UPDATE 1"), frame));
  }

  @Test
  void responseThatIsNotRead_isCounted() {
    server.open();
    Future<Response> response = server.get();
    server.receive(ok(1, 0));
    for (int i = 0; i < 10; i++) {
      server.receive(data(1, 0, "x".repeat(10_000)));
    }
    assertTrue(server.memory.used() >= 90_000, server.memory.used() + " bytes");
    Pipe.Reader<Chunk> reader = reader(response);
    while (reader.read().isReady()) {}
    server.receive(data(1, END_STREAM, "")); // It is counted when something happens.
    assertEquals(0, server.memory.used());
  }

  @Test
  void piecesThatComeWithTheHead_areTheFirst() {
    server.open();
    Future<Response> response = server.get();
    server.receive(ok(1, 0), data(1, 0, "a"), data(1, 0, "b"));
    Pipe.Reader<Chunk> reader = reader(response);
    server.receive(data(1, END_STREAM, "c"));
    StringBuilder text = new StringBuilder();
    for (var piece = reader.read().get(); piece.isPresent(); piece = reader.read().get()) {
      text.append(piece.get().utf8());
    }
    assertEquals("abc", text.toString());
  }

  @Test
  void trailers_areThoseOfTheResponse() {
    server.open();
    Future<Response> whole = server.get();
    Future<Response> streamed = server.get();
    server.receive(ok(1, 0), headers(1, END_STREAM, "sum", "1"), ok(3, 0));
    assertEquals("1", whole.get().trailers().get().first("Sum").orElseThrow());
    assertTrue(streamed.get().trailers().isPending());
    server.receive(data(3, 0, "x"), headers(3, END_STREAM, "sum", "2"));
    assertEquals("x", reader(streamed).read().get().orElseThrow().utf8());
    assertEquals("2", streamed.get().trailers().get().first("Sum").orElseThrow());
  }

  @Test
  void trailers_mustEndTheStream() {
    server.open();
    Future<Response> response = server.get();
    server.receive(ok(1, 0));
    server.receive(headers(1, 0, "sum", "1"));
    server.assertReset(1, "PROTOCOL_ERROR");
    assertEquals("failed to decode body", reader(response).read().failure().getMessage());
  }

  @Test
  void responseWhoseStreamIsReset_failsForItsReader() {
    server.open();
    Future<Response> response = server.get();
    server.receive(ok(1, 0));
    server.receive(data(1, 0, "x"));
    Pipe.Reader<Chunk> reader = reader(response);
    assertEquals("x", reader.read().get().orElseThrow().utf8());
    server.receive(reset(1, 8));
    Throwable failure = reader.read().failure();
    assertEquals("failed to decode body", failure.getMessage());
    assertEquals("The server has reset the stream: CANCEL", failure.getCause().getMessage());
  }

  @Test
  void interimResponses_areOfAnyKindBut101() {
    server.open();
    Future<Response> response = server.get();
    server.receive(headers(1, 0, ":status", "102"), headers(1, 0, ":status", "199"));
    server.receive(ok(1, END_STREAM));
    assertTrue(response.isReady(), response::toString);
    server.get();
    server.receive(headers(3, 0, ":status", "101"));
    server.assertReset(3, "PROTOCOL_ERROR");
  }

  @Test
  void responseThatHasNoBody_mayStateALength() {
    server.open();
    Future<Response> response = server.get();
    server.receive(headers(1, END_STREAM, ":status", "304", "content-length", "5"));
    assertTrue(response.isReady(), response::toString);
  }

  /* ------ Windows ------ */

  private static long credited(List<String> frames, String update) {
    return frames.stream()
        .filter(frame -> frame.startsWith(update))
        .mapToLong(frame -> Long.parseLong(frame.substring(update.length())))
        .sum();
  }

  /** What their windows have grown is there for the next ones. */
  @Test
  void streamsThatHaveEnded_giveBackWhatTheirWindowsHaveGrown() {
    Limits limits = Limits.builder().http2(http2 -> http2.withGrowth(256 << 10)).build();
    try (Http2ClientFixture small = new Http2ClientFixture(false, limits)) {
      small.open();
      byte[] piece = new byte[16 << 10];
      for (int stream = 1; stream <= 5; stream += 2) {
        Future<Response> response = small.get();
        small.receive(ok(stream, 0));
        Pipe.Reader<Chunk> reader = reader(response);
        String update = "WINDOW_UPDATE " + stream + " ";
        long ahead = 0; // What may be sent, beyond the window at the beginning.
        long most = 0;
        for (int i = 0; i < 64; i++) {
          small.receive(frame(DATA, 0, stream, piece));
          while (reader.read().isReady()) {}
          if (i == 20) {
            small.receive(ping(ACK, "\0\0\0\0grow")); // So much has come in a round trip.
          }
          ahead += credited(small.sent(), update) - piece.length;
          most = Math.max(most, ahead);
        }
        assertTrue(most > 0, "it has not grown");
        small.receive(data(stream, END_STREAM, ""));
      }
    }
  }
}

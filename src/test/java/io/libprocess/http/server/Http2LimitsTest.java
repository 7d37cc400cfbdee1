package io.libprocess.http.server;

import static io.libprocess.http.server.Http2Wire.END_STREAM;
import static io.libprocess.http.server.Http2Wire.data;
import static io.libprocess.http.server.Http2Wire.frame;
import static io.libprocess.http.server.Http2Wire.get;
import static io.libprocess.http.server.Http2Wire.headers;
import static io.libprocess.http.server.Http2Wire.ping;
import static io.libprocess.http.server.Http2Wire.post;
import static io.libprocess.http.server.Http2Wire.reset;
import static io.libprocess.http.server.Http2Wire.settings;
import static io.libprocess.http.server.Http2Wire.windowUpdate;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Promise;
import io.libprocess.http.Body;
import io.libprocess.http.Limits;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.http.http2.UnfinishedBodies;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.Pipe;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Bodies that are held, priorities, and clients that take nothing. */
class Http2LimitsTest {

  private static final int INITIAL = 65_535;
  private static final String LARGE = "x".repeat(16_384);
  private static final int RESETS = Integer.getInteger("http2.resets", 100_000);
  private static final int STREAM_AT = 5; // Where a frame has the number of its stream.
  private static final String SOME = "x".repeat(200);
  private static final String HEAD = " :status=200 content-length=40000 content-type=a/b";

  private Http2Fixture client = new Http2Fixture(false);

  @AfterEach
  void close() {
    client.close();
  }

  private void limits(Limits.Builder limits) {
    client.close();
    client = new Http2Fixture(false, limits.build(), null);
  }

  private Request request(int call) {
    return client.server.call(call).request();
  }

  private Pipe.Reader<Chunk> reader(int call) {
    return ((Body.Streamed) request(call).body()).reader();
  }

  /** The sum of the updates of the window of a stream, or of the connection, among frames. */
  private static long updates(List<String> frames, int stream) {
    return frames.stream()
        .filter(line -> line.startsWith("WINDOW_UPDATE " + stream + " "))
        .mapToLong(line -> Long.parseLong(line.split(" ")[2]))
        .sum();
  }

  /* ------ Bodies ------ */

  @Test
  void heldBodies_areCreditedOneAfterTheOtherIfTheyAreTooMuchTogether() {
    limits(Limits.builder().body(80_000));
    client.open();
    client.receive(post(1, "/"), post(3, "/"));
    List<io.libprocess.future.Future<Request>> whole = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      whole.add(request(i).buffered(80_000));
      for (int j = 0; j < 3; j++) {
        client.receive(data(2 * i + 1, 0, LARGE));
      }
    }
    List<String> frames = client.sent();
    assertTrue(updates(frames, 1) > 0, frames::toString);
    assertEquals(0, updates(frames, 3));
    client.receive(data(1, END_STREAM, "end"));
    client.server.call(0).answer(Response.ok());

    assertTrue(whole.get(0).isReady());
    assertTrue(updates(client.sent(), 3) > 0);
  }

  @Test
  void connectionWindow_isWholeAfterAnyNumberOfResetsAndErrors() {
    AtomicReference<Promise<Response>> last = new AtomicReference<>();
    AtomicReference<Request> request = new AtomicReference<>();
    client.close();
    client =
        new Http2Fixture(
            false,
            Limits.defaults(),
            arrived -> {
              request.set(arrived);
              last.set(new Promise<>());
              return last.get().future();
            });
    client.open();
    byte[] padded = new byte[200];
    padded[0] = 100;
    byte[] head = post(1, "/", "content-length", "40000");
    byte[] some = data(1, 0, SOME);
    byte[] more = frame(Http2Wire.DATA, Http2Wire.PADDED, 1, padded);
    long idle = client.server.memory.used();
    Random random = new Random(5);
    long received = 0;
    long credited = 0;
    for (int i = 0; i < RESETS; i++) {
      int id = 2 * i + 1;
      for (byte[] frame : List.of(head, some, more)) {
        ByteBuffer.wrap(frame).putInt(STREAM_AT, id);
      }
      client.receive(head, some, more);
      received += SOME.length() + padded.length;
      switch (random.nextInt(4)) {
        case 0 -> client.receive(reset(id, 8));
        case 1 -> last.get().set(Response.of(403));
        case 2 -> client.receive(data(id, END_STREAM, "too short"));
        default -> {
          ((Body.Streamed) request.get().body()).reader().close();
          last.get().set(Response.ok());
        }
      }
      last.get().discard();
      if (i % 50 == 49) {
        client.server.clock.advance(Duration.ofSeconds(5)); // So that resets are no abuse.
        client.server.clock.settle();
        credited += updates(client.sent(), 0);
      }
    }

    long owed = received - credited;
    assertTrue(owed >= 0 && owed < 1 << 20, "not credited: " + owed);
    client.assertAlive();
    assertEquals(idle, client.server.memory.used());
  }

  @Test
  void greedyConnection_isRefusedBeforeOthersAre() {
    UnfinishedBodies bodies = new UnfinishedBodies(0); // The limit is 8 MiB then.
    UnfinishedBodies.Part greedy = bodies.new Part();
    UnfinishedBodies.Part modest = bodies.new Part();
    greedy.add(8 << 20);

    assertTrue(greedy.refuses(INITIAL));
    assertFalse(modest.refuses(INITIAL));
    modest.add(4 << 20);
    assertTrue(modest.refuses(INITIAL));
    assertTrue(modest.isShort());
    greedy.close();
    assertFalse(modest.refuses(INITIAL));
  }

  /** Many other connections have so much to come that the share of each is less than a window. */
  @Test
  void requestWithABody_isRefusedWhileTooManyAreUnfinished() {
    client.open();
    UnfinishedBodies bodies = client.server.server.bodies();
    List<UnfinishedBodies.Part> others = new ArrayList<>();
    for (int i = 0; i < 200_000; i++) {
      others.add(bodies.new Part());
    }
    others.get(0).add(Long.MAX_VALUE / 2);
    client.receive(post(1, "/"));
    client.assertReset(1, "REFUSED_STREAM");
    client.receive(get(3, "/"));
    assertEquals(1, client.server.calls.size());

    others.forEach(UnfinishedBodies.Part::close);
    client.receive(post(5, "/"));
    assertEquals(2, client.server.calls.size());
    client.assertAlive();
  }

  @Test
  void bodyThatStops_afterTheHeadOfItsResponse_isReset() {
    client.open();
    client.receive(post(1, "/"), data(1, 0, "x"));
    Pipe.Reader<Chunk> reader = reader(0);
    reader.read();
    client.server.call(0).answer(Response.stream(Pipe.bytes().reader(), "a/b"));
    assertEquals("HEADERS 1 :status=200 content-type=a/b", client.sent().get(0));
    client.server.passTime(Duration.ofSeconds(33));

    assertEquals(List.of("RST_STREAM 1 CANCEL"), client.sent());
    client.assertAlive();
  }

  /* ------ Priorities ------ */

  private void answerLarge(int... calls) {
    for (int call : calls) {
      client.server.call(call).answer(Response.ok(Chunk.of(new byte[40_000]), "a/b"));
    }
  }

  @Test
  void urgentResponse_isSentFirst() {
    client.open(4, 0);
    client.receive(
        get(1, "/"),
        headers(3, END_STREAM, Http2Wire.fields("GET", "/", "priority", "u=1")),
        frame(0x10, 0, 0, Http2Wire.join(Http2Wire.integers(5), Http2Wire.ascii("u=0"))),
        get(5, "/"));
    answerLarge(0, 1, 2);
    client.assertSent("HEADERS 1" + HEAD, "HEADERS 3" + HEAD, "HEADERS 5" + HEAD);
    client.receive(settings(4, 50_000), windowUpdate(0, 1 << 20));
    List<String> order =
        client.sent().stream()
            .filter(line -> line.startsWith("DATA"))
            .map(line -> line.split(" ")[1])
            .distinct()
            .toList();

    assertEquals(List.of("5", "3", "1"), order);
  }

  @Test
  void responsesWithoutPriorities_shareTheConnection() {
    client.open(4, 0);
    client.receive(get(1, "/"), get(3, "/"));
    answerLarge(0, 1);
    client.sent();
    client.receive(settings(4, 50_000), windowUpdate(0, 1 << 20));

    assertEquals(
        List.of("1", "3", "1", "3", "1", "3"),
        client.sent().stream()
            .filter(line -> line.startsWith("DATA"))
            .map(line -> line.split(" ")[1])
            .toList());
  }

  /* ------ Clients that take nothing ------ */

  /** It needs no more memory than it has, and while it is alone no other waits behind it. */
  @Test
  void responseInMemory_isQueuedInLargerParts_whileItIsTheOnlyOne() {
    client.open(4, 1 << 30);
    client.receive(windowUpdate(0, 1 << 30), get(1, "/"));
    client.channel.becomeSlow();
    Response large = Response.ok(Chunk.of(new byte[600_000]), "a/b");
    client.server.call(0).answer(large);
    long alone = client.channel.queued();
    assertTrue(alone > 3 << 16 && alone < (3 << 16) + 17_000, "queued: " + alone);

    client.receive(get(3, "/"));
    client.channel.drain();
    long beside = client.channel.queued();
    assertTrue(beside > 1 << 16 && beside < (1 << 16) + 17_000, "queued: " + beside);

    client.server.call(1).answer(large);
    client.channel.drain();
    beside = client.channel.queued();
    assertTrue(beside > 1 << 16 && beside < (1 << 16) + 17_000, "queued: " + beside);
    for (int i = 0; i < 100 && client.channel.queued() > 0; i++) {
      client.channel.drain();
    }
    assertEquals(2, client.sent().stream().filter(line -> line.endsWith(" END")).count());
  }

  @Test
  void windowThatIsOpenedTooSlowly_endsTheStream() {
    client.open(4, 0);
    client.receive(get(1, "/"), get(3, "/"));
    answerLarge(0, 1);
    client.sent();
    for (int i = 0; i < 40; i++) {
      client.receive(windowUpdate(1, 1), windowUpdate(3, 2000));
      client.server.passTime(Duration.ofSeconds(1));
    }
    List<String> frames = client.sent();

    assertTrue(frames.contains("RST_STREAM 1 CANCEL"), frames::toString);
    assertFalse(frames.contains("RST_STREAM 3 CANCEL"), frames::toString);
  }

  @Test
  void responseThatWaitsForItsSource_isNotGivenUp() {
    client.open();
    client.receive(get(1, "/"));
    Pipe<Chunk> pipe = Pipe.bytes();
    client.server.call(0).answer(Response.stream(pipe.reader(), "a/b"));
    client.sent();
    client.server.passTime(Duration.ofSeconds(100));

    client.assertSent();
  }

  @Test
  void clientThatTakesNoAnswersToItsPings_isCut() {
    client.open();
    client.channel.becomeSlow();
    for (int i = 0; i <= 1001; i++) {
      client.receive(ping(0, "abcdefgh"));
    }

    assertTrue(client.channel.isClosed());
  }

  @Test
  void clientThatTakesNothingOfItsResponses_isCut() {
    client.open(4, 1 << 30);
    client.channel.becomeSlow();
    client.receive(windowUpdate(0, 1 << 30), get(1, "/"));
    client.server.call(0).answer(Response.ok(Chunk.of(new byte[100_000]), "a/b"));
    client.server.passTime(Duration.ofSeconds(29));
    assertFalse(client.channel.isClosed());
    client.server.passTime(Duration.ofSeconds(3));

    assertTrue(client.channel.isClosed());
  }

  @Test
  void clientThatTakesThem_isNot() {
    client.open();
    for (int i = 0; i <= 5000; i++) {
      client.receive(ping(0, "abcdefgh"));
    }

    assertFalse(client.channel.isClosed());
  }

  @Test
  void limits_areThoseThatAreSet() {
    limits(
        Limits.builder()
            .pipelined(3)
            .http2(any -> any.withResets(5, 0).withOddities(100, 1).withGrowth(1 << 20)));
    client.receive(Http2Wire.PREFACE, settings());
    client.assertSent(
        "SETTINGS 3=3 6=81920 9=1",
        "WINDOW_UPDATE 0 " + (3 * 65_536 + (1 << 20) - INITIAL),
        "SETTINGS ACK");
    for (int i = 0; i < 6; i++) {
      client.receive(post(2 * i + 1, "/"));
      client.receive(reset(2 * i + 1, 8));
    }

    client.assertEnded(11, "ENHANCE_YOUR_CALM");
  }

  private void bursts(UnaryOperator<Limits.Bursts> change) {
    limits(Limits.builder().pipelined(1).http2(any -> any.withBursts(change)));
    client.receive(Http2Wire.PREFACE, settings());
    client.sent();
  }

  private void assertCalmAfter(byte[]... attack) {
    client.sent();
    assertFalse(client.channel.closesAfterWrites());
    client.receive(attack);
    List<String> frames = client.sent();
    assertTrue(frames.get(frames.size() - 1).endsWith("ENHANCE_YOUR_CALM"), frames::toString);
  }

  @Test
  void bursts_areThoseThatAreSet() {
    bursts(any -> any.withEmptyData(1));
    client.receive(post(1, "/"), data(1, 0, ""));
    assertCalmAfter(data(1, 0, ""));

    bursts(any -> any.withContinuations(1));
    byte[] block = Http2Wire.block(Http2Wire.fields("GET", "/"));
    client.receive(frame(Http2Wire.HEADERS, END_STREAM, 1, block));
    client.receive(frame(Http2Wire.CONTINUATION, 0, 1, Http2Wire.block("x", "y")));
    assertCalmAfter(frame(Http2Wire.CONTINUATION, 0, 1, Http2Wire.block("x", "z")));

    bursts(any -> any.withSettings(8));
    client.receive(settings(new long[2 * 8]));
    assertCalmAfter(settings(new long[2 * 9]));

    bursts(any -> any.withWaiting(0));
    client.receive(get(1, "/"));
    client.receive(reset(1, 8));
    assertCalmAfter(get(3, "/"));

    bursts(any -> any.withControl(100));
    client.channel.becomeSlow();
    for (int i = 0; i <= 100; i++) {
      client.receive(ping(0, "abcdefgh"));
    }
    assertFalse(client.channel.isClosed());
    client.receive(ping(0, "abcdefgh"));
    assertTrue(client.channel.isClosed());
  }

  @Test
  void rapidResets_endTheConnection() {
    client.open();
    for (int i = 0; i < 1100 && !client.channel.closesAfterWrites(); i++) {
      client.receive(post(2 * i + 1, "/"));
      client.receive(reset(2 * i + 1, 8));
    }

    assertTrue(client.server.calls.size() <= 128, "started: " + client.server.calls.size());
    List<String> frames = client.sent();
    assertTrue(frames.get(frames.size() - 1).endsWith("ENHANCE_YOUR_CALM"), frames::toString);
  }
}

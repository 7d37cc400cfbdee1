package io.libprocess.http.server;

import static io.libprocess.http.server.Http2Wire.DATA;
import static io.libprocess.http.server.Http2Wire.END_STREAM;
import static io.libprocess.http.server.Http2Wire.PADDED;
import static io.libprocess.http.server.Http2Wire.data;
import static io.libprocess.http.server.Http2Wire.frame;
import static io.libprocess.http.server.Http2Wire.get;
import static io.libprocess.http.server.Http2Wire.post;
import static io.libprocess.http.server.Http2Wire.reset;
import static io.libprocess.http.server.Http2Wire.settings;
import static io.libprocess.http.server.Http2Wire.windowUpdate;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.http.Body;
import io.libprocess.http.Headers;
import io.libprocess.http.Response;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.Pipe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Windows in both directions, and bodies that are streams or files. */
@ParameterizedClass
@ValueSource(booleans = {false, true})
class Http2FlowTest {

  private static final String LARGE = "x".repeat(16384);

  private final Http2Fixture client;

  @TempDir Path directory;

  Http2FlowTest(boolean bytewise) {
    client = new Http2Fixture(bytewise);
  }

  @AfterEach
  void close() {
    client.close();
  }

  private Pipe.Reader<Chunk> reader(int call) {
    return ((Body.Streamed) client.server.call(call).request().body()).reader();
  }

  private static byte[] large(int stream) {
    return data(stream, 0, LARGE);
  }

  /* ------ Sending ------ */

  @Test
  void response_waitsForTheWindowOfItsStream() {
    client.open(4, 3);
    client.receive(get(1, "/"));
    client.server.call(0).answer(Response.ok(Chunk.utf8("hello"), "a/b"));
    client.assertSent("HEADERS 1 :status=200 content-length=5 content-type=a/b");
    client.assertSentSmall("DATA 1 hel");
    client.receive(windowUpdate(1, 1));
    client.assertSentSmall("DATA 1 l");
    client.receive(windowUpdate(1, 100));

    client.assertSent("DATA 1 o END");
  }

  @Test
  void response_waitsForASettingThatOpensItsWindow() {
    client.open(4, 0);
    client.receive(get(1, "/"));
    client.server.call(0).answer(Response.ok(Chunk.utf8("hello"), "a/b"));
    client.assertSent("HEADERS 1 :status=200 content-length=5 content-type=a/b");
    client.receive(settings(4, 1));

    client.assertSent("SETTINGS ACK");
    client.assertSentSmall("DATA 1 h");
  }

  @Test
  void window_mayBecomeNegative() {
    client.open(4, 3);
    client.receive(get(1, "/"));
    client.server.call(0).answer(Response.ok(Chunk.utf8("hello"), "a/b"));
    client.assertSent("HEADERS 1 :status=200 content-length=5 content-type=a/b");
    client.assertSentSmall("DATA 1 hel");
    client.receive(settings(4, 2), windowUpdate(1, 1));
    client.assertSent("SETTINGS ACK");
    client.assertSentSmall();
    client.receive(windowUpdate(1, 1));

    client.assertSentSmall("DATA 1 l");
  }

  @Test
  void responses_shareTheWindowOfTheConnection() {
    client.open(4, 1 << 20);
    client.receive(get(1, "/"), get(3, "/"));
    for (int i = 0; i < 2; i++) {
      client.server.call(i).answer(Response.ok(Chunk.of(new byte[40_000]), "a/b"));
    }
    assertEquals(65_535, sentBytes());
    client.receive(windowUpdate(0, 1));
    client.assertSentSmall("DATA 3 \0");
    client.receive(windowUpdate(0, 1 << 20));
    client.sent();
    client.receive(get(5, "/"));
    client.server.call(2).answer(Response.ok());

    client.assertSent("HEADERS 5 :status=200 content-length=0 END");
  }

  private int sentBytes() {
    return client.sent().stream()
        .filter(line -> line.startsWith("DATA"))
        .map(line -> line.split(" "))
        .mapToInt(words -> words.length > 3 ? Integer.parseInt(words[2]) : words[2].length())
        .sum();
  }

  @Test
  void heads_doNotWaitForAnyWindow() {
    client.open(4, 0);
    client.receive(get(1, "/"), get(3, "/"));
    client.server.call(0).answer(Response.ok(Chunk.utf8("hello"), "a/b"));
    client.server.call(1).answer(Response.ok());

    client.assertSent(
        "HEADERS 1 :status=200 content-length=5 content-type=a/b",
        "HEADERS 3 :status=200 content-length=0 END");
  }

  @Test
  void windowUpdateOfZero_isAnErrorOfTheStreamOrTheConnection() {
    client.open();
    client.receive(get(1, "/"), windowUpdate(1, 0));
    client.assertReset(1, "PROTOCOL_ERROR");
    client.receive(windowUpdate(0, 0));

    client.assertEnded(1, "PROTOCOL_ERROR");
  }

  @Test
  void windowThatIsTooLarge_isAnErrorOfTheStreamOrTheConnection() {
    client.open();
    client.receive(get(1, "/"), windowUpdate(1, Integer.MAX_VALUE - 65_535), windowUpdate(1, 1));
    client.assertReset(1, "FLOW_CONTROL_ERROR");
    client.receive(windowUpdate(0, Integer.MAX_VALUE - 65_535), windowUpdate(0, 1));

    client.assertEnded(1, "FLOW_CONTROL_ERROR");
  }

  @Test
  void streamedResponse_isSentAsItsPiecesCome() {
    client.open();
    client.receive(get(1, "/"));
    Pipe<Chunk> pipe = Pipe.bytes();
    client.server.call(0).answer(Response.stream(pipe.reader(), "a/b"));
    client.assertSent("HEADERS 1 :status=200 content-type=a/b");
    pipe.writer().write(Chunk.utf8("one"));
    client.assertSent("DATA 1 one");
    pipe.writer().write(Chunk.utf8("two"));
    pipe.writer().close();

    assertEquals(List.of("DATA 1 two", "DATA 1  END"), client.sent());
  }

  @Test
  void streamedResponse_withTrailers() {
    client.open();
    client.receive(get(1, "/"));
    Pipe<Chunk> pipe = Pipe.bytes();
    Promise<Headers> trailers = new Promise<>();
    client
        .server
        .call(0)
        .answer(Response.stream(pipe.reader(), "a/b").withTrailers(trailers.future()));
    pipe.writer().write(Chunk.utf8("one"));
    pipe.writer().close();
    client.assertSent("HEADERS 1 :status=200 content-type=a/b", "DATA 1 one");
    trailers.set(Headers.of("X-Sum", "7"));

    client.assertSent("HEADERS 1 x-sum=7 END");
  }

  @Test
  void bytes_withTrailers() {
    client.open();
    client.receive(get(1, "/"));
    client
        .server
        .call(0)
        .answer(Response.ok(Chunk.utf8("a"), "a/b").withTrailers(Future.of(Headers.of("X", "y"))));

    client.assertSent(
        "HEADERS 1 :status=200 content-length=1 content-type=a/b", "DATA 1 a", "HEADERS 1 x=y END");
  }

  @Test
  void streamedResponseThatFails_resetsItsStream() {
    client.open();
    client.receive(get(1, "/"));
    Pipe<Chunk> pipe = Pipe.bytes();
    client.server.call(0).answer(Response.stream(pipe.reader(), "a/b"));
    pipe.writer().write(Chunk.utf8("one"));
    pipe.writer().fail(new IllegalStateException("broken"));
    client.assertSent(
        "HEADERS 1 :status=200 content-type=a/b", "DATA 1 one", "RST_STREAM 1 INTERNAL_ERROR");

    client.assertAlive();
  }

  @Test
  void streamedResponseOfAnotherLengthThanAnnounced_resetsItsStream() {
    client.open();
    client.receive(get(1, "/"));
    Pipe<Chunk> pipe = Pipe.bytes();
    client
        .server
        .call(0)
        .answer(Response.stream(pipe.reader(), "a/b").withHeader("Content-Length", "2"));
    pipe.writer().write(Chunk.utf8("a"));
    pipe.writer().close();

    assertTrue(client.sent().contains("RST_STREAM 1 INTERNAL_ERROR"));
    client.assertAlive();
  }

  @Test
  void resetByTheClient_closesTheReaderOfAResponse() {
    client.open();
    client.receive(get(1, "/"));
    Pipe<Chunk> pipe = Pipe.bytes();
    client.server.call(0).answer(Response.stream(pipe.reader(), "a/b"));
    client.receive(reset(1, 8));

    assertEquals(
        "the client has reset the stream: CANCEL",
        pipe.writer().readerClosed().get().map(Throwable::getMessage).orElse(""));
  }

  @Test
  void response_isReadOnlyWhileTheClientTakesIt() {
    client.open(4, 1 << 30);
    client.receive(windowUpdate(0, 1 << 30), get(1, "/"));
    client.channel.becomeSlow();
    Pipe<Chunk> pipe = Pipe.unbounded();
    for (int i = 0; i < 64; i++) {
      pipe.writer().write(Chunk.of(new byte[16384]));
    }
    client.server.call(0).answer(Response.stream(pipe.reader(), "a/b"));
    assertTrue(client.channel.queued() <= 100_000, "queued: " + client.channel.queued());
    long queued = 0;
    for (int i = 0; i < 64 && queued < 64 * 16384; i++) {
      queued += client.channel.queued();
      client.channel.drain();
    }

    assertTrue(queued >= 64 * 16384, "sent: " + queued);
  }

  @Test
  void file_isSentInFrames() throws Exception {
    Path file = directory.resolve("file.bin");
    Files.write(file, new byte[40_000]);
    client.open();
    client.receive(get(1, "/"));
    client.server.call(0).answer(Response.file(file));
    List<String> frames = client.sent();

    assertTrue(frames.get(0).contains("content-length=40000"), frames.get(0));
    assertEquals(
        List.of("DATA 1 16384 bytes", "DATA 1 16384 bytes", "DATA 1 7232 bytes END"),
        frames.subList(1, frames.size()));
  }

  /* ------ Receiving ------ */

  @Test
  void body_isPassedOnAsItArrives() {
    client.open();
    client.receive(post(1, "/"), data(1, 0, "one"));
    Pipe.Reader<Chunk> reader = reader(0);
    assertEquals("one", reader.read().get().get().utf8());
    Future<Optional<Chunk>> next = reader.read();
    client.receive(data(1, 0, "two"));
    assertEquals("two", next.get().get().utf8());
    client.receive(data(1, END_STREAM, ""));

    assertEquals(Optional.empty(), reader.read().get());
  }

  @Test
  void windowOfAStream_isCreditedWhenItsBodyIsRead() {
    client.open();
    client.receive(post(1, "/"), large(1), large(1), large(1));
    client.assertSent();
    Pipe.Reader<Chunk> reader = reader(0);
    long read = 0;
    while (read < 3 * 16384) {
      read += reader.read().get().get().size();
    }
    List<String> updates = client.sent();

    assertEquals(1, updates.size());
    assertTrue(updates.get(0).startsWith("WINDOW_UPDATE 1 "), updates.get(0));
  }

  @Test
  void windowOfTheConnection_isCreditedOnArrival() {
    client.open();
    for (int i = 0; i < 127; i++) {
      client.receive(post(2 * i + 1, "/"));
    }
    long credited = 0;
    for (int round = 0; round < 3; round++) {
      for (int i = 0; i < 127; i++) {
        client.receive(large(2 * i + 1)); // Nobody reads.
      }
      credited +=
          client.sent().stream()
              .filter(line -> line.startsWith("WINDOW_UPDATE 0 "))
              .mapToLong(line -> Long.parseLong(line.split(" ")[2]))
              .sum();
    }

    long owed = 3 * 127 * 16_384 - credited;
    assertTrue(owed >= 0 && owed < 1 << 20, "not credited: " + owed);
    client.assertAlive();
  }

  @Test
  void dataBeyondTheWindowOfAStream_isAStreamError() {
    client.open();
    client.receive(post(1, "/"));
    client.receive(large(1), large(1), large(1), large(1));

    client.assertReset(1, "FLOW_CONTROL_ERROR");
    assertTrue(client.server.call(0).promise().future().hasDiscard());
  }

  @Test
  void unreadBody_holdsUpNoOtherStream() {
    client.open();
    client.receive(post(1, "/slow"), large(1), large(1), large(1));
    for (int i = 1; i < 100; i++) {
      client.receive(post(2 * i + 1, "/"), data(2 * i + 1, END_STREAM, "x"));
      client.server.call(i).answer(Response.ok());
      client.assertSent("HEADERS " + (2 * i + 1) + " :status=200 content-length=0 END");
    }
  }

  @Test
  void padding_isCreditedAtOnce() {
    client.open();
    client.receive(post(1, "/"));
    byte[] padded = new byte[16384];
    padded[0] = (byte) 254; // One octet is data.
    long credited = 0;
    for (int i = 0; i < 1000; i++) {
      client.receive(frame(DATA, PADDED, 1, java.util.Arrays.copyOf(padded, 256)));
      for (String line : client.sent()) {
        assertTrue(line.startsWith("WINDOW_UPDATE 1 "), line);
        credited += Long.parseLong(line.split(" ")[2]);
      }
    }

    assertTrue(credited > 200_000, "credited: " + credited);
  }

  @Test
  void smallPieces_areMergedWhileTheyAreUnread() {
    client.open();
    client.receive(post(1, "/"));
    for (int i = 0; i < 10_000; i++) {
      client.receive(data(1, 0, "x"));
    }
    Pipe.Reader<Chunk> reader = reader(0);
    int pieces = 0;
    for (int read = 0; read < 10_000; pieces++) {
      read += reader.read().get().get().size();
    }

    assertTrue(pieces < 20, "pieces: " + pieces);
  }

  @Test
  void lengthThatDiffersFromTheAnnouncedOne_isMalformed() {
    client.open();
    client.receive(post(1, "/", "content-length", "2"), data(1, END_STREAM, "x"));
    client.assertReset(1, "PROTOCOL_ERROR");
    client.receive(post(3, "/", "content-length", "2"), data(3, 0, "xyz"));
    client.assertReset(3, "PROTOCOL_ERROR");
    client.receive(
        Http2Wire.headers(5, END_STREAM, Http2Wire.fields("POST", "/", "content-length", "2")));

    client.assertReset(5, "PROTOCOL_ERROR");
  }

  @Test
  void expectation_isAnsweredWhenTheBodyIsWanted() {
    client.open();
    client.receive(post(1, "/", "expect", "100-continue", "content-length", "2"));
    client.assertSent();
    Pipe.Reader<Chunk> reader = reader(0);
    client.assertSent("HEADERS 1 :status=100");
    client.receive(data(1, END_STREAM, "ok"));

    assertEquals("ok", reader.read().get().get().utf8());
  }

  @Test
  void bodyThatIsNotWanted_isNotAskedFor() {
    client.open();
    client.receive(post(1, "/", "expect", "100-continue", "content-length", "2"));
    client.server.call(0).answer(Response.of(401));

    client.assertSent("HEADERS 1 :status=401 content-length=0 END", "RST_STREAM 1 NO_ERROR");
  }

  @Test
  void bodyWhoseReaderIsClosed_isNotCredited() {
    client.open();
    client.receive(post(1, "/"));
    reader(0).close();
    client.receive(large(1), large(1), large(1));

    client.assertSent();
    assertFalse(client.channel.closesAfterWrites());
  }

  @Test
  void bodyThatIsCutOff_fails() {
    client.open();
    client.receive(post(1, "/"), data(1, 0, "x"));
    Pipe.Reader<Chunk> reader = reader(0);
    reader.read();
    Future<Optional<Chunk>> next = reader.read();
    client.receive(reset(1, 8));

    assertEquals("the client has reset the stream: CANCEL", next.failure().getMessage());
  }

  @Test
  void bodyThatDoesNotCome_isGivenUp() {
    client.open();
    client.receive(post(1, "/"), data(1, 0, "x"));
    Pipe.Reader<Chunk> reader = reader(0);
    reader.read();
    Future<Optional<Chunk>> next = reader.read();
    client.server.passTime(Duration.ofSeconds(33));

    assertTrue(next.isFailed());
    client.assertAlive();
  }

  @Test
  void bodyThatIsNotRead_isNotGivenUp() {
    client.open();
    client.receive(post(1, "/"), large(1), large(1), large(1), data(1, 0, "x".repeat(16383)));
    client.server.passTime(Duration.ofSeconds(100));

    client.assertSent();
    assertFalse(client.server.call(0).promise().future().hasDiscard());
  }
}

package io.libprocess.http.client;

import static io.libprocess.http.server.Http2Wire.ACK;
import static io.libprocess.http.server.Http2Wire.END_STREAM;
import static io.libprocess.http.server.Http2Wire.data;
import static io.libprocess.http.server.Http2Wire.frame;
import static io.libprocess.http.server.Http2Wire.goAway;
import static io.libprocess.http.server.Http2Wire.headers;
import static io.libprocess.http.server.Http2Wire.ping;
import static io.libprocess.http.server.Http2Wire.reset;
import static io.libprocess.http.server.Http2Wire.settings;
import static io.libprocess.http.server.Http2Wire.settingsAck;
import static io.libprocess.http.server.Http2Wire.windowUpdate;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.http.Body;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.http.server.Http2Wire;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.Pipe;
import io.libprocess.support.LogCapture;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Random sequences of frames of a server, legal and not, for a client that sends, reads and gives
 * up at random: nothing throws, each request ends once, and nothing is held afterwards. {@code
 * -Dfuzz.rounds} makes it longer.
 */
class Http2ClientFuzzTest {

  private static final int ROUNDS = Integer.getInteger("fuzz.rounds", 300);
  private static final int FRAMES = 80;

  /** Windows, and what the pipes between hold. */
  private static final long MOST_HELD = 4 << 20;

  private final List<Future<Response>> responses = new ArrayList<>();
  private final List<Pipe<Chunk>> uploads = new ArrayList<>();
  private final List<Pipe.Reader<Chunk>> readers = new ArrayList<>();
  private Random random = new Random(0);

  @Test
  void anySequence_endsEachRequestOnceAndLeavesNothing() {
    for (int seed = 0; seed < ROUNDS; seed++) {
      try (LogCapture log = new LogCapture()) {
        round(seed, seed % 3 == 0);
        assertEquals(0, log.count(text -> text.contains("is broken")), "seed " + seed);
      }
    }
  }

  private void round(int seed, boolean hostile) {
    random = new Random(seed);
    responses.clear();
    uploads.clear();
    readers.clear();
    try (Http2ClientFixture server = new Http2ClientFixture(false)) {
      server.receive(settings(), settingsAck());
      List<String> sent = new ArrayList<>();
      for (int i = 0; i < FRAMES; i++) {
        if (random.nextInt(4) == 0) {
          responses.add(server.send(request()));
        }
        byte[] frame = next();
        if (hostile && random.nextInt(20) == 0) {
          frame[random.nextInt(frame.length)] ^= (byte) (1 << random.nextInt(8));
        }
        int cut = random.nextInt(frame.length + 1);
        server.receive(Arrays.copyOf(frame, cut));
        server.receive(Arrays.copyOfRange(frame, cut, frame.length));
        act();
        sent.addAll(server.sent());
        assertTrue(server.memory.used() <= MOST_HELD, "seed " + seed);
      }
      server.passTime(Duration.ofMillis(100));
      sent.addAll(server.sent());
      checkEnds(seed, sent);
      server.channel.reset();
      end(seed, server);
    }
  }

  private void end(int seed, Http2ClientFixture server) {
    for (Future<Response> response : responses) {
      assertFalse(response.isPending(), "seed " + seed + ": a request has no end");
      if (response.isReady() && response.get().body() instanceof Body.Streamed streamed) {
        streamed.refuse();
      }
    }
    readers.forEach(Pipe.Reader::close);
    for (Pipe<Chunk> upload : uploads) { // Those that have ended are not here.
      assertTrue(upload.writer().readerClosed().isReady(), "seed " + seed + ": a body is open");
    }
    assertEquals(0, server.memory.used(), "seed " + seed);
    assertEquals(1, server.gone, "seed " + seed);
  }

  private Request request() {
    return switch (random.nextInt(4)) {
      case 0 -> Request.post("/", Body.of(Chunk.of(new byte[random.nextInt(100_000)])));
      case 1 -> {
        Pipe<Chunk> pipe = Pipe.unbounded();
        uploads.add(pipe);
        yield Request.post("/", Body.of(pipe.reader()));
      }
      case 2 -> Request.post("/", Body.of("x")).withHeader("Expect", "100-continue");
      default -> Request.get("/");
    };
  }

  private byte[] next() {
    int newest = Math.max(1, 2 * responses.size() - 1);
    int stream = Math.max(1, newest - 2 * random.nextInt(5));
    int end = random.nextInt(3) == 0 ? END_STREAM : 0;
    return switch (random.nextInt(16)) {
      case 0, 1, 2, 3 -> headers(stream, end, ":status", "200");
      case 4 -> headers(stream, END_STREAM, ":status", "204", "connection", "x");
      case 5 -> headers(stream, 0, ":status", random.nextBoolean() ? "100" : "103");
      case 6, 7, 8 -> data(stream, end, "x".repeat(random.nextInt(3000)));
      case 9 -> reset(stream, random.nextInt(14));
      case 10 -> windowUpdate(random.nextBoolean() ? 0 : stream, 1 + random.nextInt(70_000));
      case 11 -> settings(4, random.nextInt(100_000), 1, random.nextInt(8000), 3, 1 + newest);
      case 12 -> ping(random.nextInt(2) * ACK, random.nextBoolean() ? "abcdefgh" : "\0\0\0\0grow");
      case 13 -> frame(Http2Wire.PRIORITY, 0, stream, new byte[5]);
      case 14 -> random.nextInt(20) == 0 ? goAway(newest, 0) : frame(99, 0, stream, new byte[3]);
      default -> headers(stream, END_STREAM, "x", "y");
    };
  }

  private void act() {
    if (!uploads.isEmpty()) {
      Pipe<Chunk> pipe = uploads.get(random.nextInt(uploads.size()));
      switch (random.nextInt(6)) {
        case 0 -> {
          pipe.writer().close();
          uploads.remove(pipe);
        }
        case 1 -> {
          pipe.writer().fail(new IllegalStateException("broken"));
          uploads.remove(pipe);
        }
        default -> pipe.writer().offer(Chunk.of(new byte[1 + random.nextInt(30_000)]));
      }
    }
    if (responses.isEmpty()) {
      return;
    }
    Future<Response> response = responses.get(random.nextInt(responses.size()));
    if (random.nextInt(10) == 0) {
      response.discard();
    } else if (response.isReady() && response.get().body() instanceof Body.Streamed streamed) {
      Pipe.Reader<Chunk> reader = streamed.reader();
      readers.add(reader);
      responses.remove(response);
      if (random.nextInt(8) == 0) {
        reader.close();
      }
    }
    if (!readers.isEmpty()) {
      readers.get(random.nextInt(readers.size())).read();
    }
  }

  /** Checks that no stream goes on after its end, and that none is reset twice. */
  private static void checkEnds(int seed, List<String> sent) {
    Map<String, String> ends = new HashMap<>();
    for (String line : sent) {
      String[] words = line.split(" ");
      if (!List.of("HEADERS", "DATA", "RST_STREAM").contains(words[0])) {
        continue;
      }
      String end = ends.get(words[1]);
      assertTrue(
          end == null || "END".equals(end) && words[0].equals("RST_STREAM"),
          () -> "seed " + seed + ": after the end: " + line + " of " + sent);
      if (words[0].equals("RST_STREAM")) {
        ends.put(words[1], "RST_STREAM");
      } else if (line.endsWith(" END")) {
        ends.put(words[1], "END");
      }
    }
  }
}

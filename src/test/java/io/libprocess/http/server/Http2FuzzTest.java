package io.libprocess.http.server;

import static io.libprocess.http.server.Http2Wire.ACK;
import static io.libprocess.http.server.Http2Wire.END_STREAM;
import static io.libprocess.http.server.Http2Wire.data;
import static io.libprocess.http.server.Http2Wire.fields;
import static io.libprocess.http.server.Http2Wire.frame;
import static io.libprocess.http.server.Http2Wire.get;
import static io.libprocess.http.server.Http2Wire.goAway;
import static io.libprocess.http.server.Http2Wire.headers;
import static io.libprocess.http.server.Http2Wire.ping;
import static io.libprocess.http.server.Http2Wire.post;
import static io.libprocess.http.server.Http2Wire.reset;
import static io.libprocess.http.server.Http2Wire.settings;
import static io.libprocess.http.server.Http2Wire.windowUpdate;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.http.Body;
import io.libprocess.http.Limits;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.Pipe;
import io.libprocess.support.LogCapture;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Random sequences of frames, legal and not, with handlers that answer at random: nothing throws,
 * each stream ends once, and nothing is held afterwards. {@code -Dfuzz.rounds} makes it longer.
 */
class Http2FuzzTest {

  private static final int ROUNDS = Integer.getInteger("fuzz.rounds", 300);
  private static final int FRAMES = 80;

  /** The window of each stream, and what is held of answers. */
  private static final long MOST_HELD = 24 << 20;

  private final List<Promise<Response>> open = new ArrayList<>();
  private final List<Pipe<Chunk>> pipes = new ArrayList<>();
  private final List<Pipe.Reader<Chunk>> readers = new ArrayList<>();
  private Random random = new Random(0);

  @Test
  void anySequence_endsEachStreamOnceAndLeavesNothing() {
    for (int seed = 0; seed < ROUNDS; seed++) {
      try (LogCapture log = new LogCapture()) {
        round(seed, seed % 3 == 0);
        assertEquals(0, log.count(text -> text.contains("is broken")), "seed " + seed);
      }
    }
  }

  private void round(int seed, boolean hostile) {
    random = new Random(seed);
    open.clear();
    pipes.clear();
    readers.clear();
    try (Http2Fixture client = new Http2Fixture(false, Limits.defaults(), this::handle)) {
      client.receive(Http2Wire.PREFACE, settings());
      List<String> sent = client.sent();
      int next = 1;
      for (int i = 0; i < FRAMES; i++) {
        byte[] frame = next(next);
        if (frame.length > 9 && frame[3] == Http2Wire.HEADERS) {
          next += 2;
        }
        if (hostile && random.nextInt(20) == 0) {
          frame[random.nextInt(frame.length)] ^= (byte) (1 << random.nextInt(8));
        }
        receive(client, frame);
        act();
        sent.addAll(client.sent());
        assertTrue(client.server.server.memory().used() <= MOST_HELD, "seed " + seed);
      }
      sent.addAll(client.sent());
      checkEnds(seed, sent);
      client.channel.reset();
      for (Promise<Response> promise : open) {
        assertTrue(
            !promise.future().isPending() || promise.future().hasDiscard(),
            "seed " + seed + ": a handler was not told");
        promise.discard();
      }
      readers.forEach(Pipe.Reader::close);
      assertEquals(0, client.server.server.memory().used(), "seed " + seed);
    }
  }

  private void receive(Http2Fixture client, byte[] frame) {
    int cut = random.nextInt(frame.length + 1);
    client.receive(java.util.Arrays.copyOf(frame, cut));
    client.receive(java.util.Arrays.copyOfRange(frame, cut, frame.length));
  }

  private byte[] next(int next) {
    int stream = Math.max(1, next - 2 - 2 * random.nextInt(6)) | 1;
    return switch (random.nextInt(16)) {
      case 0, 1, 2 -> get(next, "/" + next);
      case 3, 4 -> post(next, "/" + next);
      case 5 -> headers(next, END_STREAM, fields("GET", "bad"));
      case 6, 7, 8 -> data(stream, random.nextInt(3) == 0 ? END_STREAM : 0, "x".repeat(2000));
      case 9 -> reset(stream, 8);
      case 10 -> windowUpdate(random.nextBoolean() ? 0 : stream, 1 + random.nextInt(70_000));
      case 11 -> settings(4, random.nextInt(100_000), 1, random.nextInt(8000));
      case 12 -> ping(random.nextInt(2) * ACK, "abcdefgh");
      case 13 -> frame(Http2Wire.PRIORITY, 0, stream, new byte[] {0, 0, 0, 0, 1});
      case 14 -> random.nextInt(20) == 0 ? goAway(0, 0) : frame(99, 0, stream, new byte[3]);
      default -> headers(stream, END_STREAM, "x", "y");
    };
  }

  private Future<Response> handle(Request request) {
    if (request.body() instanceof Body.Streamed streamed && random.nextBoolean()) {
      readers.add(streamed.reader());
    }
    return switch (random.nextInt(5)) {
      case 0 -> Future.of(Response.ok(Chunk.of(new byte[random.nextInt(100_000)]), "a/b"));
      case 1 -> Future.failed("refused");
      case 2 -> {
        Pipe<Chunk> pipe = Pipe.bytes();
        pipes.add(pipe);
        yield Future.of(Response.stream(pipe.reader(), "a/b"));
      }
      default -> {
        Promise<Response> promise = new Promise<>();
        open.add(promise);
        yield promise.future();
      }
    };
  }

  private void act() {
    if (!pipes.isEmpty()) {
      Pipe<Chunk> pipe = pipes.get(random.nextInt(pipes.size()));
      switch (random.nextInt(6)) {
        case 0 -> pipe.writer().close();
        case 1 -> pipe.writer().fail(new IllegalStateException("broken"));
        default -> pipe.writer().offer(Chunk.of(new byte[1 + random.nextInt(30_000)]));
      }
    }
    if (!open.isEmpty() && random.nextInt(3) == 0) {
      open.get(random.nextInt(open.size())).set(Response.ok("text"));
    }
    if (!readers.isEmpty()) {
      Pipe.Reader<Chunk> reader = readers.get(random.nextInt(readers.size()));
      if (random.nextInt(8) == 0) {
        reader.close();
      } else {
        reader.read();
      }
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
      // A reset after the end says that more has arrived, or that the rest is not wanted.
      assertTrue(
          end == null || "END".equals(end) && words[0].equals("RST_STREAM"),
          "seed " + seed + ": after the end: " + line + " of " + sent);
      if (words[0].equals("RST_STREAM")) {
        ends.put(words[1], "RST_STREAM");
      } else if (line.endsWith(" END")) {
        ends.put(words[1], "END");
      }
    }
  }
}

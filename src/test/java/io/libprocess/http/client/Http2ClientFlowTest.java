package io.libprocess.http.client;

import static io.libprocess.http.server.Http2Wire.ACK;
import static io.libprocess.http.server.Http2Wire.DATA;
import static io.libprocess.http.server.Http2Wire.END_HEADERS;
import static io.libprocess.http.server.Http2Wire.END_STREAM;
import static io.libprocess.http.server.Http2Wire.HEADERS;
import static io.libprocess.http.server.Http2Wire.PADDED;
import static io.libprocess.http.server.Http2Wire.block;
import static io.libprocess.http.server.Http2Wire.data;
import static io.libprocess.http.server.Http2Wire.frame;
import static io.libprocess.http.server.Http2Wire.headers;
import static io.libprocess.http.server.Http2Wire.ping;
import static io.libprocess.http.server.Http2Wire.reset;
import static io.libprocess.http.server.Http2Wire.windowUpdate;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.http.Body;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.http.server.Http2Wire;
import io.libprocess.http.server.LongPath;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.Pipe;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The windows of a client: how they grow, and that none of them leaks. */
class Http2ClientFlowTest {

  private static final int WINDOW = 256 << 10;
  private static final int FRAME = LongPath.FRAME;
  private static final int ROUND_TRIP = 50; // In milliseconds.
  private static final byte[] OK = block(":status", "200");
  private static final int RESETS = Integer.getInteger("http2.resets", 100_000);

  private final Http2ClientFixture server = new Http2ClientFixture(false);

  @AfterEach
  void close() {
    server.close();
  }

  private static byte[] head(int stream) {
    return frame(HEADERS, END_HEADERS, stream, OK);
  }

  private static Pipe.Reader<Chunk> reader(Future<Response> response) {
    return ((Body.Streamed) response.get().body()).reader();
  }

  private static long updates(List<String> frames, int stream) {
    return frames.stream()
        .filter(line -> line.startsWith("WINDOW_UPDATE " + stream + " "))
        .mapToLong(line -> Long.parseLong(line.split(" ")[2]))
        .sum();
  }

  /**
   * A download over a path with a round trip of 50 ms.
   *
   * @param perMillisecond how many frames the path carries
   * @param reads how many milliseconds the reader takes for a piece; 0 if it keeps up
   */
  private LongPath download(int perMillisecond, int reads) {
    server.open();
    Future<Response> response = server.get();
    server.receive(head(1));
    Pipe.Reader<Chunk> reader = reader(response);
    LongPath.Receiver receiver =
        new LongPath.Receiver() {
          private long now;

          @Override
          public void passTime() {
            server.passTime(Duration.ofMillis(1));
            if (reads > 0 && now++ % reads == 0) {
              reader.read();
            }
          }

          @Override
          public void receive(byte[] frames) {
            server.receive(frames);
            while (reads == 0 && reader.read().isReady()) {} // The last one gets the next piece.
          }

          @Override
          public LongPath.Sent sent() {
            List<String> sent = server.sent();
            return new LongPath.Sent(updates(sent, 1), sent.contains(Http2ClientFixture.MEASURE));
          }
        };
    return new LongPath(receiver, WINDOW, perMillisecond, ROUND_TRIP);
  }

  @Test
  void windowOfAFastReader_fillsALongPathAfterTenRoundTrips() {
    int rate = 6; // Of frames in a millisecond: 98 MB/s.
    LongPath download = download(rate, 0);
    download.pass(10 * ROUND_TRIP);
    long arrived = download.pass(200);
    long most = 200L * rate * FRAME;
    assertTrue(arrived >= most * 8 / 10, arrived + " bytes of " + most);
  }

  @Test
  void pingsThatMeasure_areATenthOfASecondApartWhateverTheRoundTripIs() {
    LongPath download = download(2, 0);
    download.pass(1500);
    List<Long> pauses = download.pauses();
    assertTrue(pauses.get(0) >= 100 && pauses.get(0) < 100 + ROUND_TRIP, pauses::toString);
    assertTrue(pauses.stream().allMatch(pause -> pause >= 100), pauses::toString);
  }

  @Test
  void windowOfASlowReader_doesNotGrow() {
    LongPath download = download(2, 10);
    download.pass(2000);
    long received = download.pass(1000); // 1.6 MiB/s.
    assertTrue(received <= 101L * FRAME, "in the last second: " + received);
    long held = server.memory.used();
    assertTrue(held <= 2 * WINDOW, "held: " + held);
  }

  @Test
  void windowOfAReaderThatFallsBehind_shrinks() {
    download(2, 0).pass(1000);
    byte[] piece = data(1, 0, "x".repeat(FRAME));
    long sent = 0;
    long credited = 0;
    for (; server.gone == 0 && sent < (16 << 20); sent += FRAME) { // Until the window is full.
      server.receive(piece);
      List<String> frames = server.sent();
      credited += updates(frames, 1);
      if (frames.contains("RST_STREAM 1 FLOW_CONTROL_ERROR")) {
        break;
      }
    }
    assertTrue(sent > 2 * WINDOW, "it had not grown: " + sent);
    assertTrue(credited < sent, "credited without being read: " + credited);
  }

  @Test
  void responseWhoseReaderIsClosed_isGivenUpAtOnce() {
    server.open();
    Future<Response> response = server.get();
    server.receive(head(1), data(1, 0, "x"));
    assertEquals(List.of(), server.sent());
    reader(response).close();
    assertEquals(List.of("RST_STREAM 1 CANCEL"), server.sent());
    server.receive(data(1, END_STREAM, "x"));
    assertEquals(List.of(), server.sent());
    assertEquals(0, server.gone);
  }

  @Test
  void unreadResponse_holdsUpNoOther() {
    server.open();
    List<Future<Response>> unread = new ArrayList<>();
    byte[] piece = Http2Wire.ascii("x".repeat(FRAME));
    for (int stream = 1; stream < 100; stream += 2) {
      unread.add(server.get());
      server.receive(head(stream));
      for (int i = 0; i < WINDOW / FRAME; i++) {
        server.receive(frame(DATA, 0, stream, piece));
      }
    }
    Future<Response> other = server.get();
    server.receive(head(101), data(101, END_STREAM, "other"));
    assertTrue(other.isReady());
    assertEquals(0, server.gone);
  }

  @Test
  void windowOfTheConnection_isWholeAfterAnyNumberOfResetsAndErrors() {
    server.open(3, 1 << 20);
    Random random = new Random(7);
    long received = 0;
    long credited = 0;
    String text = "x".repeat(300);
    for (int i = 0; i < RESETS && server.gone == 0; i++) {
      int stream = 2 * i + 1;
      Future<Response> response =
          i % 3 == 0
              ? server.send(Request.post("/", Body.of(Chunk.utf8("abc"))))
              : server.send(Request.get("/"));
      int padding = random.nextInt(200);
      byte[] padded = frame(DATA, PADDED, stream, padded(text, padding));
      int size = padded.length - 9;
      switch (random.nextInt(7)) {
        case 0 -> server.receive(head(stream), padded, reset(stream, 8));
        case 1 -> {
          server.receive(head(stream));
          response.discard();
          server.receive(padded);
        }
        case 2 -> server.receive(padded); // Before the head.
        case 3 -> {
          server.receive(headers(stream, 0, ":status", "200", "content-length", "1"));
          server.receive(padded);
        }
        case 4 -> {
          server.receive(head(stream), padded);
          reader(response).close();
          server.receive(data(stream, END_STREAM, ""));
        }
        case 5 -> {
          server.receive(head(stream));
          server.receive(padded, windowUpdate(stream, 0));
        }
        default -> server.receive(head(stream), padded, data(stream, END_STREAM, ""));
      }
      received += size;
      if (response.isReady() && response.get().body() instanceof Body.Streamed streamed) {
        streamed.refuse();
      }
      if (i % 10 != 9) {
        continue;
      }
      server.passTime(Duration.ofMillis(100)); // Time fills what bounds resets and oddities.
      List<String> sent = server.sent();
      credited += updates(sent, 0);
      if (sent.contains(Http2ClientFixture.MEASURE)) {
        server.receive(ping(ACK, "\0\0\0\0grow"));
      }
    }
    assertEquals(0, server.gone);
    long owed = received - credited; // What was not announced yet.
    assertTrue(owed >= 0 && owed < 1 << 20, "received " + received + ", owed " + owed);
    assertEquals(0, server.memory.used());
  }

  private static byte[] padded(String text, int padding) {
    byte[] payload = new byte[1 + text.length() + padding];
    payload[0] = (byte) padding;
    System.arraycopy(Http2Wire.ascii(text), 0, payload, 1, text.length());
    return payload;
  }
}

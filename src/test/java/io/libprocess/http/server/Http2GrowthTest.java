package io.libprocess.http.server;

import static io.libprocess.http.server.Http2Wire.ACK;
import static io.libprocess.http.server.Http2Wire.data;
import static io.libprocess.http.server.Http2Wire.ping;
import static io.libprocess.http.server.Http2Wire.post;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.http.Body;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.Pipe;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The windows of what a client sends: how they grow on a long path. */
class Http2GrowthTest {

  private static final int INITIAL = 65_535;
  private static final int ROUND_TRIP = 50;
  private static final String LARGE = "x".repeat(LongPath.FRAME);

  private final Http2Fixture client = new Http2Fixture(false);

  @AfterEach
  void close() {
    client.close();
  }

  private static long updates(List<String> frames) {
    return frames.stream()
        .filter(line -> line.startsWith("WINDOW_UPDATE 1 "))
        .mapToLong(line -> Long.parseLong(line.split(" ")[2]))
        .sum();
  }

  private Pipe.Reader<Chunk> reader() {
    return ((Body.Streamed) client.server.call(0).request().body()).reader();
  }

  /** An upload to a reader that keeps up. */
  private LongPath upload(int framesPerMillisecond, int roundTrip) {
    client.open();
    client.receive(post(1, "/"));
    Pipe.Reader<Chunk> reader = reader();
    LongPath.Receiver receiver =
        new LongPath.Receiver() {
          @Override
          public void passTime() {
            client.server.clock.advance(Duration.ofMillis(1));
            client.server.clock.settle();
          }

          @Override
          public void receive(byte[] frames) {
            client.receive(frames);
            while (reader.read().isReady()) {} // The last one stays, and gets the next piece.
          }

          @Override
          public LongPath.Sent sent() {
            int before = client.measures;
            long credited = updates(client.sent());
            return new LongPath.Sent(credited, client.measures > before);
          }
        };
    return new LongPath(receiver, INITIAL, framesPerMillisecond, roundTrip);
  }

  @Test
  void windowOfAFastReader_fillsALongPathAfterTenRoundTrips() {
    int rate = 3; // Of frames in a millisecond: 49 MB/s.
    LongPath upload = upload(rate, ROUND_TRIP);
    upload.pass(10 * ROUND_TRIP);
    long arrived = upload.pass(300);
    long most = 300L * rate * LongPath.FRAME;
    assertTrue(arrived >= most * 8 / 10, arrived + " bytes of " + most);
  }

  @Test
  void windowThatIsLarge_isAnnouncedInTimeForAPeerThatIsFarAway() {
    LongPath upload = upload(3, ROUND_TRIP); // 2.5 MB are on their way, and half of 4 MiB is 2.1.
    upload.pass(1000);
    assertEquals(300L * 3 * LongPath.FRAME, upload.pass(300));
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 100, 150})
  void windowOfAFastReader_growsUntilAPathIsFull(int roundTrip) {
    LongPath upload = upload(1, roundTrip); // Of 16 MB/s, so 2.5 MB on their way at the most.
    upload.pass(14 * roundTrip + 300);
    long arrived = upload.pass(300);
    long most = 300L * LongPath.FRAME;
    assertTrue(arrived >= most * 8 / 10, arrived + " bytes of " + most);
  }

  @Test
  void pingsThatMeasure_areATenthOfASecondApartWhateverTheRoundTripIs() {
    LongPath upload = upload(3, ROUND_TRIP);
    upload.pass(1500);
    List<Long> pauses = upload.pauses();
    assertTrue(pauses.get(0) >= 100 && pauses.get(0) < 100 + ROUND_TRIP, pauses::toString);
    assertTrue(pauses.stream().allMatch(pause -> pause >= 100), pauses::toString);
  }

  @Test
  void windowOfASlowReader_doesNotGrow() {
    client.open();
    client.receive(post(1, "/"));
    Pipe.Reader<Chunk> reader = reader();
    for (int i = 0; i < 3; i++) {
      client.receive(data(1, 0, LARGE));
    }
    client.server.clock.advance(Duration.ofMillis(150));
    client.receive(ping(ACK, "\0\0\0\0grow"));
    reader.read();

    assertEquals(0, updates(client.sent()));
  }
}

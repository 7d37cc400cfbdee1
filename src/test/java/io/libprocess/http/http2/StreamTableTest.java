package io.libprocess.http.http2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.http.http2.frame.PeerSettings;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StreamTableTest {

  private long time = -5000;
  private final StreamTable<Stream> table = new StreamTable<>(() -> time);

  private static final class Stream extends OpenStream {
    Stream(int id) {
      super(id, PeerSettings.INITIAL_WINDOW, PeerSettings.INITIAL_WINDOW);
    }

    @Override
    public void ask() {}
  }

  private Stream open(int id) {
    assertTrue(table.use(id));
    Stream stream = new Stream(id);
    table.add(stream);
    return stream;
  }

  @Test
  void states() {
    Stream one = open(1);
    assertEquals(StreamState.OPEN, table.state(1));
    assertEquals(StreamState.IDLE, table.state(3));
    assertEquals(StreamState.IDLE, table.state(2));
    one.endOfInput();
    assertEquals(StreamState.HALF_CLOSED_REMOTE, table.state(1));
    table.close(one, StreamState.ENDED);
    assertEquals(StreamState.ENDED, table.state(1));

    assertTrue(one.isClosed());
    assertNull(table.get(1));
  }

  @Test
  void idsThatWerePassedOver_areNotUsedLater() {
    open(1);
    open(7);

    assertTrue(table.isSkipped(3));
    assertTrue(table.isSkipped(5));
    assertFalse(table.isSkipped(1));
    assertFalse(table.isSkipped(7));
    assertFalse(table.use(5));
    assertFalse(table.use(8));
  }

  @Test
  void streamsThatWereClosedLongAgo_countAsReset() {
    for (int id = 1; id < 1000; id += 2) {
      table.close(open(id), StreamState.ENDED);
    }

    assertEquals(StreamState.RESET_HERE, table.state(1));
    assertEquals(StreamState.ENDED, table.state(999 - 2 * 127));
    assertEquals(StreamState.RESET_HERE, table.state(999 - 2 * 128));
  }

  @Test
  void streamsThatWereClosedSomeSecondsAgo_countAsReset() {
    table.close(open(1), StreamState.ENDED);
    time += 5000;
    table.close(open(3), StreamState.RESET_BY_PEER);
    time += 5000;
    assertEquals(StreamState.ENDED, table.state(1));
    time++;
    assertEquals(StreamState.RESET_HERE, table.state(1));
    assertEquals(StreamState.RESET_BY_PEER, table.state(3));

    table.resetAgain(3);
    assertEquals(StreamState.RESET_HERE, table.state(3));
  }

  @Test
  void anyOrderOfOpeningAndClosing_keepsTheOthers() {
    Random random = new Random(7);
    Map<Integer, Stream> open = new HashMap<>();
    int next = 1;
    for (int i = 0; i < 100_000; i++) {
      if (open.isEmpty() || open.size() < 200 && random.nextBoolean()) {
        next += 2 * random.nextInt(1, 40);
        open.put(next, open(next));
      } else {
        Integer any = open.keySet().stream().skip(random.nextInt(open.size())).findFirst().get();
        table.close(open.remove(any), StreamState.ENDED);
      }
      assertEquals(open.size(), table.size());
      if (i % 100 == 0) {
        open.forEach((id, stream) -> assertSame(stream, table.get(id)));
        assertEquals(open.size(), table.all().size());
      }
    }
  }
}

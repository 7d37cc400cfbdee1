package io.libprocess.http.http2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.http.Headers;
import io.libprocess.stream.Chunk;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The pieces of a body between the connection and its reader. */
class StreamBodyTest {

  private static final int WINDOW = 1000;
  private static final Headers TRAILERS = Headers.of("a", "b");

  private final ReceiveWindow window = new ReceiveWindow(WINDOW);
  private final StreamBody body = new StreamBody(() -> {}, window);

  private static Chunk piece(int size) {
    return Chunk.of(new byte[size]);
  }

  private void add(int size) {
    assertTrue(window.receive(size));
    body.add(piece(size));
  }

  /** Reads a piece that has come, and lets the connection go on. */
  private int read() {
    Future<Optional<Chunk>> read = body.reader().read();
    assertTrue(read.isReady(), read::toString);
    body.advance();
    return read.get().map(Chunk::size).orElse(-1);
  }

  @Test
  void pieces_arriveInOrderAndThenTheTrailers() {
    for (int size = 1; size <= 5; size++) {
      add(size);
    }
    body.add(Chunk.empty());
    assertFalse(body.hasArrived());
    body.end(TRAILERS);
    assertTrue(body.hasArrived());
    body.add(piece(7)); // Too late.
    for (int left = 1 + 2 + 3 + 4 + 5; left > 0; ) { // Small pieces may be joined.
      int size = read();
      assertTrue(size > 0 && size <= left, () -> "a piece of " + size);
      left -= size;
    }
    assertTrue(body.trailers().isReady());
    assertEquals(TRAILERS, body.trailers().get());
    assertEquals(-1, read());
    assertEquals(0, body.held());
  }

  @Test
  void trailers_comeAfterTheLastPiece() {
    add(1);
    add(2);
    add(3);
    body.end(TRAILERS);
    assertTrue(body.trailers().isPending());
    assertEquals(1, read());
    assertTrue(body.trailers().isPending());
    assertEquals(2, read());
    assertEquals(3, read());
    assertTrue(body.trailers().isReady());
  }

  @Test
  void window_growsByWhatTheReaderHasTaken() {
    add(400);
    add(100);
    add(300);
    assertEquals(200, window.open());
    assertTrue(body.held() >= 800, () -> "" + body.held());
    assertEquals(0, window.update()); // Nothing is read.
    assertEquals(400, read());
    assertEquals(100, read());
    assertEquals(500, window.update()); // Half of the window.
    assertEquals(300, read());
    assertEquals(0, window.update());
  }

  @Test
  void failure_dropsWhatWaitsAndReachesTheReader() {
    add(1);
    add(2);
    add(3);
    IOException why = new IOException("reset");
    body.fail(why);
    assertTrue(body.hasArrived());
    add(4);
    body.end(TRAILERS);
    body.fail(new IOException("again"));
    Future<Optional<Chunk>> read = body.reader().read();
    for (int i = 0; i < 3 && read.isReady(); i++) {
      read = body.reader().read();
    }
    assertSame(why, read.failure());
    assertSame(why, body.trailers().failure());
  }

  @Test
  void failure_afterTheEndIsNone() {
    add(1);
    body.end(TRAILERS);
    body.fail(new IOException("late"));
    assertEquals(1, read());
    assertEquals(-1, read());
    assertEquals(TRAILERS, body.trailers().get());
  }

  @Test
  void readerThatWaits_getsAPieceAtOnce() {
    Future<Optional<Chunk>> read = body.reader().read();
    assertTrue(read.isPending());
    add(9);
    assertEquals(9, read.get().orElseThrow().size());
    Future<Optional<Chunk>> end = body.reader().read();
    body.end(Headers.empty());
    assertTrue(end.get().isEmpty());
  }
}

package io.libprocess.http.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.http.Headers;
import io.libprocess.internal.MemoryBudget;
import io.libprocess.stream.Chunk;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class IncomingBodyTest {

  private static final int CAPACITY = 1000;
  private static final Failure GONE = new Failure();

  private static final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private final AtomicInteger asked = new AtomicInteger();
  private final IncomingBody body = new IncomingBody(asked::incrementAndGet, CAPACITY);

  private static Chunk piece(int size) {
    return Chunk.of(new byte[size]);
  }

  private Optional<Chunk> read() {
    return body.reader().read().get();
  }

  @Test
  void want_asksTheConnectionOnce() {
    assertFalse(body.isWanted());
    body.want();
    body.want();
    assertTrue(body.isWanted());
    assertEquals(1, asked.get());
  }

  @Test
  void held_isWhatHasNotBeenReadWithTheCostOfItsPieces() {
    assertEquals(0, body.held());
    body.add(piece(CAPACITY - MemoryBudget.OBJECT));
    assertFalse(body.isFull());
    assertEquals(CAPACITY, body.held());
    body.add(piece(10));
    assertTrue(body.isFull());
    assertEquals(CAPACITY + 10 + MemoryBudget.OBJECT, body.held());
    assertEquals(0, asked.get());

    assertEquals(CAPACITY - MemoryBudget.OBJECT, read().orElseThrow().size());

    assertEquals(1, asked.get());
    assertFalse(body.isFull());
    assertEquals(10 + MemoryBudget.OBJECT, body.held());
    body.add(piece(20));
    assertFalse(body.isFull());
    assertEquals(10, read().orElseThrow().size());
    assertEquals(20, read().orElseThrow().size());
    assertEquals(0, body.held());
  }

  @Test
  void end_isToldOnceWithTheTrailers() {
    assertFalse(body.isEnded());
    Headers fields = Headers.of("A", "b");
    body.end(fields);
    assertTrue(body.isEnded());
    body.fail(GONE);
    assertSame(fields, body.trailers().get());
    assertEquals(Optional.empty(), read());
  }

  @Test
  void failure_isToldOnce() {
    body.fail(GONE);
    body.fail(new IllegalStateException("again"));
    assertTrue(body.isEnded());
    assertSame(GONE, body.trailers().failure());
    assertSame(GONE, body.reader().read().failure());
  }

  @Test
  void readerThatCloses_isNoticedAndTheRestIsCounted() {
    AtomicInteger told = new AtomicInteger();
    body.onReaderClosed(told::incrementAndGet);
    body.add(piece(5));
    assertFalse(body.hasDropped());
    assertEquals(0, told.get());

    body.dismiss();

    assertEquals(1, told.get());
    assertEquals(0, body.held());
    assertFalse(body.hasDropped());
    body.add(piece(1));
    assertTrue(body.hasDropped());
    body.add(piece((int) IncomingBody.MOST_DROPPED - 1));
    assertFalse(body.isUnwanted());
    body.add(piece(1));
    assertTrue(body.isUnwanted());
    assertFalse(body.isFull());
  }

  @Test
  void body_mayHave64KibibytesUnread() {
    IncomingBody usual = new IncomingBody(asked::incrementAndGet);
    usual.add(piece((64 << 10) - MemoryBudget.OBJECT));
    assertFalse(usual.isFull());
    usual.add(piece(1));
    assertTrue(usual.isFull());
  }
}

package io.libprocess.http.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.http.Body;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.Pipe;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class OutgoingBodyTest {

  private final AtomicInteger asked = new AtomicInteger();
  private final Pipe<Chunk> pipe = Pipe.bytes();
  private final OutgoingBody body = outgoing(pipe);

  private OutgoingBody outgoing(Pipe<Chunk> from) {
    Body.Streamed streamed = (Body.Streamed) Body.of(from.reader());
    return new OutgoingBody(streamed, asked::incrementAndGet, false);
  }

  private void write(String text) {
    pipe.writer().write(Chunk.utf8(text));
  }

  @Test
  void piece_isAwaitedUntilItComes() {
    body.start();
    assertFalse(body.isAwaited());
    assertNull(body.poll());
    assertTrue(body.isAwaited());
    assertNull(body.poll());
    assertEquals(0, asked.get());

    write("a");

    assertEquals(1, asked.get());
    assertTrue(body.isAwaited());
    assertEquals("a", body.poll().utf8());
    assertFalse(body.isAwaited());
    assertFalse(body.isEnded());
  }

  @Test
  void piecesThatAreThere_areTakenAtOnce() {
    write("a");
    write("b");
    body.start();
    assertEquals("a", body.poll().utf8());
    assertEquals("b", body.poll().utf8());
    assertNull(body.poll());
  }

  @Test
  void end_isToldAndHasNoFailure() {
    body.start();
    assertNull(body.poll());
    pipe.writer().close();
    assertTrue(body.isEnded());
    assertEquals(1, asked.get());
    assertNull(body.failure());
    assertNull(body.poll());
    body.close(new IllegalStateException("late"));
  }

  @Test
  void failure_isAnEnd() {
    IllegalStateException why = new IllegalStateException("a test");
    body.start();
    assertNull(body.poll());
    pipe.writer().fail(why);
    assertTrue(body.isEnded());
    assertSame(why, body.failure());
  }

  @Test
  void close_closesTheSourceAndDropsWhatHasCome() {
    body.start();
    assertNull(body.poll());
    write("a");
    body.close(new IllegalStateException("a test"));
    assertTrue(pipe.writer().readerClosed().isReady());
    assertNull(body.poll());
    body.close(new IllegalStateException("again"));
  }

  @Test
  void pieceThatIsThere_comesBeforeTheEnd() {
    body.start();
    assertNull(body.poll());
    write("a");
    pipe.writer().close();
    assertFalse(body.isEnded());
    assertEquals("a", body.poll().utf8());
    assertNull(body.poll());
    assertTrue(body.isEnded());
  }

  @Test
  void close_givesBackWhatHasCome() {
    AtomicInteger back = new AtomicInteger();
    body.start();
    assertNull(body.poll());
    pipe.writer().write(Chunk.lent(new byte[9], 0, 9, back::incrementAndGet));
    assertEquals(0, back.get());
    body.close(new IllegalStateException("a test"));
    assertEquals(1, back.get());
  }

  @Test
  void files_areTakenIfTheSenderSaysSo() {
    Body.Streamed streamed = (Body.Streamed) Body.of(Pipe.bytes().reader());
    assertTrue(new OutgoingBody(streamed, asked::incrementAndGet, true).takesFileRegions());
    assertFalse(body.takesFileRegions());
  }

  @Test
  void close_beforeTheBeginningDoesNothing() {
    body.close(new IllegalStateException("a test"));
    body.start();
    write("a");
    assertEquals("a", body.poll().utf8());
  }
}

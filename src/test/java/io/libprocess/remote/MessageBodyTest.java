package io.libprocess.remote;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.http.Body;
import io.libprocess.http.Status;
import io.libprocess.http.StatusException;
import io.libprocess.internal.MemoryBudget;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.Pipe;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Bodies of messages that arrive in pieces. */
class MessageBodyTest {

  private static final int LIMIT = 100_000;
  private static final int PIECE = 20_000;

  private final MemoryBudget memory = new MemoryBudget(1 << 20);
  private final Pipe<Chunk> pipe = Pipe.unbounded();
  private final Future<Chunk> whole =
      MessageBody.read((Body.Streamed) Body.of(pipe.reader()), LIMIT, memory);

  @AfterEach
  void nothingIsHeldInTheEnd() {
    pipe.writer().close();
    assertEquals(0, memory.used());
  }

  private void write(int... sizes) {
    for (int size : sizes) {
      byte[] piece = new byte[size];
      Arrays.fill(piece, (byte) size);
      pipe.writer().write(Chunk.of(piece));
    }
  }

  private void assertRefused(Status status) {
    assertTrue(whole.isPending());
    pipe.writer().close();
    assertEquals(status, ((StatusException) whole.failure()).status());
  }

  @Test
  void pieces_becomeOneBodyOfAtMostTheLimit() {
    write(1, 2, LIMIT - 3);
    assertTrue(whole.isPending());
    assertTrue(memory.used() >= 2 * LIMIT, () -> memory.used() + " bytes are counted");
    pipe.writer().close();
    byte[] expected = new byte[LIMIT];
    Arrays.fill(expected, (byte) (LIMIT - 3));
    expected[0] = 1;
    expected[1] = 2;
    expected[2] = 2;
    assertArrayEquals(expected, whole.get().toArray());
  }

  @Test
  void body_mayBeEmpty() {
    pipe.writer().close();
    assertEquals(0, whole.get().size());
  }

  @Test
  void bodyThatIsTooLarge_isReadButNotKept() {
    write(LIMIT);
    assertTrue(memory.used() > LIMIT);
    write(1);
    assertEquals(0, memory.used());
    write(LIMIT, LIMIT);
    assertEquals(0, memory.used());
    assertRefused(Status.CONTENT_TOO_LARGE);
    assertEquals(
        "The body has more than " + LIMIT + " bytes.",
        ((StatusException) whole.failure()).getMessage());
  }

  @Test
  void bodyForWhichThereIsNoMemory_isReadButNotKept() {
    write(PIECE);
    long most = memory.limit() - memory.used();
    memory.take(most);
    write(PIECE);
    assertEquals(most, memory.used());
    memory.give(most);
    write(PIECE);
    assertEquals(0, memory.used());
    assertRefused(Status.SERVICE_UNAVAILABLE);
  }

  @Test
  void bodyThatBreaksOff_fails() {
    IOException reset = new IOException("reset");
    write(PIECE);
    pipe.writer().fail(reset);
    assertSame(reset, whole.failure());
  }
}

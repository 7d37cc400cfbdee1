package io.libprocess.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Failure;
import io.libprocess.future.Future;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The behaviour that the original's own tests pin, and the ends of a pipe. */
class PipeTest {

  private final Pipe<String> pipe = new Pipe<>(Long.MAX_VALUE, String::length);
  private final Pipe.Writer<String> writer = pipe.writer();
  private final Pipe.Reader<String> reader = pipe.reader();

  private void assertRead(String expected) {
    assertEquals(Optional.of(expected), reader.read().get());
  }

  private void assertEnd() {
    assertEquals(Optional.empty(), reader.read().get());
  }

  private static void assertFailed(String message, Future<?> future) {
    assertTrue(future.isFailed(), future.toString());
    assertEquals(message, future.failure().getMessage());
  }

  @Test
  void pipeEOF() {
    Future<Optional<String>> read = reader.read();
    assertTrue(read.isPending());
    assertTrue(writer.write("").get());
    assertTrue(read.isPending());

    assertTrue(writer.write("hello").get());
    assertEquals(Optional.of("hello"), read.get());

    writer.write("world");
    assertTrue(writer.close());
    assertRead("world");
    assertEnd();
    assertEnd();

    assertFalse(writer.write("!").get());
    assertFalse(writer.close());

    assertTrue(writer.readerClosed().isPending());
    assertTrue(reader.close());
    assertTrue(writer.readerClosed().isDiscarded());
  }

  @Test
  void pipeFailure() {
    writer.write("hello");
    writer.write("world");
    assertTrue(writer.fail(new Failure("disconnected!")));

    assertRead("hello");
    assertRead("world");
    assertFailed("disconnected!", reader.read());
    assertFailed("disconnected!", reader.read());

    assertFalse(writer.fail(new Failure("again")));
    assertFalse(writer.close());
    reader.close();
    assertTrue(writer.readerClosed().isDiscarded());
  }

  @Test
  void pipeReadAll() {
    Future<List<String>> all = reader.toList();
    writer.write("hello");
    writer.write("world");
    assertTrue(all.isPending());
    writer.close();
    assertEquals(List.of("hello", "world"), all.get());
  }

  @Test
  void pipeReadAll_failsIfTheWriterDoes() {
    Future<List<String>> all = reader.toList();
    writer.write("hello");
    writer.fail(new Failure("disconnected!"));
    assertFailed("disconnected!", all);
  }

  @Test
  void pipeReaderCloses() {
    writer.write("hello");
    assertTrue(reader.close());

    assertEquals(Optional.empty(), writer.readerClosed().get());
    assertFailed("closed", reader.read());
    assertFalse(writer.write("world").get());
    assertFalse(writer.offer("world"));
    assertEquals(0, pipe.weight());
    assertFalse(reader.close());
    assertFalse(reader.close(new Failure("late")));
    assertTrue(writer.close());
  }

  @Test
  void pipeEquality() {
    Pipe<String> other = new Pipe<>(Long.MAX_VALUE, String::length);

    assertEquals(pipe.reader(), pipe.reader());
    assertEquals(pipe.writer(), pipe.writer());
    assertNotEquals(pipe, other);
    assertNotEquals(pipe.reader(), other.reader());
    assertNotEquals(pipe.writer(), other.writer());
  }

  @Test
  void close_endsTheReadsThatWait() {
    Future<Optional<String>> first = reader.read();
    Future<Optional<String>> second = reader.read();
    writer.close();

    assertEquals(Optional.empty(), first.get());
    assertEquals(Optional.empty(), second.get());
  }

  @Test
  void fail_failsTheReadsThatWaitWithTheSameFailure() {
    Future<Optional<String>> read = reader.read();
    Failure failure = new Failure("reset");
    writer.fail(failure);

    assertSame(failure, read.failure());
  }

  @Test
  void readerClose_failsTheReadsThatWait() {
    Future<Optional<String>> read = reader.read();
    reader.close();

    assertFailed("closed", read);
  }

  @Test
  void readerClose_tellsTheWriterTheCause() {
    Failure full = new Failure("disk full");
    reader.close(full);

    assertSame(full, writer.readerClosed().get().orElseThrow());
    assertSame(full, reader.read().failure().getCause());
  }

  @Test
  void readerClosed_keepsNothingOfThoseWhoAsk() {
    Future<Optional<Throwable>> closed = writer.readerClosed();
    closed.discard();

    assertSame(closed, writer.readerClosed());
    assertFalse(closed.hasDiscard());
    reader.close();
    assertEquals("ready", closed.map(cause -> "ready").get());
  }

  @Test
  void readerClosed_isPendingAfterTheWriterClosed() {
    writer.close();
    assertTrue(writer.readerClosed().isPending());
  }

  @Test
  void readerClosed_discardedByOneIsStillSeenByAnother() {
    Future<String> first = writer.readerClosed().map(cause -> "first");
    Future<String> second = writer.readerClosed().map(cause -> "second");
    first.discard();
    reader.close();

    assertEquals("second", second.get());
  }

  @Test
  void reads_areServedInOrder() {
    Future<Optional<String>> first = reader.read();
    Future<Optional<String>> second = reader.read();
    writer.write("a");
    assertTrue(second.isPending());
    writer.write("b");

    assertEquals(Optional.of("a"), first.get());
    assertEquals(Optional.of("b"), second.get());
  }

  @Test
  void read_discardedConsumesNothing() {
    Future<Optional<String>> first = reader.read();
    Future<Optional<String>> second = reader.read();
    first.discard();
    assertTrue(first.isDiscarded());
    writer.write("a");

    assertEquals(Optional.of("a"), second.get());
  }

  @Test
  void read_discardedThroughAChainConsumesNothing() {
    Future<Integer> length = reader.read().map(next -> next.orElseThrow().length());
    length.discard();
    writer.write("a");

    assertTrue(length.isDiscarded());
    assertRead("a");
  }

  @Test
  void read_discardedInsideTheDeliveryOfTheElementBeforeConsumesNothing() {
    Future<Optional<String>> first = reader.read();
    Future<Optional<String>> second = reader.read();
    first.onReady(next -> second.discard());
    writer.write("a");
    writer.write("b");

    assertTrue(second.isDiscarded());
    assertRead("b");
  }

  @Test
  void callbacks_mayUseThePipe() {
    Future<Optional<String>> first = reader.read();
    Future<Optional<String>> third = first.then(a -> reader.read()).then(b -> reader.read());
    first.onReady(a -> writer.write("b"));
    writer.write("a");
    third.discard();
    third.onDiscarded(() -> writer.write("c"));

    assertTrue(third.isDiscarded());
    assertRead("c");
  }

  @Test
  void toList_discardWithdrawsTheRead() {
    Future<List<String>> all = reader.toList();
    writer.write("a");
    all.discard();
    writer.write("b");

    assertTrue(all.isDiscarded());
    assertRead("b");
  }

  @Test
  void misuse_isNamed() {
    assertEquals(
        "capacity < 0: -1",
        assertThrows(IllegalArgumentException.class, () -> new Pipe<String>(-1)).getMessage());
    Pipe<String> negative = new Pipe<>(1, element -> -2);
    assertEquals(
        "weight < 0: -2",
        assertThrows(IllegalArgumentException.class, () -> negative.writer().write("a"))
            .getMessage());
    assertThrows(NullPointerException.class, () -> writer.write(null));
    assertThrows(NullPointerException.class, () -> writer.fail(null));
    assertThrows(NullPointerException.class, () -> reader.close(null));
    assertThrows(NullPointerException.class, () -> new Pipe<String>(1, null));
  }
}

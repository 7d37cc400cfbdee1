package io.libprocess.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Failure;
import io.libprocess.future.Future;
import io.libprocess.support.SmallStack;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The way a pipe holds back its writer. */
class PipeBoundsTest {

  private final Pipe<String> pipe = new Pipe<>(4, String::length);
  private final Pipe.Writer<String> writer = pipe.writer();
  private final Pipe.Reader<String> reader = pipe.reader();

  private static void assertRead(String expected, Pipe.Reader<String> reader) {
    assertEquals(Optional.of(expected), reader.read().get());
  }

  @Test
  void write_waitsWhileThereIsNoRoom() {
    assertTrue(writer.write("abc").get());
    Future<Boolean> waiting = writer.write("de");
    assertTrue(waiting.isPending());

    assertRead("abc", reader);
    assertTrue(waiting.get());
    assertEquals(2, pipe.weight());
    assertRead("de", reader);
  }

  @Test
  void write_doesNotOvertakeOneThatWaits() {
    writer.write("abc");
    Future<Boolean> large = writer.write("def");
    Future<Boolean> small = writer.write("g");

    assertTrue(small.isPending());
    assertFalse(writer.offer("h"));
    assertRead("abc", reader);
    assertTrue(large.get());
    assertTrue(small.get());
    assertRead("def", reader);
    assertRead("g", reader);
  }

  @Test
  void write_seventeenthThatWaitsFails() {
    writer.write("full");
    List<Future<Boolean>> waiting = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      waiting.add(writer.write("a" + i));
    }
    Future<Boolean> rejected = writer.write("lost");

    assertTrue(waiting.stream().allMatch(Future::isPending));
    assertEquals(
        "16 writes already wait for room; wait for one before the next",
        rejected.failure().getMessage());
    Future<List<String>> all = reader.toList();
    writer.close();
    assertEquals(17, all.get().size());
    assertFalse(all.get().contains("lost"));
  }

  @Test
  void write_heavierThanTheCapacityIsStoredAlone() {
    assertTrue(writer.write("heavyweight").get());
    Future<Boolean> next = writer.write("a");
    assertTrue(next.isPending());

    assertRead("heavyweight", reader);
    assertTrue(next.get());
    assertTrue(writer.write("heavyweight").isPending());
  }

  @Test
  void write_withCapacityZeroMeetsARead() {
    Pipe<String> rendezvous = new Pipe<>(0);
    Future<Boolean> write = rendezvous.writer().write("a");
    assertTrue(write.isPending());
    assertFalse(rendezvous.writer().offer("b"));
    assertRead("a", rendezvous.reader());
    assertTrue(write.get());

    Future<Optional<String>> read = rendezvous.reader().read();
    assertTrue(rendezvous.writer().offer("b"));
    assertEquals(Optional.of("b"), read.get());
    assertEquals(0, rendezvous.weight());
  }

  @Test
  void write_toAWaitingReadPassesByTheStore() {
    Future<Optional<String>> read = reader.read();
    assertTrue(writer.write("heavyweight").get());

    assertEquals(0, pipe.weight());
    assertEquals(Optional.of("heavyweight"), read.get());
  }

  @Test
  void write_discardedWhileItWaitsIsWithdrawn() {
    writer.write("full");
    Future<Boolean> second = writer.write("b");
    Future<Boolean> third = writer.write("c");
    second.discard();

    assertTrue(second.isDiscarded());
    assertRead("full", reader);
    assertTrue(third.get());
    assertRead("c", reader);
  }

  @Test
  void write_withdrawnMakesRoomForThoseBehindIt() {
    writer.write("abc");
    Future<Boolean> large = writer.write("de");
    Future<Boolean> small = writer.write("f");
    large.discard();

    assertTrue(small.get());
  }

  @Test
  void write_discardedAfterItWasAcceptedStays() {
    Future<Boolean> accepted = writer.write("abc");
    accepted.discard();

    assertTrue(accepted.get());
    assertRead("abc", reader);
  }

  @Test
  void write_ofNothingIsAcceptedThoughThereIsNoRoom() {
    writer.write("full");
    assertTrue(writer.write("").get());
    assertTrue(writer.offer(""));
    writer.close();
    assertFalse(writer.write("").get());
  }

  @Test
  void offer_neverWaits() {
    assertTrue(writer.offer("abc"));
    assertFalse(writer.offer("de"));
    assertTrue(writer.offer("d"));
    assertFalse(writer.offer("e"));
    writer.close();
    assertFalse(writer.offer("f"));
    assertEquals(List.of("abc", "d"), reader.toList().get());
  }

  @Test
  void close_comesAfterTheWritesThatWait() {
    writer.write("full");
    Future<Boolean> waiting = writer.write("more");
    assertTrue(writer.close());
    assertTrue(waiting.isPending());

    assertEquals(List.of("full", "more"), reader.toList().get());
    assertTrue(waiting.get());
  }

  @Test
  void fail_comesAfterTheWritesThatWait() {
    writer.write("full");
    Future<Boolean> waiting = writer.write("more");
    writer.fail(new Failure("reset"));

    assertRead("full", reader);
    assertRead("more", reader);
    assertTrue(waiting.get());
    assertEquals("reset", reader.read().failure().getMessage());
  }

  @Test
  void close_comesAfterTheWritesThatWaitWithCapacityZero() {
    Pipe<String> rendezvous = new Pipe<>(0);
    rendezvous.writer().write("a");
    Future<Boolean> withdrawn = rendezvous.writer().write("b");
    rendezvous.writer().close();
    withdrawn.discard();

    assertEquals(List.of("a"), rendezvous.reader().toList().get());
  }

  @Test
  void readerClose_refusesTheWritesThatWait() {
    writer.write("full");
    Future<Boolean> waiting = writer.write("more");
    reader.close();

    assertFalse(waiting.get());
  }

  @Test
  void readerClose_refusesTheWritesThatWaitAlsoAfterTheWriterClosed() {
    writer.write("full");
    Future<Boolean> waiting = writer.write("more");
    writer.close();
    reader.close();

    assertFalse(waiting.get());
    assertTrue(writer.readerClosed().isDiscarded());
  }

  @Test
  void bytes_areBoundedByTheirNumber() {
    Pipe<Chunk> bytes = Pipe.bytes();
    assertTrue(bytes.writer().offer(Chunk.of(new byte[64 * 1024 - 1])));
    assertTrue(bytes.writer().offer(Chunk.empty()));
    assertFalse(bytes.writer().offer(Chunk.utf8("ab")));
    assertTrue(bytes.writer().offer(Chunk.utf8("a")));
    assertFalse(bytes.writer().offer(Chunk.utf8("b")));
    assertEquals(64 * 1024, bytes.weight());
  }

  @Test
  void bytes_areJoinedFromTheList() {
    Pipe<Chunk> bytes = Pipe.bytes();
    Future<String> text = bytes.reader().toList().map(Chunk::join).map(Chunk::utf8);
    bytes.writer().write(Chunk.utf8("hello"));
    bytes.writer().write(Chunk.empty());
    bytes.writer().write(Chunk.utf8("world"));
    bytes.writer().close();
    assertEquals("helloworld", text.get());
  }

  @Test
  void unbounded_alwaysHasRoom() {
    Pipe<Integer> unbounded = Pipe.unbounded();
    for (int i = 0; i < 100_000; i++) {
      assertTrue(unbounded.writer().offer(i));
    }
    assertEquals(100_000, unbounded.weight());
  }

  /* ------ Long chains ------ */

  private static final int MILLION = 1_000_000;

  private static void writeOn(Pipe.Writer<Integer> writer, int next) {
    if (next == MILLION) {
      writer.close();
    } else {
      writer.write(next).onReady(accepted -> writeOn(writer, next + 1));
    }
  }

  private static void readOn(Pipe.Reader<Integer> reader, AtomicInteger expected) {
    reader
        .read()
        .onReady(
            next -> {
              if (next.isPresent() && next.get() == expected.get()) {
                expected.incrementAndGet();
                readOn(reader, expected);
              }
            });
  }

  @Test
  void read_insideItsCallbackAMillionTimesAgainstAFullWriterKeepsTheStack()
      throws InterruptedException {
    for (long capacity : new long[] {0, 1, 16, Long.MAX_VALUE}) {
      Pipe<Integer> numbers = new Pipe<>(capacity);
      AtomicInteger expected = new AtomicInteger();
      SmallStack.run(
          () -> {
            writeOn(numbers.writer(), 0);
            readOn(numbers.reader(), expected);
          });
      assertEquals(MILLION, expected.get(), "capacity " + capacity);
    }
  }

  @Test
  void write_insideItsCallbackAMillionTimesAgainstAWaitingReaderKeepsTheStack()
      throws InterruptedException {
    Pipe<Integer> numbers = new Pipe<>(1);
    AtomicInteger expected = new AtomicInteger();
    SmallStack.run(
        () -> {
          readOn(numbers.reader(), expected);
          writeOn(numbers.writer(), 0);
        });
    assertEquals(MILLION, expected.get());
  }
}

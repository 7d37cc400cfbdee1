package io.libprocess.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.future.Futures;
import io.libprocess.support.Expect;
import io.libprocess.sync.Stress;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Many threads at one pipe: nothing is lost or doubled, each writer's order is kept, and the bound
 * holds at any moment. Some of the reads and writes that wait are discarded and done again.
 */
class PipeStressTest {

  private record Item(int writer, int number, long weight) {}

  private static final int WRITERS = 4;

  private final int each = Stress.times(20_000);
  private final AtomicLong heaviest = new AtomicLong();
  private final AtomicIntegerArray seen = new AtomicIntegerArray(WRITERS * each);

  private void write(Pipe<Item> pipe, int writer) {
    Random random = new Random(writer);
    for (int i = 0; i < each; i++) {
      Item item = new Item(writer, i, 1 + random.nextInt(4));
      boolean written = false;
      while (!written) {
        Future<Boolean> write = pipe.writer().write(item);
        heaviest.accumulateAndGet(pipe.weight(), Math::max);
        if (random.nextInt(8) == 0) {
          write.discard();
        }
        write.await();
        written = !write.isDiscarded();
        assertFalse(written && !write.get(), "refused");
      }
    }
  }

  private void read(Pipe<Item> pipe, int reader) {
    Random random = new Random(100 + reader);
    int[] last = new int[WRITERS];
    Arrays.fill(last, -1);
    for (; ; ) {
      Future<Optional<Item>> read = pipe.reader().read().then(Future::of);
      if (random.nextInt(8) == 0) {
        read.discard();
      }
      read.await();
      if (read.isDiscarded()) {
        continue;
      }
      if (read.get().isEmpty()) {
        return;
      }
      Item item = read.get().get();
      assertTrue(item.number > last[item.writer], item + " after " + last[item.writer]);
      last[item.writer] = item.number;
      seen.incrementAndGet(item.writer * each + item.number);
    }
  }

  @ParameterizedTest
  @CsvSource({"0, 1", "0, 3", "1, 1", "7, 1", "7, 3", "64, 1", "64, 3"})
  void pipe_losesNothingAndKeepsTheBound(long capacity, int readers) throws Exception {
    Pipe<Item> pipe = new Pipe<>(capacity, Item::weight);
    AtomicLong writing = new AtomicLong(WRITERS);
    Stress.inParallel(
        WRITERS + readers,
        thread -> {
          if (thread >= WRITERS) {
            read(pipe, thread);
            return;
          }
          write(pipe, thread);
          if (writing.decrementAndGet() == 0) {
            pipe.writer().close();
          }
        });
    for (int i = 0; i < seen.length(); i++) {
      assertEquals(1, seen.get(i), "item " + i);
    }
    assertTrue(heaviest.get() <= Math.max(capacity, capacity > 0 ? 4 : 0), heaviest.toString());
  }

  /** A writer that ends at once behind its only element, which a reader is about to wait for. */
  @Test
  void lastElement_isNotMissedByAReadThatIsUnderWay() throws Exception {
    int rounds = Stress.times(100_000);
    AtomicReferenceArray<Pipe<Integer>> pipes = new AtomicReferenceArray<>(rounds);
    Stress.inParallel(
        2,
        thread -> {
          for (int i = 0; i < rounds; i++) {
            if (thread == 0) {
              Pipe<Integer> pipe = new Pipe<>(16);
              pipes.set(i, pipe);
              assertEquals(Optional.of(i), Expect.ready(pipe.reader().read()));
              assertEquals(Optional.empty(), Expect.ready(pipe.reader().read()));
              pipes.set(i, null);
            } else {
              Pipe<Integer> pipe = pipes.get(i);
              while (pipe == null) {
                Thread.onSpinWait();
                pipe = pipes.get(i);
              }
              pipe.writer().write(i);
              pipe.writer().close();
            }
          }
        });
  }

  /** Writer and reader go on inside their callbacks, on whichever thread completes them. */
  @Test
  void pipe_betweenTwoLoopsOfCallbacksKeepsTheOrder() throws Exception {
    int rounds = Stress.times(20);
    for (int round = 0; round < rounds; round++) {
      Pipe<Integer> pipe = new Pipe<>(round % 4);
      AtomicReference<Future<Void>> written = new AtomicReference<>();
      AtomicReference<Future<Integer>> read = new AtomicReference<>();
      Stress.inParallel(
          2,
          thread -> {
            if (thread == 0) {
              written.set(writeFrom(pipe.writer(), 0));
            } else {
              read.set(readFrom(pipe.reader(), 0));
            }
          });
      Futures.await(read.get()).await();
      assertEquals(10_000, read.get().get());
      written.get().get();
    }
  }

  private static Future<Void> writeFrom(Pipe.Writer<Integer> writer, int next) {
    if (next == 10_000) {
      writer.close();
      return Future.done();
    }
    return writer.write(next).then(accepted -> writeFrom(writer, next + 1));
  }

  private static Future<Integer> readFrom(Pipe.Reader<Integer> reader, int expected) {
    return reader
        .read()
        .then(
            next -> {
              if (next.isEmpty()) {
                return Future.of(expected);
              }
              assertEquals(expected, next.get());
              return readFrom(reader, expected + 1);
            });
  }

  /** A reader that closes in the middle leaves no write waiting. */
  @Test
  void pipe_closedByTheReaderAnswersEveryWrite() throws Exception {
    int rounds = Stress.times(200);
    for (int round = 0; round < rounds; round++) {
      Pipe<Integer> pipe = new Pipe<>(3);
      Stress.inParallel(
          3,
          thread -> {
            if (thread == 0) {
              for (int i = 0; i < 100; i++) {
                pipe.reader().read().await();
              }
              pipe.reader().close();
              return;
            }
            Future<Boolean> write;
            do {
              write = pipe.writer().write(thread);
            } while (write.get());
          });
      assertEquals(0, pipe.weight());
    }
  }
}

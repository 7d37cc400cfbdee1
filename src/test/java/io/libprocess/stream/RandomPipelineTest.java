package io.libprocess.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Failure;
import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.support.Expect;
import io.libprocess.sync.RateLimiter;
import io.libprocess.sync.Stress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Random pipelines over several threads, with failures, cancels and discards at random places and
 * times. The output is the beginning of the input, in order, or all of it if nothing failed; every
 * element is released once; every place of the pipeline sees one end; and the result is there in
 * the end, with a failure that was meant.
 */
class RandomPipelineTest {

  private static final int MOST = 60;

  private static ExecutorService pool;

  @BeforeAll
  static void startThreads() {
    pool = Executors.newFixedThreadPool(3);
  }

  @AfterAll
  static void stopThreads() {
    pool.shutdown();
  }

  @Test
  void pipelines_loseNothingAndEndOnce() {
    int rounds = Stress.times(3_000);
    long start = new Random().nextLong();
    for (int i = 0; i < rounds; i++) {
      new Pipeline(start + i).check();
    }
  }

  /** One pipeline, which is determined by a number except for the races. */
  private static final class Pipeline {

    private final long seed;
    private final Random random;
    private final int count;
    private final AtomicInteger produced = new AtomicInteger();
    private final AtomicIntegerArray released = new AtomicIntegerArray(MOST);
    private final List<AtomicInteger> open =
        new ArrayList<>(); // Places that were begun, less ends.
    private final List<Integer> out = new ArrayList<>(); // Written inside signals of the sink.
    private final StringBuilder shape = new StringBuilder();
    private final Failure meant = new Failure("meant");
    private boolean mayFail;
    private boolean mayEndEarly;

    Pipeline(long seed) {
      this.seed = seed;
      random = new Random(seed);
      count = random.nextInt(MOST);
    }

    void check() {
      try {
        run();
      } catch (AssertionError error) {
        throw new AssertionError("seed " + seed + ", " + count + " elements:" + shape, error);
      }
    }

    private void run() {
      Stream<Chunk> stream = watched(source());
      int stages = random.nextInt(6);
      for (int i = 0; i < stages; i++) {
        stream = watched(stage(stream, random.nextInt(24)));
      }
      Future<?> result = intoSink(stream);
      if (random.nextInt(4) == 0) {
        mayEndEarly = true;
        shape.append(" discarded");
        pool.execute(result::discard);
      }
      Expect.completed(result);
      if (result.isFailed()) {
        assertTrue(mayFail, "failed: " + result.failure());
        assertEquals(meant, result.failure());
      } else if (result.isDiscarded()) {
        assertTrue(mayEndEarly, "discarded");
      } else if (!mayEndEarly) {
        assertEquals(count, out.size(), "not all came out");
      }
      for (int i = 0; i < out.size(); i++) {
        assertEquals(i, out.get(i));
      }
      for (AtomicInteger begun : open) {
        Expect.until(() -> begun.get() <= 0); // A pipeline in the middle ends by itself.
        assertEquals(0, begun.get(), "ends without a beginning");
      }
      int made = produced.get();
      for (int i = 0; i < made; i++) {
        int index = i;
        Expect.until(() -> released.get(index) > 0);
        assertEquals(1, released.get(i), "released");
      }
    }

    private Chunk chunk(int index) {
      byte[] bytes = ByteBuffer.allocate(4).putInt(index).array();
      return Chunk.lent(bytes, 0, 4, () -> released.incrementAndGet(index));
    }

    private static int index(Chunk chunk) {
      byte[] bytes = chunk.toArray();
      return ByteBuffer.wrap(bytes).getInt();
    }

    /* ------ Sources ------ */

    private Stream<Chunk> source() {
      int broken = random.nextInt(8) == 0 ? random.nextInt(count + 1) : -1;
      mayFail |= broken >= 0;
      shape.append(broken >= 0 ? " fails at " + broken : "");
      Iterable<Chunk> elements =
          () ->
              new Iterator<>() {
                private int next;

                @Override
                public boolean hasNext() {
                  return next < count || next == broken;
                }

                @Override
                public Chunk next() {
                  if (next == broken) {
                    throw meant;
                  }
                  produced.incrementAndGet();
                  return chunk(next++);
                }
              };
      return Stream.from(elements);
    }

    private Stream<Chunk> watched(Stream<Chunk> stream) {
      AtomicInteger begun = new AtomicInteger();
      open.add(begun);
      Transform<Chunk, Chunk> end = Transform.onTermination(how -> begun.decrementAndGet());
      return stream.via(
          new Transform<>(
              (run, down) -> {
                begun.incrementAndGet();
                return end.operator().stage(run, down);
              }));
    }

    /* ------ Stages ------ */

    private Stream<Chunk> stage(Stream<Chunk> stream, int kind) {
      shape.append(' ').append(kind);
      int size = 1 + random.nextInt(5);
      return switch (kind) {
        case 0 -> stream.map(chunk -> chunk);
        case 1 -> stream.filter(chunk -> true);
        case 2 -> stream.via(Transform.tap(Chunk::size));
        case 3 -> stream.via(Transform.buffer(size));
        case 4, 5 -> stream.via(Transform.on(pool, size));
        case 6, 7 -> stream.via(Transform.mapAsync(size, this::later));
        case 8 -> stream.via(Transform.concatMap(chunk -> Stream.of(chunk)));
        case 9 -> stream.via(Transform.takeWhile(chunk -> true));
        case 10 -> stream.reader().stream();
        case 11 -> Stream.fromPublisher(stream.toPublisher(), size);
        case 12 -> stream.broadcast(1).get(0);
        case 13 -> Stream.<Chunk>merge(stream);
        case 14 -> Stream.zip(stream, Stream.iterate(0, i -> i + 1), (chunk, i) -> chunk);
        case 15 -> Stream.concat(stream, Stream.<Chunk>empty());
        case 16 -> stream.via(Transform.recover(Stream::failed));
        case 17 -> stream.via(Transform.failFast(size));
        case 18 -> stream.via(Transform.drop(0));
        case 19 -> stream.via(Transform.mapAsyncUnordered(1, this::later));
        case 20 -> stream.via(Transform.timeoutIdle(Duration.ofHours(1)));
        case 21 -> stream.via(Transform.throttle(new RateLimiter(1, Duration.ofNanos(1), 1000)));
        case 22 -> stream.via(Transform.buffer(4L * size, Chunk::size));
        case 23 -> trouble(stream);
        default -> throw new AssertionError(kind);
      };
    }

    private Stream<Chunk> trouble(Stream<Chunk> stream) {
      int place = random.nextInt(MOST);
      if (random.nextBoolean()) {
        mayEndEarly = true;
        shape.append(" take ").append(place);
        return stream.via(Transform.take(place));
      }
      mayFail = true;
      shape.append(" throw at ").append(place);
      return stream.via(
          Transform.tap(
              chunk -> {
                if (index(chunk) == place) {
                  throw meant;
                }
              }));
    }

    /** The same chunk, now or later; the side that loses the race with a discard releases it. */
    private Future<Chunk> later(Chunk chunk) {
      if (index(chunk) % 3 == 0) {
        return Future.of(chunk);
      }
      Promise<Chunk> promise = new Promise<>();
      if (index(chunk) % 3 == 1) {
        promise.future().onDiscard(promise::discard);
      }
      pool.execute(
          () -> {
            if (!promise.set(chunk)) {
              chunk.release();
            }
          });
      return promise.future();
    }

    /* ------ Sinks ------ */

    private Future<?> intoSink(Stream<Chunk> stream) {
      int kind = random.nextInt(7);
      shape.append(" into ").append(kind);
      switch (kind) {
        case 0:
          mayEndEarly = true;
          return stream.to(Sink.<Chunk>head()).onReady(this::takeOne);
        case 1:
          return stream.to(Sink.<Chunk>toList(MOST)).onReady(this::takeAll);
        case 2:
          int place = random.nextInt(MOST);
          mayFail = true;
          return stream.to(
              Sink.forEach(
                  chunk -> {
                    int index = index(chunk);
                    take(chunk);
                    if (index == place) {
                      throw meant;
                    }
                  }));
        case 3:
          return stream.to(
              Sink.forEachAsync(1 + random.nextInt(3), chunk -> done(index(chunk), chunk)));
        case 4:
          Pipe<Chunk> pipe = new Pipe<>(random.nextInt(3));
          stream.to(Sink.writer(pipe));
          return pipe.reader().stream().to(Sink.forEach(this::take));
        case 5:
          return stream.to(
              Sink.fold(
                  0,
                  (sum, chunk) -> {
                    take(chunk);
                    return sum + 1;
                  }));
        default:
          return stream.to(Sink.forEach(this::take));
      }
    }

    private void take(Chunk chunk) {
      out.add(index(chunk));
      chunk.release();
    }

    private void takeOne(Optional<Chunk> chunk) {
      chunk.ifPresent(this::take);
    }

    private void takeAll(List<Chunk> chunks) {
      chunks.forEach(this::take);
    }

    private Future<Void> done(int index, Chunk chunk) {
      take(chunk);
      if (index % 2 == 0) {
        return Future.done();
      }
      Promise<Void> promise = new Promise<>();
      pool.execute(() -> promise.set(null));
      return promise.future();
    }
  }
}

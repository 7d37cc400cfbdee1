package io.libprocess.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.support.SmallStack;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SequenceTest {

  private final Sequence sequence = new Sequence();
  private final List<Integer> started = new ArrayList<>();
  private final List<Promise<Integer>> promises = new ArrayList<>();

  /** A function that notes that it started and returns a pending future. */
  private Future<Integer> add(int number) {
    Promise<Integer> promise = new Promise<>();
    promises.add(promise);
    return sequence.add(
        () -> {
          started.add(number);
          return promise.future();
        });
  }

  @Test
  void serialize() {
    Future<Integer> first = add(0);
    Future<Integer> second = add(1);
    assertEquals(List.of(0), started);

    promises.get(0).set(10);
    assertEquals(10, first.get());
    assertEquals(List.of(0, 1), started);
    assertTrue(second.isPending());
    promises.get(1).set(11);
    assertEquals(11, second.get());
  }

  @Test
  void discardOne() {
    Future<Integer> first = add(0);
    Future<Integer> second = add(1);
    Future<Integer> third = add(2);
    second.discard();
    assertTrue(second.isPending()); // Until its turn comes.

    promises.get(0).set(10);
    assertEquals(10, first.get());
    assertTrue(second.isDiscarded());
    promises.get(2).set(12);
    assertEquals(12, third.get());
    assertEquals(List.of(0, 2), started);
  }

  @Test
  void discardAll() {
    List<Future<Integer>> all = IntStream.range(0, 4).mapToObj(this::add).toList();
    sequence.close();
    assertTrue(promises.get(0).future().hasDiscard());
    assertTrue(all.get(1).isPending());

    promises.get(0).set(10);
    assertEquals(10, all.get(0).get());
    assertTrue(all.stream().skip(1).allMatch(Future::isDiscarded));
    assertEquals(List.of(0), started);
  }

  /** Each change takes two steps; a check between them would see an odd number. */
  @Test
  void random() {
    Random random = new Random(17);
    AtomicInteger value = new AtomicInteger();
    List<Promise<Void>> halfway = new ArrayList<>();
    List<Future<Integer>> checks = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      if (random.nextBoolean()) {
        sequence.add(
            () -> {
              value.incrementAndGet();
              Promise<Void> middle = new Promise<>();
              halfway.add(middle);
              return middle.future().map(done -> value.incrementAndGet());
            });
      } else {
        checks.add(sequence.add(() -> Future.of(value.get())));
      }
    }
    for (int i = 0; i < halfway.size(); i++) {
      halfway.get(i).set(null);
    }
    assertEquals(100, halfway.size() + checks.size());
    assertTrue(checks.stream().allMatch(check -> check.get() % 2 == 0));
  }

  @Test
  void add_goesOnWhateverTheOutcome() {
    Future<Integer> failed = sequence.add(() -> Future.failed("no"));
    Future<Integer> discarded = sequence.add(Future::discarded);
    IllegalStateException exception = new IllegalStateException();
    Future<Integer> thrown =
        sequence.add(
            () -> {
              throw exception;
            });
    Future<Integer> none = sequence.add(() -> null);

    assertEquals("no", failed.failure().getMessage());
    assertTrue(discarded.isDiscarded());
    assertSame(exception, thrown.failure());
    assertTrue(none.failure() instanceof NullPointerException);
    assertEquals(1, sequence.add(() -> Future.of(1)).get());
  }

  @Test
  void add_discardReachesTheRunningFutureAndTheNextWaitsForItsEnd() {
    Future<Integer> first = add(0);
    add(1);
    first.discard();
    assertTrue(promises.get(0).future().hasDiscard());
    assertEquals(List.of(0), started);

    promises.get(0).discard();
    assertTrue(first.isDiscarded());
    assertEquals(List.of(0, 1), started);
  }

  @Test
  void add_abandonedHoldsUpTheRest() {
    Future<Integer> first = add(0);
    add(1);
    promises.get(0).abandon();

    assertTrue(first.isAbandoned());
    assertEquals(List.of(0), started);
  }

  @Test
  void add_insideAFunctionWaitsForIt() {
    List<String> order = new ArrayList<>();
    sequence.add(
        () -> {
          sequence.add(() -> Future.of(order.add("inner")));
          return Future.of(order.add("outer"));
        });
    assertEquals(List.of("outer", "inner"), order);
  }

  @Test
  void add_afterCloseIsDiscarded() {
    sequence.close();
    sequence.close();
    assertTrue(add(0).isDiscarded());
    assertEquals(List.of(), started);
    assertThrows(NullPointerException.class, () -> sequence.add(null));
  }

  @Test
  void close_runsNoDiscardHandlersOfTheResults() {
    add(0);
    AtomicInteger requests = new AtomicInteger();
    Future<Integer> second = add(1).onDiscard(requests::incrementAndGet);
    sequence.close();
    promises.get(0).set(1);

    assertTrue(second.isDiscarded());
    assertFalse(second.hasDiscard());
    assertEquals(0, requests.get());
  }

  @Test
  void close_whileAFunctionIsBeingCalledReachesItsFuture() {
    Promise<Integer> running = new Promise<>();
    sequence.add(
        () -> {
          sequence.close();
          return running.future();
        });
    assertTrue(running.future().hasDiscard());
  }

  @Test
  void add_aMillionFunctionsKeepTheStack() {
    AtomicInteger ran = new AtomicInteger();
    add(0);
    for (int i = 0; i < SmallStack.MILLION; i++) {
      sequence.add(() -> Future.of(ran.incrementAndGet()));
    }
    SmallStack.run(() -> promises.get(0).set(0));
    assertEquals(SmallStack.MILLION, ran.get());
  }

  @Test
  void add_aMillionFunctionsThatPendKeepTheStack() {
    Promise<Void> start = new Promise<>();
    sequence.add(start::future);
    Promise<Integer> shared = new Promise<>();
    AtomicInteger ran = new AtomicInteger();
    for (int i = 0; i < SmallStack.MILLION; i++) {
      Promise<Integer> own = new Promise<>();
      sequence.add(
          () -> {
            shared.future().onAny(any -> own.set(ran.incrementAndGet()));
            return own.future();
          });
    }
    SmallStack.run(
        () -> {
          start.set(null);
          shared.set(1);
        });
    assertEquals(SmallStack.MILLION, ran.get());
  }
}

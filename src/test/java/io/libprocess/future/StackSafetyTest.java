package io.libprocess.future;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.support.SmallStack;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Long recursions and long chains, on a small stack, that release memory as they go. */
@Timeout(120)
class StackSafetyTest {

  private static final int STEPS = 300_000;
  private static final int LINKS = 100_000;
  private static final int SAMPLE = 20_000;

  /** The payload of each step; all of them together would be 300 MiB. */
  private record Payload(int left, byte[] weight) {
    Payload(int left) {
      this(left, new byte[1024]);
    }
  }

  /** A recursion: {@code steps} makes the source of each step, {@code link} adds the function. */
  private static final class Recursion {

    private final Function<Payload, Future<Payload>> steps;
    private final List<WeakReference<Payload>> samples = new ArrayList<>();
    private final Link link;

    Recursion(Function<Payload, Future<Payload>> steps, Link link) {
      this.steps = steps;
      this.link = link;
    }

    Future<String> run(int left) {
      if (left == 0) {
        return Future.of("done");
      }
      Payload payload = new Payload(left);
      if (left % SAMPLE == 0) {
        samples.add(new WeakReference<>(payload));
      }
      return link.link(steps.apply(payload), payload, this);
    }

    void assertReleased() {
      samples.forEach(Reachability::assertCleared);
    }
  }

  private interface Link {
    Future<String> link(Future<Payload> source, Payload payload, Recursion recursion);
  }

  /** How one step of a recursion leads to the next. */
  private enum Kind {
    THEN(STEPS, (source, payload, recursion) -> source.then(p -> recursion.run(p.left() - 1))),
    RECOVER(
        STEPS / 5,
        (source, payload, recursion) ->
            source
                .then(p -> Future.<String>failed("oops"))
                .recover(failed -> recursion.run(payload.left() - 1))),
    REPAIR(
        STEPS / 5,
        (source, payload, recursion) ->
            source
                .then(p -> Future.<String>failed("oops"))
                .repair(failed -> recursion.run(payload.left() - 1))),
    RECOVER_ABANDONED(
        STEPS / 5,
        (source, payload, recursion) ->
            source
                .then(p -> Future.<String>abandoned())
                .recover(abandoned -> recursion.run(payload.left() - 1)));

    final Link link;
    final int steps;

    Kind(int steps, Link link) {
      this.steps = steps;
      this.link = link;
    }
  }

  private final ConcurrentLinkedQueue<Runnable> pending = new ConcurrentLinkedQueue<>();

  private Future<Payload> later(Payload payload) {
    Promise<Payload> promise = new Promise<>();
    pending.add(() -> promise.set(payload));
    return promise.future();
  }

  /** Completes pending steps, on this thread, until the result is completed. */
  private void complete(Future<?> result) {
    while (result.isPending()) {
      Runnable step = pending.poll();
      if (step == null) {
        Thread.onSpinWait();
      } else {
        step.run();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void recursion_onDoneFutures(Kind kind) throws Exception {
    Recursion recursion = new Recursion(Future::of, kind.link);

    assertEquals("done", SmallStack.call(() -> recursion.run(kind.steps).get()));

    recursion.assertReleased();
  }

  @ParameterizedTest
  @EnumSource
  void recursion_onFuturesCompletedLater(Kind kind) throws Exception {
    Recursion recursion = new Recursion(this::later, kind.link);

    Future<String> result =
        SmallStack.call(
            () -> {
              Future<String> end = recursion.run(kind.steps);
              complete(end);
              return end;
            });

    assertEquals("done", result.get());
    recursion.assertReleased();
  }

  @ParameterizedTest
  @EnumSource
  void recursion_onFuturesSomeOfWhichAreDone(Kind kind) throws Exception {
    Recursion recursion =
        new Recursion(p -> p.left() % 200 < 100 ? later(p) : Future.of(p), kind.link);

    Future<String> result =
        SmallStack.call(
            () -> {
              Future<String> end = recursion.run(kind.steps);
              complete(end);
              return end;
            });

    assertEquals("done", result.get());
    recursion.assertReleased();
  }

  @ParameterizedTest
  @EnumSource
  void recursion_onFuturesCompletedByAnotherThread(Kind kind) throws Exception {
    Recursion recursion =
        new Recursion(p -> p.left() % 3 == 0 ? Future.of(p) : later(p), kind.link);
    Promise<String> end = new Promise<>();
    Thread completer = new Thread(null, () -> complete(end.future()), "completer", 512 * 1024);
    completer.start();

    SmallStack.call(() -> end.associate(recursion.run(kind.steps)));
    completer.join();

    assertEquals("done", end.future().get());
    recursion.assertReleased();
  }

  @Test
  void recursion_whoseStartIsWatchedReleasesMemoryWhileItRuns() throws Exception {
    Recursion recursion = new Recursion(this::later, Kind.THEN.link);
    Future<String> watched = recursion.run(STEPS).map(value -> value + "!");
    for (int i = 0; i < STEPS / 2 + 1; i++) {
      pending.remove().run();
    }

    recursion.assertReleased();
    complete(watched);

    assertEquals("done!", watched.get());
  }

  @Test
  void recursion_isDiscardedInTheMiddle() throws Exception {
    Recursion recursion = new Recursion(this::later, Kind.THEN.link);
    Future<String> result = recursion.run(STEPS);
    for (int i = 0; i < 1000; i++) {
      pending.remove().run();
    }

    result.discard();
    pending.remove().run();

    assertTrue(result.isDiscarded());
    assertTrue(pending.isEmpty());
  }

  @Test
  void recursion_ofUndiscardableStepsIsNotEndedByTheEndOfAnother() throws Exception {
    Recursion first = new Recursion(Future::of, Kind.THEN.link);
    Recursion second = new Recursion(Future::of, Kind.THEN.link);

    assertEquals(
        List.of("done", "done"),
        SmallStack.call(() -> Futures.collect(List.of(first.run(LINKS), second.run(LINKS))).get()));
  }

  /* ------ Chains ------ */

  private static Future<Integer> chain(
      Future<Integer> source, Function<Future<Integer>, Future<Integer>> link) {
    Future<Integer> end = source;
    for (int i = 0; i < LINKS; i++) {
      end = link.apply(end);
    }
    return end;
  }

  private enum ChainLink {
    MAP(f -> f.map(i -> i + 1), LINKS),
    THEN(f -> f.then(i -> Future.of(i + 1)), LINKS),
    REPAIR(f -> f.repair(self -> Future.of(0)), 0),
    RECOVER(f -> f.recover(self -> Future.of(0)), 0),
    ASSOCIATE(ChainLink::associated, 0),
    COLLECT(f -> Futures.collect(List.of(f)).map(list -> list.get(0)), 0),
    AWAIT(f -> Futures.await(f).then(completed -> completed), 0),
    SELECT(f -> Futures.select(List.of(f)).then(ready -> ready), 0),
    LOOP(f -> Futures.loop(() -> f, i -> Future.of(ControlFlow.breakWith(i))), 0);

    final Function<Future<Integer>, Future<Integer>> link;
    final int result;

    ChainLink(Function<Future<Integer>, Future<Integer>> link, int result) {
      this.link = link;
      this.result = result;
    }

    static Future<Integer> associated(Future<Integer> source) {
      Promise<Integer> promise = new Promise<>();
      promise.associate(source);
      return promise.future();
    }
  }

  @ParameterizedTest
  @EnumSource
  void chain_ofAPendingFutureIsCompleted(ChainLink link) throws Exception {
    Promise<Integer> promise = new Promise<>();
    Future<Integer> end = SmallStack.call(() -> chain(promise.future(), link.link));

    SmallStack.call(() -> promise.set(0));

    assertEquals(link.result, end.get());
  }

  @ParameterizedTest
  @EnumSource
  void chain_ofADoneFutureIsCompleted(ChainLink link) throws Exception {
    Future<Integer> end = SmallStack.call(() -> chain(Future.of(0), link.link));

    assertEquals(link.result, end.get());
  }

  @ParameterizedTest
  @EnumSource(names = {"MAP", "THEN", "REPAIR", "RECOVER", "ASSOCIATE", "COLLECT", "AWAIT", "LOOP"})
  void chain_passesADiscardRequestOn(ChainLink link) throws Exception {
    Promise<Integer> promise = new Promise<>();
    Future<Integer> end = chain(promise.future(), link.link);

    assertTrue(SmallStack.call(end::discard));

    assertTrue(promise.future().hasDiscard());
  }

  @ParameterizedTest
  @EnumSource(names = "RECOVER", mode = EnumSource.Mode.EXCLUDE)
  void chain_passesAbandonmentOn(ChainLink link) throws Exception {
    Promise<Integer> promise = new Promise<>();
    Future<Integer> end = chain(promise.future(), link.link);

    assertTrue(SmallStack.call(promise::abandon));

    assertTrue(end.isAbandoned());
  }

  @Test
  void chain_ofRecoveriesOfAnAbandonedFuture() throws Exception {
    Promise<Integer> promise = new Promise<>();
    Future<Integer> end = chain(promise.future(), ChainLink.RECOVER.link);

    assertTrue(SmallStack.call(promise::abandon));

    assertEquals(0, end.get());
  }

  @Test
  void chain_ofAssociationsMadeFromTheEndIsCompletedByItsStart() throws Exception {
    List<Promise<Integer>> promises = new ArrayList<>();
    for (int i = 0; i <= LINKS; i++) {
      promises.add(new Promise<>());
    }
    for (int i = 0; i < LINKS; i++) {
      promises.get(i).associate(promises.get(i + 1).future());
    }

    SmallStack.call(() -> promises.get(LINKS).set(7));

    assertEquals(7, promises.get(0).future().get());
  }
}

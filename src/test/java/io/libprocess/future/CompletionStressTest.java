package io.libprocess.future;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Completions against each other and against registration. */
class CompletionStressTest {

  private static final int ROUNDS = 20_000;

  /** A promise, who completed it, and which callbacks ran. */
  private static final class Contest {
    final Promise<Integer> promise = new Promise<>();
    final Future<Integer> future = promise.future();
    final AtomicInteger winners = new AtomicInteger();
    final AtomicInteger requests = new AtomicInteger();
    final AtomicInteger abandonments = new AtomicInteger();
    final Count before = new Count();
    final Count during = new Count();

    Contest() {
      before.register(future);
    }

    void count(boolean won) {
      if (won) {
        winners.incrementAndGet();
      }
    }

    void request() {
      requests.addAndGet(future.discard() ? 1 : 0);
    }

    void abandon() {
      abandonments.addAndGet(promise.abandon() ? 1 : 0);
    }

    void check() {
      assertTrue(!future.isPending());
      assertEquals(future.hasDiscard() ? 1 : 0, requests.get());
      assertEquals(future.isAbandoned() ? 1 : 0, abandonments.get());
      before.check(future);
      during.check(future);
    }
  }

  /** One callback of each kind, and how often it ran. */
  private static final class Count {
    final AtomicInteger ready = new AtomicInteger();
    final AtomicInteger failed = new AtomicInteger();
    final AtomicInteger discarded = new AtomicInteger();
    final AtomicInteger any = new AtomicInteger();
    final AtomicInteger discard = new AtomicInteger();
    final AtomicInteger abandoned = new AtomicInteger();
    boolean registered;

    void register(Future<Integer> future) {
      registered = true;
      future
          .onReady(value -> ready.incrementAndGet())
          .onAbandoned(abandoned::incrementAndGet)
          .onAny(self -> any.addAndGet(self.isPending() ? 100 : 1))
          .onDiscard(discard::incrementAndGet)
          .onFailed(failure -> failed.incrementAndGet())
          .onDiscarded(discarded::incrementAndGet);
    }

    void check(Future<Integer> future) {
      if (registered) {
        assertEquals(future.isReady() ? 1 : 0, ready.get());
        assertEquals(future.isFailed() ? 1 : 0, failed.get());
        assertEquals(future.isDiscarded() ? 1 : 0, discarded.get());
        assertEquals(1, any.get());
        assertEquals(future.hasDiscard() ? 1 : 0, discard.get());
        assertEquals(future.isAbandoned() ? 1 : 0, abandoned.get());
      }
    }
  }

  private static void play(List<Race.Role<Contest>> roles) throws Exception {
    Race.play(
        ROUNDS,
        Contest::new,
        contest -> {
          contest.check();
          assertEquals(1, contest.winners.get());
        },
        roles);
  }

  @Test
  void setFailAndDiscard_exactlyOneWins() throws Exception {
    play(
        List.of(
            c -> c.count(c.promise.set(1)),
            c -> c.count(c.promise.fail("oops")),
            c -> c.count(c.promise.discard())));
  }

  @Test
  void associateAndSet_exactlyOneWins() throws Exception {
    Future<Integer> source = Future.of(2);
    play(
        List.of(
            c -> c.count(c.promise.set(1)),
            c -> c.count(c.promise.associate(source)),
            c -> c.during.register(c.future)));
  }

  @Test
  void setAndAbandon_withRequest() throws Exception {
    play(List.of(c -> c.count(c.promise.set(1)), Contest::abandon, Contest::request));
  }

  @Test
  void setAndAbandon_withAbandon() throws Exception {
    play(
        List.of(
            c -> c.count(c.promise.set(1)),
            Contest::abandon,
            c -> {
              c.abandon();
              c.during.register(c.future);
            }));
  }

  @Test
  void failAndRequest_withRegistration() throws Exception {
    play(
        List.of(
            c -> c.count(c.promise.fail("oops")),
            Contest::request,
            c -> {
              c.during.register(c.future);
              c.request();
            }));
  }

  @Test
  void discardAndRegistration() throws Exception {
    play(List.of(c -> c.count(c.promise.discard()), c -> c.during.register(c.future)));
  }

  @Test
  void setAndSet_withRegistration() throws Exception {
    play(
        List.of(
            c -> c.count(c.promise.set(1)),
            c -> c.count(c.promise.set(2)),
            c -> c.during.register(c.future)));
  }

  @Test
  void associateAndAbandon_exactlyOneHappens() throws Exception {
    Race.play(
        ROUNDS,
        Contest::new,
        c -> {
          assertEquals(1, c.winners.get()); // Association.
          assertEquals(c.abandonments.get() == 1, c.future.isAbandoned());
          assertEquals(2, c.future.get());
        },
        List.of(
            c -> c.count(c.promise.associate(Future.of(2))), Contest::abandon, c -> c.abandon()));
  }

  /** A future of each combinator, made while the source completes. */
  private static final class Derived {
    final Promise<Integer> promise = new Promise<>();
    final AtomicInteger runs = new AtomicInteger();
    Future<Integer> map;
    Future<Integer> then;
    Future<Integer> repair;
    Future<Integer> recover;
    Future<Integer> undiscardable;
    Future<List<Future<Integer>>> await;
    CompletableFuture<Integer> stage;

    void derive() {
      Future<Integer> source = promise.future();
      map = source.map(value -> value + runs.incrementAndGet() - runs.get());
      then = source.then(value -> Future.of(value));
      repair = source.repair(self -> Future.of(7));
      recover = source.recover(self -> Future.of(7));
      undiscardable = source.undiscardable();
      await = Futures.await(List.of(source, source));
      stage = source.toCompletableFuture();
    }

    void checkReady() {
      assertEquals(1, runs.get());
      for (Future<Integer> future : List.of(map, then, repair, recover, undiscardable)) {
        assertEquals(1, future.get());
      }
      assertTrue(await.isReady());
      assertEquals(1, stage.getNow(0));
    }

    void checkFailed() {
      assertEquals(0, runs.get());
      assertTrue(map.isFailed() && then.isFailed() && undiscardable.isFailed());
      assertEquals(7, repair.get());
      assertEquals(7, recover.get());
      assertTrue(await.isReady());
      assertTrue(stage.isCompletedExceptionally());
    }
  }

  @Test
  void setAndDerivation() throws Exception {
    Race.play(
        ROUNDS, Derived::new, Derived::checkReady, List.of(d -> d.promise.set(1), Derived::derive));
  }

  @Test
  void failAndDerivation() throws Exception {
    Race.play(
        ROUNDS,
        Derived::new,
        Derived::checkFailed,
        List.of(d -> d.promise.fail("oops"), Derived::derive));
  }

  /** Two associated in a row, completed at the far end. */
  private static final class Associated {
    final Promise<Integer> outer = new Promise<>();
    final Promise<Integer> middle = new Promise<>();
    final Promise<Integer> source = new Promise<>();
    final AtomicInteger ran = new AtomicInteger();

    Associated() {
      outer.future().onReady(value -> ran.incrementAndGet());
    }

    void check() {
      assertEquals(1, outer.future().get());
      assertEquals(1, ran.get());
    }
  }

  @Test
  void setAndAssociations() throws Exception {
    Race.play(
        ROUNDS,
        Associated::new,
        Associated::check,
        List.of(
            a -> a.source.set(1),
            a -> a.middle.associate(a.source.future()),
            a -> a.outer.associate(a.middle.future())));
  }

  @Test
  void requestAndAssociations_theRequestArrives() throws Exception {
    Race.play(
        ROUNDS,
        Associated::new,
        a -> assertTrue(a.source.future().hasDiscard()),
        List.of(
            a -> a.outer.future().discard(),
            a -> a.middle.associate(a.source.future()),
            a -> a.outer.associate(a.middle.future())));
  }

  @Test
  void abandonmentAndAssociations_theAbandonmentArrives() throws Exception {
    Race.play(
        ROUNDS,
        Associated::new,
        a -> assertTrue(a.outer.future().isAbandoned()),
        List.of(
            a -> a.source.abandon(),
            a -> a.middle.associate(a.source.future()),
            a -> a.outer.associate(a.middle.future())));
  }
}

package io.libprocess.future;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Futures that are left out of a recursion, and looked at nevertheless. */
class LinkTest {

  private static final Failure FAILURE = new Failure("oops");

  private final List<Promise<String>> steps = new ArrayList<>();
  private final List<String> ran = new ArrayList<>();
  private Future<String> middle;

  /** Three steps are done, the fourth is pending; the futures between are left out. */
  private final Future<String> outermost = recurse();

  LinkTest() {
    step().set("1");
    step().set("2");
    step().set("3");
    assertInstanceOf(Link.class, middle.word());
  }

  private Future<String> recurse() {
    Promise<String> step = new Promise<>();
    steps.add(step);
    boolean inTheMiddle = steps.size() == 2;
    Future<String> result = step.future().then(this::next);
    middle = inTheMiddle ? result : middle;
    return result;
  }

  private Future<String> next(String value) {
    return switch (value) {
      case "end" -> Future.of("done");
      case "fail" -> Future.failed(FAILURE);
      default -> recurse();
    };
  }

  private Promise<String> step() {
    return steps.get(steps.size() - 1);
  }

  @Test
  void follower_isPendingAndEndsAsTheOthersDo() {
    assertEquals("Pending", middle.toString());
    middle.onReady(ran::add);

    step().set("4");
    step().set("end");

    assertEquals("done", outermost.get());
    assertEquals("done", middle.get());
    assertEquals(List.of("done"), ran);
  }

  @Test
  void follower_lookedAtAfterTheEndHasEndedLikewise() {
    step().set("4");
    step().set("end");

    assertInstanceOf(Link.class, middle.word());
    assertEquals("done", middle.get());
  }

  @Test
  void follower_failsWithTheOthers() {
    step().set("fail");

    assertSame(FAILURE, outermost.failure());
    assertSame(FAILURE, middle.failure());
  }

  @Test
  void follower_ofOneThatFails_doesNotCountAsAsked() {
    middle.onReady(ran::add);
    step().set("fail");

    assertFalse(middle.hasDiscard());
    assertSame(FAILURE, middle.failure());
  }

  @Test
  void futureThatOthersWaitFor_isNotLeftOut() {
    Promise<String> first = new Promise<>();
    Promise<String> second = new Promise<>();
    Promise<String> last = new Promise<>();
    Future<String> between = second.future().then(value -> last.future());
    between.onReady(ran::add);
    Future<String> root = first.future().then(value -> between);

    first.set("1");
    second.set("2");
    last.set("3");

    assertTrue(root.isReady());
    assertEquals(List.of("3"), ran);
  }

  @Test
  void futureWithAPromiseBeforeIt_isNotLeftOut() {
    Promise<String> promise = new Promise<>();
    Promise<String> second = new Promise<>();
    Promise<String> last = new Promise<>();
    promise.associate(second.future().then(value -> last.future()));

    second.set("2");
    last.set("3");

    assertTrue(promise.future().isReady());
    assertEquals("3", promise.future().get());
  }

  /** A chain: the outermost future, two between that pass on the outcome, and the last one. */
  private static final class Passing {
    final Promise<String> first = new Promise<>();
    final Promise<String> second = new Promise<>();
    final Promise<String> third = new Promise<>();
    final Promise<String> last = new Promise<>();
    final Future<String> inner = third.future().repair(failed -> last.future());
    final Future<String> between = second.future().repair(failed -> inner);
    final Future<String> outermost = first.future().repair(failed -> between);
  }

  @Test
  void futuresThatPassOnAnOutcome_areLeftOutTogether() {
    Passing chain = new Passing();
    chain.second.fail(FAILURE);
    chain.third.fail(FAILURE);
    chain.first.fail(FAILURE);
    assertInstanceOf(Link.class, chain.between.word());
    assertInstanceOf(Link.class, chain.inner.word());

    chain.last.set("done");

    assertEquals("done", chain.outermost.get());
    assertEquals("done", chain.between.get());
    assertEquals("done", chain.inner.get());
  }

  @Test
  void futureThatWasAsked_isNotLeftOut() {
    Passing chain = new Passing();
    chain.inner.discard();
    chain.second.fail(FAILURE);
    chain.third.fail(FAILURE);
    chain.first.fail(FAILURE);

    assertTrue(chain.inner.hasDiscard());
    assertFalse(chain.between.hasDiscard());
    assertFalse(chain.outermost.hasDiscard());
    assertTrue(chain.last.future().hasDiscard());
    chain.last.set("done");
    assertEquals("done", chain.outermost.get());
  }

  @Test
  void futuresBehindOneThatWasAbandoned_areNotLeftOut() {
    Passing chain = new Passing();
    chain.second.fail(FAILURE);
    chain.first.abandon();
    assertTrue(chain.outermost.isAbandoned());
    chain.first.fail(FAILURE);

    assertFalse(chain.between.isAbandoned());
    chain.third.fail(FAILURE);
    chain.last.set("done");
    assertEquals("done", chain.outermost.get());
  }

  @Test
  void follower_isAskedWithTheOutermost() {
    outermost.discard();

    assertInstanceOf(Link.class, middle.word());
    assertTrue(middle.hasDiscard());
    assertFalse(middle.discard());
    assertTrue(step().future().hasDiscard());
  }

  @Test
  void follower_callsBackWhenTheOutermostIsAskedLater() {
    middle.onDiscard(() -> ran.add("asked"));

    outermost.discard();

    assertEquals(List.of("asked"), ran);
  }

  @Test
  void follower_callsBackAtOnceIfTheOutermostWasAskedBefore() {
    outermost.discard();

    middle.onDiscard(() -> ran.add("asked"));

    assertEquals(List.of("asked"), ran);
  }

  @Test
  void follower_keepsTheFlagWithTheOutcome() {
    outermost.discard();
    step().discard();

    assertEquals("Discarded (with discard)", middle.toString());
    assertEquals("Discarded (with discard)", outermost.toString());
  }

  @Test
  void follower_asksTheEndButNotTheOutermost() {
    assertTrue(middle.discard());

    assertTrue(step().future().hasDiscard());
    assertFalse(outermost.hasDiscard());
    step().discard();
    assertTrue(outermost.isDiscarded());
  }

  @Test
  void follower_isAbandonedWithTheEnd() {
    step().abandon();

    assertTrue(outermost.isAbandoned());
    assertTrue(middle.isAbandoned());
  }

  @Test
  void follower_lookedAtBeforeIsToldOfAnAbandonment() {
    middle.onAbandoned(() -> ran.add("abandoned"));

    step().abandon();

    assertEquals(List.of("abandoned"), ran);
  }

  @Test
  void follower_canBeReturnedAgain() {
    Future<String> result = Future.done().map(none -> 1).then(one -> middle);
    Future<String> later = new Promise<String>().future().recover(self -> middle);
    Future<String> derived = middle.map(value -> value + "!");

    step().set("end");

    assertEquals("done", result.get());
    assertEquals("done!", derived.get());
    assertTrue(later.isPending());
  }

  @Test
  void follower_thatItsOwnEndWaitsForIsPendingForEver() {
    Promise<String> last = new Promise<>();
    List<Future<String>> futures = new ArrayList<>();
    futures.add(last.future().then(value -> futures.get(1)));
    Promise<String> first = new Promise<>();
    futures.add(first.future().then(value -> futures.get(0)));
    Promise<String> start = new Promise<>();
    Future<String> head = start.future().then(value -> futures.get(1));

    start.set("x");
    first.set("x");
    last.set("x");

    assertTrue(head.isPending());
    assertTrue(futures.get(0).isPending());
    assertTrue(futures.get(1).isPending());
    assertTrue(head.discard());
    assertTrue(futures.get(0).hasDiscard());
  }

  @Test
  void follower_doesNotHoldTheStepsThatFollow() {
    WeakReference<Object> reference = new WeakReference<>(step().future());
    step().set("4");
    for (int i = 0; i < 10; i++) {
      step().set("go on");
    }
    Promise<String> last = step();
    steps.clear();
    steps.add(last);

    Reachability.assertCleared(reference);
    assertInstanceOf(Link.class, middle.word());
    last.set("end");
    assertEquals("done", middle.get());
  }

  @Test
  void heldInner_isAskedAlthoughItOnlyPassesOn() {
    Promise<String> end = new Promise<>();
    Promise<String> source = new Promise<>();
    Future<String> inner = source.future().then(value -> end.future());
    source.set("x");
    Promise<String> other = new Promise<>();
    Future<String> result = other.future().then(value -> inner);
    other.set("x");

    result.discard();

    assertTrue(inner.hasDiscard());
    assertTrue(end.future().hasDiscard());
    end.set("value");
    assertEquals("Ready (with discard)", inner.toString());
    assertEquals("Ready (with discard)", result.toString());
  }

  @Test
  void heldInner_askedByOthersDoesNotAskTheResult() {
    Promise<String> end = new Promise<>();
    Promise<String> source = new Promise<>();
    Future<String> inner = source.future().then(value -> end.future());
    source.set("x");
    Promise<String> other = new Promise<>();
    Future<String> result = other.future().then(value -> inner);
    other.set("x");

    assertTrue(inner.discard());

    assertFalse(result.hasDiscard());
    assertTrue(end.future().hasDiscard());
    end.set("value");
    assertEquals("Ready (with discard)", inner.toString());
    assertEquals("Ready", result.toString());
  }

  /* ------ Looking changes nothing ------ */

  private record Recovery(Promise<Integer> first, Promise<Integer> second, Future<Integer> middle) {

    /** A linked future, whose root was asked before the recovery began. */
    static Recovery make() {
      Promise<Integer> first = new Promise<>();
      Promise<Integer> second = new Promise<>();
      Promise<Integer> trigger = new Promise<>();
      Future<Integer> recovered = first.future().recover(failed -> second.future());
      Future<Integer> middle = Future.of(1).then(one -> recovered);
      Future<Integer> root = trigger.future().then(value -> middle);
      trigger.set(1);
      root.discard();
      assertTrue(first.future().hasDiscard());
      assertInstanceOf(Link.class, middle.word());
      first.fail("gave up because of the request");
      return new Recovery(first, second, middle);
    }
  }

  @Test
  void looking_passesNoOldRequestOn() {
    Recovery recovery = Recovery.make();
    assertFalse(recovery.second.future().hasDiscard());
    assertTrue(recovery.middle.isPending());
    assertFalse(recovery.second.future().hasDiscard());
    assertTrue(recovery.middle.hasDiscard());
    recovery.middle.onDiscard(() -> {});
    recovery.middle.onAny(done -> {});
    assertFalse(recovery.second.future().hasDiscard());
    recovery.second.set(3);
    assertTrue(recovery.middle.isReady());
    assertTrue(recovery.middle.hasDiscard());
  }

  @Test
  void requestOnTheRootAfterTheLook_isSeenAtOnce() {
    Promise<Integer> inner = new Promise<>();
    Promise<Integer> trigger = new Promise<>();
    Future<Integer> middle = Future.of(1).then(one -> inner.future().map(x -> x));
    Future<Integer> root = trigger.future().then(value -> middle);
    trigger.set(1);
    assertInstanceOf(Link.class, middle.word());
    assertTrue(middle.isPending());
    List<String> told = new ArrayList<>();
    middle.onDiscard(() -> told.add("asked"));
    root.discard();
    assertTrue(middle.hasDiscard());
    assertTrue(inner.future().hasDiscard());
    assertEquals(List.of("asked"), told);
  }
}

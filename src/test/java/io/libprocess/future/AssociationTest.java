package io.libprocess.future;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@link Promise#associate}. */
class AssociationTest {

  private final Promise<String> source = new Promise<>();
  private final Promise<String> promise = new Promise<>();
  private final Future<String> future = promise.future();

  @Test
  void associate_withAReadyFutureCompletesAtOnce() {
    assertTrue(promise.associate(Future.of("value")));

    assertEquals("value", future.get());
  }

  @Test
  void associate_carriesALaterValueOver() {
    assertTrue(promise.associate(source.future()));
    assertTrue(future.isPending());

    source.set("value");

    assertEquals("value", future.get());
  }

  @Test
  void associate_carriesALaterDiscardOver() {
    promise.associate(source.future());

    source.discard();

    assertTrue(future.isDiscarded());
    assertFalse(future.hasDiscard());
  }

  @Test
  void associate_carriesALaterFailureOverWithItsMessage() {
    promise.associate(source.future());

    source.fail("oops");

    assertSame(source.future().failure(), future.failure());
  }

  @Test
  void associate_sendsADiscardRequestToTheInnerFutureWhichOnlySetsItsFlag() {
    promise.associate(source.future());

    assertTrue(future.discard());

    assertTrue(source.future().hasDiscard());
    assertTrue(source.future().isPending());
    assertTrue(future.isPending());

    assertTrue(source.discard());

    assertTrue(future.isDiscarded());
  }

  @Test
  void associate_forwardsAnEarlierDiscardRequest() {
    future.discard();

    promise.associate(source.future());

    assertTrue(source.future().hasDiscard());
  }

  @Test
  void associate_doesNotCopyADiscardRequestOnTheSource() {
    source.future().discard();
    promise.associate(source.future());
    assertFalse(future.hasDiscard());

    source.set("value");

    assertFalse(future.hasDiscard());
    assertEquals("value", future.get());
  }

  @Test
  void associate_isTrueOnceAndClosesThePromise() {
    assertTrue(promise.associate(source.future()));

    assertFalse(promise.associate(Future.of("other")));
    assertFalse(promise.set("other"));
    assertFalse(promise.fail("other"));
    assertFalse(promise.discard());
    assertFalse(promise.abandon());
    assertTrue(future.isPending());
    assertFalse(future.isAbandoned());

    source.set("value");
    assertEquals("value", future.get());
  }

  @Test
  void associate_closesThePromiseAlsoAfterADiscardRequest() {
    promise.associate(source.future());
    future.discard();

    assertFalse(promise.set("other"));
    assertFalse(promise.abandon());
  }

  @Test
  void associate_abandonsWithTheSource() {
    promise.associate(source.future());

    source.abandon();

    assertTrue(future.isAbandoned());
  }

  @Test
  void associate_withAnAbandonedFutureAbandonsAtOnce() {
    assertTrue(promise.associate(Future.abandoned()));

    assertTrue(future.isAbandoned());
    assertTrue(future.isPending());
  }

  @Test
  void associate_tellsThoseWhoWaitOfAnOutcomeThatIsThereAlready() {
    List<String> told = new ArrayList<>();
    future.onReady(told::add);

    promise.associate(Future.of("value"));

    assertEquals(List.of("value"), told);
  }

  @Test
  void associate_tellsThoseWhoWaitThatTheSourceIsAbandonedAlready() {
    List<String> told = new ArrayList<>();
    future.map(value -> value).onAbandoned(() -> told.add("abandoned"));

    promise.associate(Future.abandoned());

    assertEquals(List.of("abandoned"), told);
  }

  @Test
  void associate_completesBeforeTheSourcesOnAnyAndInOrderWithItsOnReady() {
    List<String> order = new ArrayList<>();
    future.onReady(value -> order.add("outer"));
    source.future().onAny(any -> order.add("any"));
    source.future().onReady(value -> order.add("before"));
    promise.associate(source.future());
    source.future().onReady(value -> order.add("after"));

    source.set("value");

    assertEquals(List.of("before", "outer", "after", "any"), order);
  }

  @Test
  void associate_twoWithEachOtherStayPendingAndCanBeAsked() {
    promise.associate(source.future());
    source.associate(future);

    assertTrue(future.discard());

    assertTrue(source.future().hasDiscard());
    assertTrue(future.isPending());
  }

  @Test
  void associate_asksTheSourceOnceForTwoAssociatedFutures() {
    Promise<String> other = new Promise<>();
    List<String> requests = new ArrayList<>();
    source.future().onDiscard(() -> requests.add("request"));
    promise.associate(source.future());
    other.associate(source.future());

    assertTrue(future.discard());
    assertTrue(other.future().discard());

    assertEquals(List.of("request"), requests);
  }
}

package io.libprocess.future;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@link Future#discardable}: a future for one of several waiters. */
class DiscardableTest {

  private final Promise<String> promise = new Promise<>();
  private final Future<String> shared = promise.future();

  @Test
  void outcome_isThatOfTheSharedOne() {
    Future<String> mine = shared.discardable();
    promise.set("value");
    assertEquals("value", mine.get());
    assertSame(mine, mine.discardable());
    Promise<String> failing = new Promise<>();
    Future<String> failed = failing.future().discardable();
    failing.fail("oops");
    assertEquals("oops", failed.failure().getMessage());
  }

  @Test
  void request_endsOneAndReachesNoOther() {
    Future<String> mine = shared.discardable();
    Future<String> theirs = shared.discardable();
    List<String> told = new ArrayList<>();
    mine.onDiscarded(() -> told.add("mine"));
    theirs.map(value -> told.add(value));
    assertTrue(mine.discard());
    assertTrue(mine.isDiscarded());
    assertFalse(shared.hasDiscard());
    assertFalse(theirs.hasDiscard());
    promise.set("value");
    assertEquals(List.of("mine", "value"), told);
    assertTrue(mine.isDiscarded());
    assertEquals("value", shared.map(value -> value).get());
  }

  @Test
  void request_onWhatIsMadeOfItGoesNoFurther() {
    Future<Integer> length = shared.discardable().map(String::length);
    length.discard();
    assertTrue(length.isDiscarded());
    assertFalse(shared.hasDiscard());
  }

  @Test
  void request_comesTooLateAfterCompletion() {
    Future<String> mine = shared.discardable();
    promise.set("value");
    assertFalse(mine.discard());
    assertEquals("value", mine.get());
  }

  @Test
  void flagsOfTheSharedOne_areNotPassedOn() {
    shared.discard();
    promise.set("value");
    Future<String> mine = shared.discardable();
    assertFalse(mine.hasDiscard());
    assertEquals(5, mine.map(String::length).get());
  }

  @Test
  void abandonment_isPassedOn() {
    Future<String> mine = shared.discardable();
    promise.abandon();
    assertTrue(mine.isAbandoned());
    assertTrue(shared.discardable().isAbandoned());
  }
}

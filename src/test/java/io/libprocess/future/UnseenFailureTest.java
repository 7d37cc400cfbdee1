package io.libprocess.future;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.internal.FailureWatch;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Failures that are reported unless somebody looks at the future, without a node. */
@Timeout(100)
class UnseenFailureTest {

  private static final int ATTEMPTS = 1000;

  private final FailureWatch watch = new FailureWatch();
  private final List<String> ignored = new ArrayList<>();

  private final FailureWatch.Origin origin =
      new FailureWatch.Origin() {
        @Override
        public FailureWatch watch() {
          return watch;
        }

        @Override
        public void ignored(Object what, Throwable failure) {
          ignored.add(what + ": " + failure.getMessage());
        }
      };

  private void begin() {
    watch.report();
  }

  /** Makes a future that fails and that a caller treats in some way before and after. */
  private void fail(String what, Consumer<Future<?>> before, Consumer<Future<?>> after) {
    Promise<String> promise = new Promise<>();
    before.accept(promise.future());
    assertTrue(FailureWatch.fail(promise, new Failure("failed"), origin, what));
    after.accept(promise.future());
  }

  private static void ignore(Future<?> future) {}

  /** Reports until the last one that was ignored, which it makes, is reported. */
  private List<String> reported() {
    fail("last", UnseenFailureTest::ignore, UnseenFailureTest::ignore);
    for (int i = 0; i < ATTEMPTS && !ignored.contains("last: failed"); i++) {
      System.gc();
      watch.report();
    }
    assertTrue(ignored.contains("last: failed"), () -> "" + ignored);
    return ignored.stream().sorted().filter(text -> !text.startsWith("last")).toList();
  }

  @Test
  void nobodyLooks_isReported() {
    begin();
    fail("a", UnseenFailureTest::ignore, UnseenFailureTest::ignore);
    fail("b", future -> future.onDiscard(() -> {}), UnseenFailureTest::ignore);
    fail("c", UnseenFailureTest::ignore, Future::hasDiscard);
    fail("d", future -> future.onAbandoned(() -> {}), UnseenFailureTest::ignore);
    assertEquals(List.of("a: failed", "b: failed", "c: failed", "d: failed"), reported());
  }

  @Test
  void anyLook_isEnough() {
    begin();
    fail("a", UnseenFailureTest::ignore, Future::isFailed);
    fail("b", UnseenFailureTest::ignore, future -> future.onAny(done -> {}));
    fail("c", future -> future.onReady(value -> {}), UnseenFailureTest::ignore);
    fail("d", future -> future.map(value -> value), UnseenFailureTest::ignore);
    fail("e", UnseenFailureTest::ignore, future -> future.then(value -> Future.done()));
    fail("f", Future::discard, UnseenFailureTest::ignore);
    fail("g", UnseenFailureTest::ignore, Future::await);
    fail("h", UnseenFailureTest::ignore, future -> new Promise<Object>().associate(wide(future)));
    assertEquals(List.of(), reported());
  }

  @SuppressWarnings("unchecked") // It has no value.
  private static Future<Object> wide(Future<?> failed) {
    return (Future<Object>) failed;
  }

  @Test
  void beforeTheFirstReport_nothingIsWatched() {
    fail("early", UnseenFailureTest::ignore, UnseenFailureTest::ignore);
    begin();
    assertEquals(List.of(), reported());
  }

  @Test
  void associatedFuture_isReportedWhenTheOtherFails() {
    begin();
    associate("later", UnseenFailureTest::ignore);
    associate("seen", Future::isFailed);
    assertEquals(List.of("later: of the other"), reported());
  }

  private void associate(String what, Consumer<Future<?>> after) {
    Promise<String> promise = new Promise<>();
    Promise<String> other = new Promise<>();
    assertTrue(FailureWatch.associate(promise, other.future(), origin, what));
    assertFalse(promise.set("too late"));
    other.fail("of the other");
    after.accept(promise.future());
  }

  @Test
  void whoWaits_isTold() {
    begin();
    List<String> told = new ArrayList<>();
    fail("a", future -> future.onFailed(failure -> told.add("failed")), Future::isFailed);
    fail("b", future -> future.map(value -> value).onAny(done -> told.add("" + done)), done -> {});
    assertEquals(List.of("failed", "Failed: failed"), told);
  }

  @Test
  void associatedPromise_cannotFailOnItsOwn() {
    begin();
    Promise<String> promise = new Promise<>();
    promise.associate(new Promise<String>().future());
    assertFalse(FailureWatch.fail(promise, new Failure("why"), origin, "one"));
    assertTrue(promise.future().isPending());
  }

  @Test
  void outcomeOfAnUnseenFailure_isThatOfAnyFailure() {
    begin();
    Promise<String> promise = new Promise<>();
    promise.future().onDiscard(() -> {});
    promise.abandon();
    FailureWatch.fail(promise, new Failure("why"), origin, "one");
    Future<String> future = promise.future();
    assertFalse(future.hasDiscard());
    assertFalse(promise.set("no"));
    assertFalse(FailureWatch.fail(promise, new Failure("again"), origin, "two"));
    assertFalse(FailureWatch.associate(promise, Future.of("no"), origin, "three"));
    assertFalse(future.discard());
    assertTrue(future.isAbandoned());
    assertEquals("Failed: why", future.toString());
    assertEquals("why", future.failure().getMessage());
  }
}

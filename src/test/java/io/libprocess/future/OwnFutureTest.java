package io.libprocess.future;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** A function that returns the very future that it should complete fails that future. */
class OwnFutureTest {

  private final Promise<Integer> promise = new Promise<>();
  private final AtomicReference<Future<Integer>> own = new AtomicReference<>();

  private void check(String message) {
    assertTrue(own.get().isFailed(), () -> own.get().toString());
    assertEquals(message, own.get().failure().getMessage());
  }

  @Test
  void then_fails() {
    own.set(promise.future().then(value -> own.get()));
    promise.set(1);
    check("a future cannot wait for itself");
  }

  @Test
  void recoverAndRepair_fail() {
    own.set(promise.future().recover(failed -> own.get()));
    promise.fail("first");
    check("a future cannot wait for itself");
    Promise<Integer> other = new Promise<>();
    own.set(other.future().repair(failed -> own.get()));
    other.fail("second");
    check("a future cannot wait for itself");
  }

  @Test
  void after_fails() {
    Promise<Integer> late = new Promise<>();
    own.set(late.future().after(Duration.ofMillis(20), expired -> own.get()));
    own.get().await();
    check("a future cannot wait for itself");
  }

  @Test
  void associate_fails() {
    own.set(promise.future());
    assertTrue(promise.associate(promise.future()));
    check("a future cannot wait for itself");
  }

  @Test
  void loop_failsWhenAStepIsItsOwnResult() {
    AtomicReference<Future<Void>> loop = new AtomicReference<>();
    loop.set(
        Futures.loop(
            promise::future,
            value -> {
              @SuppressWarnings({"unchecked", "rawtypes"}) // The wrong type is never looked at.
              Future<ControlFlow<Void>> step = (Future) loop.get();
              return step;
            }));
    promise.set(1);
    assertTrue(loop.get().isFailed());
    assertEquals("a loop cannot wait for itself", loop.get().failure().getMessage());
  }
}

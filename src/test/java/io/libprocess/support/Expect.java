package io.libprocess.support;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Waits for expected events, with a limit of real time that even a busy machine keeps. For the
 * threads of tests, which may block.
 */
public final class Expect {

  public static final long SECONDS = 50; // Less than JUnit waits for a test.

  public static final Duration LIMIT = Duration.ofSeconds(SECONDS);

  private Expect() {}

  /** The value of a future that has to become ready. */
  public static <T> T ready(Future<T> future) {
    completed(future);
    if (future.isFailed()) {
      throw new AssertionError("failed: " + future.failure(), future.failure());
    }
    assertTrue(future.isReady(), future::toString);
    return future.get();
  }

  /** The failure of a future that has to fail. */
  public static Throwable failure(Future<?> future) {
    completed(future);
    assertTrue(future.isFailed(), future::toString);
    return future.failure();
  }

  /** The message of the failure of a future that has to fail. */
  public static String failureText(Future<?> future) {
    return failure(future).getMessage();
  }

  /** Waits until a future is ready, failed or discarded. */
  public static void completed(Future<?> future) {
    CountDownLatch latch = new CountDownLatch(1);
    future.onAny(any -> latch.countDown());
    assertTrue(opens(latch), () -> "not completed: " + future);
  }

  /** Waits until a future is abandoned. */
  public static void abandoned(Future<?> future) {
    CountDownLatch latch = new CountDownLatch(1);
    future.onAbandoned(latch::countDown).onAny(any -> latch.countDown());
    assertTrue(opens(latch), () -> "not abandoned: " + future);
    assertTrue(future.isAbandoned() && future.isPending(), future::toString);
  }

  /** Waits until a future is discarded. */
  public static void discarded(Future<?> future) {
    completed(future);
    assertTrue(future.isDiscarded(), future::toString);
  }

  /** Waits for a latch. */
  public static void opened(CountDownLatch latch) {
    assertTrue(opens(latch), () -> "the latch did not open: " + latch);
  }

  private static boolean opens(CountDownLatch latch) {
    return uninterrupted(() -> latch.await(SECONDS, TimeUnit.SECONDS));
  }

  /** Waits for the next element of a queue. */
  public static <T> T next(BlockingQueue<T> queue) {
    T next = uninterrupted(() -> queue.poll(SECONDS, TimeUnit.SECONDS));
    assertNotNull(next, "nothing came");
    return next;
  }

  /** Waits for the next element of a queue, and compares it. */
  public static <T> void next(T expected, BlockingQueue<T> queue) {
    assertEquals(expected, next(queue));
  }

  /** Something that holds at some time. */
  public interface Condition {
    boolean holds() throws Exception;
  }

  /** Polls a condition: for changes without an event. */
  public static void until(Condition condition) {
    long start = System.nanoTime();
    while (!uninterrupted(condition::holds)) {
      assertTrue(System.nanoTime() - start < LIMIT.toNanos(), "it does not come to that");
      Thread.yield();
    }
  }

  /** Lets some time pass. */
  public static void pause(long millis) {
    uninterrupted(
        () -> {
          Thread.sleep(millis);
          return null;
        });
  }

  private static <T> T uninterrupted(Callable<T> wait) {
    try {
      return wait.call();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}

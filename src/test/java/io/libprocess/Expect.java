package io.libprocess;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What tests wait for, with a generous limit of real time. */
final class Expect {

  static final long SECONDS = 50; // Less than JUnit waits for a test.

  private Expect() {}

  /** The value of a future that should become ready. */
  static <T> T ready(Future<T> future) throws Exception {
    try {
      return future.toCompletableFuture().get(SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new AssertionError("failed: " + e.getCause(), e.getCause());
    } catch (TimeoutException e) {
      throw new AssertionError("not completed: " + future, e);
    }
  }

  /** The failure of a future that should fail. */
  static Throwable failure(Future<?> future) throws Exception {
    completed(future);
    return future.failure();
  }

  static void completed(Future<?> future) throws Exception {
    CountDownLatch latch = new CountDownLatch(1);
    future.onAny(any -> latch.countDown());
    assertTrue(latch.await(SECONDS, TimeUnit.SECONDS), () -> "not completed: " + future);
  }

  static void abandoned(Future<?> future) throws Exception {
    CountDownLatch latch = new CountDownLatch(1);
    future.onAbandoned(latch::countDown).onAny(any -> latch.countDown());
    assertTrue(latch.await(SECONDS, TimeUnit.SECONDS), () -> "not abandoned: " + future);
    assertTrue(future.isAbandoned() && future.isPending(), future::toString);
  }

  static void discarded(Future<?> future) throws Exception {
    completed(future);
    assertTrue(future.isDiscarded(), future::toString);
  }

  static void opened(CountDownLatch latch) throws InterruptedException {
    assertTrue(latch.await(SECONDS, TimeUnit.SECONDS), "the latch did not open");
  }

  static <T> void next(T expected, BlockingQueue<T> queue) throws InterruptedException {
    assertEquals(expected, queue.poll(SECONDS, TimeUnit.SECONDS));
  }

  static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
    T next = queue.poll(SECONDS, TimeUnit.SECONDS);
    assertTrue(next != null, "nothing came");
    return next;
  }
}

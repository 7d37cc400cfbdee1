package io.libprocess.sync;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/**
 * Threads that do the same thing at once. {@code -Dlibprocess.stress=100} makes the tests that use
 * this a hundred times longer.
 */
public final class Stress {

  private static final int FACTOR = Integer.getInteger("libprocess.stress", 1);
  private static final Duration LIMIT = Duration.ofSeconds(60L + 10L * FACTOR);

  /** The work of a thread, given its number. */
  public interface Body {
    /** Does the work. */
    void run(int thread) throws Exception;
  }

  private Stress() {}

  /** A number of repetitions, multiplied by the factor. */
  public static int times(int shortRun) {
    return Math.multiplyExact(shortRun, FACTOR);
  }

  /** Reports in a long run how many rounds the calling test has played. */
  public static void played(long rounds) {
    if (FACTOR > 1) {
      System.out.printf("%s: %,d rounds%n", StackWalker.getInstance().walk(Stress::test), rounds);
    }
  }

  private static String test(Stream<StackWalker.StackFrame> frames) {
    return frames
        .filter(frame -> frame.getClassName().endsWith("Test"))
        .reduce((inner, outer) -> outer)
        .map(frame -> frame.getClassName() + "." + frame.getMethodName())
        .orElse("?");
  }

  /** Waits now and then, so that a long run does not pile up more than fits in memory. */
  static void keepUp(int repetition, Future<?> future) {
    if (repetition % 1000 == 0) {
      future.await();
    }
  }

  /** Runs a body in several threads, and throws what the first one that failed has thrown. */
  public static void inParallel(int threads, Body body) throws Exception {
    CountDownLatch start = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(threads);
    AtomicReference<Throwable> failure = new AtomicReference<>();
    List<Thread> all = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      int number = i;
      Thread thread =
          new Thread(
              () -> {
                try {
                  start.await();
                  body.run(number);
                } catch (Throwable thrown) {
                  failure.compareAndSet(null, thrown);
                } finally {
                  end.countDown();
                }
              },
              "stress-" + i);
      thread.setDaemon(true);
      thread.start();
      all.add(thread);
    }
    start.countDown();
    boolean ended = false;
    for (long left = LIMIT.toSeconds(); left > 0 && !ended && failure.get() == null; left--) {
      ended = end.await(1, TimeUnit.SECONDS);
    }
    if (failure.get() != null) {
      throw new AssertionError("a thread failed", failure.get());
    }
    assertTrue(ended, () -> "not ended within " + LIMIT + ": " + stacks(all));
  }

  private static String stacks(List<Thread> threads) {
    StringBuilder text = new StringBuilder();
    for (Thread thread : threads) {
      if (thread.isAlive()) {
        text.append('\n').append(thread.getName());
        for (StackTraceElement element : thread.getStackTrace()) {
          text.append("\n  ").append(element);
        }
      }
    }
    return text.toString();
  }
}

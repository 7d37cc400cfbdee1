package io.libprocess.testing;

import static java.util.Objects.requireNonNull;

import io.libprocess.Node;
import io.libprocess.future.Future;
import io.libprocess.http.Body;
import io.libprocess.http.Response;
import io.libprocess.internal.Saturating;
import io.libprocess.settings.Durations;
import io.libprocess.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * Waits for a future to end as a test expects, and reports it if it ended differently.
 *
 * <p>The limit is in real time, even while the clock is paused: the clock is then settled first, so
 * that everything that can happen at the paused time has happened. The limit is 15 seconds unless
 * the environment variable {@code LIBPROCESS_TEST_AWAIT_TIMEOUT} (such as {@code 30secs}) or the
 * system property {@code libprocess.test.await.timeout} says otherwise. The limit applies to the
 * wait; settling takes as long as the processes are busy.
 *
 * <p>The static methods use {@link Clock#system}. A test whose nodes have another clock names it:
 * {@code Await.by(node).ready(future)}.
 *
 * <p>The methods are for the test's threads, not for processes. An unmet expectation is an {@link
 * AssertionError}. (libprocess: {@code AWAIT_READY} and so on.)
 */
public final class Await {

  private static final String TIMEOUT = "LIBPROCESS_TEST_AWAIT_TIMEOUT";
  private static final String TIMEOUT_PROPERTY = "libprocess.test.await.timeout";

  private final Clock clock;
  private final Duration limit; // Null for the default.

  private Await(Clock clock, Duration limit) {
    this.clock = clock;
    this.limit = limit;
  }

  /** Makes awaits by the clock of a node. */
  public static Await by(Node node) {
    return by(node.clock());
  }

  /** Makes awaits by a clock. */
  public static Await by(Clock clock) {
    return new Await(requireNonNull(clock, "clock"), null);
  }

  /** The same awaits with another limit, in real time. */
  public Await within(Duration limit) {
    if (limit.isNegative()) {
      throw new IllegalArgumentException("limit < 0: " + limit);
    }
    return new Await(clock, limit);
  }

  /** Reads the limit from the environment. */
  static Duration defaultLimit(Map<String, String> environment, UnaryOperator<String> property) {
    String text = property.apply(TIMEOUT_PROPERTY);
    text = text == null ? environment.get(TIMEOUT) : text;
    try {
      return text == null ? Duration.ofSeconds(15) : Durations.parse(text.trim());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(TIMEOUT + ": " + e.getMessage(), e);
    }
  }

  /* ---------------- Waiting by any clock ---------------- */

  /** Waits until a future is ready, and returns its value. */
  public <T> T ready(Future<T> future) {
    expect(future, "ready", Future::isReady);
    return future.get();
  }

  /** Waits until a future fails, and returns the failure. */
  public Throwable failed(Future<?> future) {
    expect(future, "failed", Future::isFailed);
    return future.failure();
  }

  /** Waits until a future is discarded. */
  public void discarded(Future<?> future) {
    expect(future, "discarded", Future::isDiscarded);
  }

  /** Waits until a future is abandoned. */
  public void abandoned(Future<?> future) {
    expect(future, "abandoned", Future::isAbandoned);
  }

  /** Waits until a future is completed in any way. */
  public void completed(Future<?> future) {
    expect(future, "completed", f -> !f.isPending());
  }

  /**
   * Waits until a future is ready, and compares its value.
   *
   * @param expected may be null
   */
  public void equal(Object expected, Future<?> future) {
    Object value = ready(future);
    if (!Objects.equals(expected, value)) {
      throw new AssertionError("expected the future's value " + expected + ", but it is " + value);
    }
  }

  /** Waits for a response, and compares its status. */
  public Response status(int expected, Future<Response> future) {
    Response response = ready(future);
    if (response.status().code() != expected) {
      throw new AssertionError("expected status " + expected + ", but the response is " + response);
    }
    return response;
  }

  /** Waits for a response, and compares a header; several values are joined. */
  public void header(String expected, String name, Future<Response> future) {
    Response response = ready(future);
    String value = response.headers().joined(name).orElse(null);
    if (!expected.equals(value)) {
      throw new AssertionError(
          "expected header " + name + ": " + expected + ", but it is " + value);
    }
  }

  /** Waits for a response, and compares its body, which must not be streamed. */
  public void body(String expected, Future<Response> future) {
    Response response = ready(future);
    if (response.body() instanceof Body.Streamed) {
      throw new AssertionError("expected a body, but the response streams it: " + response);
    }
    String text = response.body() instanceof Body.Bytes bytes ? bytes.content().utf8() : "";
    if (!expected.equals(text)) {
      throw new AssertionError("expected the body '" + expected + "', but it is '" + text + "'");
    }
  }

  private void expect(Future<?> future, String state, Predicate<Future<?>> expected) {
    if (clock.isPaused()) {
      clock.settle();
    }
    Duration most = limit == null ? defaultLimit(System.getenv(), System::getProperty) : limit;
    waitForEnd(future, most, state.equals("abandoned"));
    if (!expected.test(future)) {
      throw unexpected(future, state, most);
    }
  }

  private static void waitForEnd(Future<?> future, Duration most, boolean abandonedEnds) {
    CountDownLatch ended = new CountDownLatch(1);
    future.onAny(f -> ended.countDown());
    if (abandonedEnds) {
      future.onAbandoned(ended::countDown);
    }
    try {
      ended.await(Saturating.nanos(most), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while waiting for a future that is " + future, e);
    }
  }

  private AssertionError unexpected(Future<?> future, String state, Duration most) {
    StringBuilder text = new StringBuilder("expected the future to be " + state);
    if (future.isPending()) {
      text.append(" within ").append(Saturating.millis(most)).append(" ms");
    }
    text.append(", but it is ").append(future);
    if (future.isReady()) {
      text.append(" with the value ").append(future.get());
    }
    if (future.isPending() && clock.isPaused()) {
      text.append("; the clock is paused at ").append(clock.now());
    }
    return new AssertionError(text.toString(), future.isFailed() ? future.failure() : null);
  }

  /* ---------------- Waiting by the system clock ---------------- */

  /** Not kept: initialized in a simulated world, this class could never be used again. */
  private static Await bySystem() {
    return by(Clock.system());
  }

  /** Waits until a future is ready, and returns its value. */
  public static <T> T awaitReady(Future<T> future) {
    return bySystem().ready(future);
  }

  /** Waits, up to a real time, until a future is ready, and returns its value. */
  public static <T> T awaitReady(Future<T> future, Duration limit) {
    return bySystem().within(limit).ready(future);
  }

  /** Waits until a future fails, and returns the failure. */
  public static Throwable awaitFailed(Future<?> future) {
    return bySystem().failed(future);
  }

  /** Waits until a future is discarded. */
  public static void awaitDiscarded(Future<?> future) {
    bySystem().discarded(future);
  }

  /** Waits until a future is abandoned. */
  public static void awaitAbandoned(Future<?> future) {
    bySystem().abandoned(future);
  }

  /** Waits until a future is completed in any way. */
  public static void awaitCompleted(Future<?> future) {
    bySystem().completed(future);
  }

  /**
   * Waits until a future is ready, and compares its value.
   *
   * @param expected may be null
   */
  public static void awaitEquals(Object expected, Future<?> future) {
    bySystem().equal(expected, future);
  }

  /** Waits until a future is ready with true. */
  public static void awaitTrue(Future<Boolean> future) {
    bySystem().equal(true, future);
  }

  /** Waits until a future is ready with false. */
  public static void awaitFalse(Future<Boolean> future) {
    bySystem().equal(false, future);
  }

  /** Waits for a response, and compares its status. */
  public static Response awaitStatus(int expected, Future<Response> future) {
    return bySystem().status(expected, future);
  }
}

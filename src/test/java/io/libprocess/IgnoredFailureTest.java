package io.libprocess;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Failure;
import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.support.Expect;
import io.libprocess.support.LogCapture;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Failures of calls, blocking calls and questions whose futures nobody looks at. */
@Timeout(100)
class IgnoredFailureTest {

  private static final class Bounded extends Plain {
    Bounded() {
      mailboxLimit(1);
    }
  }

  private final Node node = Node.start(Config.builder().build());
  private final LogCapture log = new LogCapture();
  private final PID<Plain> pid = node.spawn(new Plain());

  /** Failures are watched from the first look of the node's watchdog on. */
  @BeforeEach
  void begin() {
    while (count() == 0) {
      WeakReference<Future<Object>> ignored = new WeakReference<>(failing("first"));
      serveAll();
      while (ignored.get() != null) {
        System.gc();
      }
      for (int i = 0; i < 1000 && count() == 0; i++) {
        serveAll(); // While events are served, the watchdog looks every few milliseconds.
      }
    }
  }

  @AfterEach
  void close() {
    log.close();
    node.close();
  }

  private double count() {
    return Expect.ready(node.metrics().snapshot()).get("libprocess/ignored_failures");
  }

  /** Waits until so many failures are counted, and all that were ignored are. */
  private void assertCount(double expected) {
    failing("last");
    serveAll();
    Expect.until(
        () -> {
          System.gc();
          return count() >= expected + 1;
        });
    assertEquals(expected + 1, count());
  }

  private Future<Object> failing(String why) {
    return pid.call(
        process -> {
          throw new Failure(why);
        });
  }

  private void serveAll() {
    Expect.ready(pid.call(process -> null));
  }

  @Test
  void failedCallThatNobodyLooksAt_isLoggedOnceAndCounted() throws Exception {
    double before = count();
    for (int i = 0; i < 3; i++) {
      pid.call(IgnoredFailureTest::broken);
    }
    serveAll();
    assertCount(before + 3);
    LogRecord record = log.await("A call of a function in " + IgnoredFailureTest.class.getName());
    while (!"broken".equals(record.getThrown().getMessage())) {
      record = log.await("has failed, and nobody looked at its future"); // That of begin() etc.
    }
    assertTrue(log.text(record).contains("in a process of " + Plain.class), log.text(record));
    assertEquals(1, log.thrown().stream().filter(IgnoredFailureTest::isBroken).count());
  }

  private static Object broken(Plain process) {
    throw new Failure("broken");
  }

  private static boolean isBroken(Throwable thrown) {
    return thrown != null && "broken".equals(thrown.getMessage());
  }

  @Test
  void callWhoseFutureFailsLater_isCountedToo() throws Exception {
    double before = count();
    Promise<String> later = new Promise<>();
    pid.callAsync(process -> later.future());
    serveAll();
    later.fail("later");
    pid.callAsync(process -> Future.failed("at once"));
    pid.callAsync(process -> null);
    serveAll();
    assertCount(before + 3);
  }

  @Test
  void failedBlockingCallThatNobodyLooksAt_isLoggedOnceAndCounted() throws Exception {
    double before = count();
    for (int i = 0; i < 3; i++) {
      node.async(IgnoredFailureTest::brokenQuery);
    }
    pid.dispatch(process -> Async.async(IgnoredFailureTest::brokenQuery));
    pid.dispatch(process -> Async.run(() -> brokenQuery()));
    serveAll();
    awaitBlockingCalls();
    assertCount(before + 5);
    Expect.until(() -> blockingCallsLogged().size() >= 3); // A failure is counted, then logged.
    List<String> texts = blockingCallsLogged();
    assertEquals(3, texts.size(), texts::toString); // Of each function in this class.
    assertEquals(
        "A blocking call of a function in "
            + IgnoredFailureTest.class.getName()
            + " has failed, and nobody looked at its future; further ones are only counted",
        texts.get(0));
  }

  private static Object brokenQuery() {
    throw new Failure("no database");
  }

  /** Blocking calls have no order: waits until none runs. */
  private void awaitBlockingCalls() {
    Expect.until(
        () -> Expect.ready(node.metrics().snapshot()).get("libprocess/blocking_calls") == 0);
  }

  private List<String> blockingCallsLogged() {
    return log.records().stream()
        .filter(record -> IgnoredFailureTest.isOf(record, "no database"))
        .map(log::text)
        .toList();
  }

  private static boolean isOf(LogRecord record, String failure) {
    return record.getThrown() != null && failure.equals(record.getThrown().getMessage());
  }

  @Test
  void blockingCallThatSomebodyLooksAtOrDiscards_isNotCounted() {
    double before = count();
    assertEquals("no database", Expect.failureText(node.async(IgnoredFailureTest::brokenQuery)));
    Promise<Void> goOn = new Promise<>();
    Future<Object> discarded =
        node.async(
            () -> {
              goOn.future().await();
              return brokenQuery();
            });
    discarded.discard();
    discarded = null;
    goOn.set(null);
    node.async(() -> "fine");
    awaitBlockingCalls();
    assertCount(before);
  }

  @Test
  void failedBlockingCallOutsideOfAnyNode_isLogged() {
    Expect.ready(Async.async(() -> "the first one, from which on failures are watched"));
    Async.async(IgnoredFailureTest::brokenOutside);
    Expect.until(
        () -> {
          System.gc();
          Expect.ready(Async.async(() -> "reports"));
          return log.records().stream().anyMatch(record -> isOf(record, "no node"));
        });
  }

  private static Object brokenOutside() {
    throw new Failure("no node");
  }

  @Test
  void questionWithoutAnswer_isLoggedWithTheNameOfItsMessage() throws Exception {
    double before = count();
    node.ask(
        new UPID("nobody", node.address()),
        "anybody?",
        Codec.json(String.class),
        Codec.json(String.class),
        "");
    assertCount(before + 1);
    LogRecord record = log.await("A question by message 'anybody?' has failed");
    assertTrue(record.getThrown() instanceof AskException, () -> "" + record.getThrown());
  }

  @Test
  void callToAFullMailbox_isCounted() {
    double before = count();
    Promise<Void> begun = new Promise<>();
    Promise<Void> goOn = new Promise<>();
    PID<Plain> bounded = node.spawn(new Bounded());
    Future<Void> first =
        bounded.call(
            process -> {
              begun.set(null);
              goOn.future().await();
              return null;
            });
    Expect.ready(begun.future());
    Future<Object> second = bounded.call(process -> null);
    bounded.call(process -> null);
    goOn.set(null);
    Expect.ready(first);
    Expect.ready(second);
    assertCount(before + 1);
  }

  @Test
  void failureThatSomebodyLooksAt_isNotCounted() {
    double before = count();
    List<Future<Object>> kept = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      kept.add(failing("seen"));
    }
    serveAll();
    kept.get(0).await();
    assertTrue(kept.get(1).isFailed());
    assertEquals("seen", kept.get(2).failure().getMessage());
    assertEquals("Failed: seen", kept.get(3).toString());
    kept.get(4).onReady(value -> {});
    kept.get(5).onAny(done -> {});
    assertEquals("seen", kept.get(6).map(value -> value).failure().getMessage());
    assertSame("again", Expect.ready(kept.get(7).repair(failed -> Future.of("again"))));
    assertTrue(!kept.get(8).isPending());
    kept.get(9).toCompletableFuture();
    kept.clear();
    serveAll();
    assertCount(before);
  }

  @Test
  void failureOfADiscardedCall_isNotCounted() {
    double before = count();
    Promise<String> result = new Promise<>();
    assertTrue(pid.callAsync(process -> result.future()).discard());
    serveAll();
    result.fail("given up");
    serveAll();
    assertCount(before);
  }

  @Test
  void successThatNobodyLooksAt_isNoFailure() {
    double before = count();
    pid.call(process -> "fine");
    pid.callAsync(process -> Future.of("fine"));
    Promise<String> later = new Promise<>();
    pid.callAsync(process -> later.future());
    serveAll();
    later.set("fine");
    serveAll();
    assertCount(before);
  }
}

package io.libprocess;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.actor.Exits;
import io.libprocess.future.CheckedConsumer;
import io.libprocess.future.Future;
import io.libprocess.support.Expect;
import io.libprocess.support.LogCapture;
import io.libprocess.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The effects of a process's exceptions: no failure goes unheard. */
class ExceptionTest {

  private final Exception thrown = new Exception("on purpose");
  private final Node node = Node.start(Config.builder().build());
  private LogCapture log;

  @BeforeEach
  void capture() {
    log = new LogCapture();
  }

  @AfterEach
  void close() {
    node.close();
    log.close();
  }

  @Test
  void call_failsItsFutureAndTheProcessLivesOn() throws Exception {
    PID<Plain> pid = node.spawn(new Plain());
    Future<Object> failing =
        pid.call(
            p -> {
              throw thrown;
            });
    assertSame(thrown, Expect.failure(failing));
    assertEquals("alive", Expect.ready(pid.call(p -> "alive")));
  }

  @Test
  void callAsync_failsItsFutureAndTheProcessLivesOn() throws Exception {
    PID<Plain> pid = node.spawn(new Plain());
    Future<Object> failing =
        pid.callAsync(
            p -> {
              throw thrown;
            });
    assertSame(thrown, Expect.failure(failing));
    assertTrue(Expect.failure(pid.callAsync(p -> null)) instanceof NullPointerException);
    assertEquals("alive", Expect.ready(pid.call(p -> "alive")));
  }

  private void endsTheProcess(Plain failing, CheckedConsumer<PID<Plain>> provoke) throws Exception {
    Plain linker = new Plain();
    PID<Plain> pid = node.pid(failing);
    CountDownLatch linked = new CountDownLatch(1);
    PID<Plain> linking = node.spawn(linker);
    linking.dispatch(
        p -> {
          node.spawn(failing);
          p.link(pid);
          linked.countDown();
        });
    Expect.opened(linked);
    provoke.accept(pid);
    Exit exit = Expect.next(linker.exits);
    if (exit.reason() == Exit.Reason.NO_PROCESS) {
      return; // Failed before the link was made.
    }
    assertEquals(Exits.failed(thrown), exit);
    assertSame(thrown, log.await(pid.toString()).getThrown());
    Expect.abandoned(pid.call(p -> "dead"));
  }

  @Test
  void dispatch_endsTheProcess() throws Exception {
    endsTheProcess(
        new Plain(),
        pid ->
            pid.dispatch(
                p -> {
                  throw thrown;
                }));
  }

  @Test
  void initialize_endsTheProcess() throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    endsTheProcess(
        Plain.with(
            p -> {
              goOn.await();
              throw thrown;
            }),
        pid -> goOn.countDown());
  }

  @Test
  void messageHandler_endsTheProcess() throws Exception {
    Plain failing =
        Plain.with(
            p ->
                p.install(
                    "fail",
                    (from, body) -> {
                      throw thrown;
                    }));
    endsTheProcess(failing, pid -> node.post(pid, "fail", new byte[0]));
  }

  @Test
  void execute_endsTheProcess() throws Exception {
    Error error = new Error("on purpose");
    PID<Plain> pid = node.spawn(new Plain());
    Future<Exit> exit = node.exit(pid);
    pid.execute(
        () -> {
          throw error;
        });
    assertEquals(Exits.failed(error), Expect.ready(exit));
  }

  @Test
  void timer_endsTheProcess() throws Exception {
    try (Clock clock = Clock.paused(Instant.EPOCH);
        Node timed = Node.start(Config.builder().clock(clock).build())) {
      PID<Plain> pid =
          timed.spawn(
              Plain.with(
                  p ->
                      p.delay(
                          Duration.ofSeconds(1),
                          self -> {
                            throw thrown;
                          })));
      Future<Exit> exit = timed.exit(pid);
      clock.settle();
      clock.advance(Duration.ofSeconds(1));
      assertEquals(Exits.failed(thrown), Expect.ready(exit));
    }
  }

  @Test
  void exited_endsTheProcess() throws Exception {
    Plain failing =
        new Plain() {
          @Override
          protected void exited(UPID pid, Exit exit) {
            throw new IllegalArgumentException("on purpose");
          }
        };
    PID<Plain> linked = node.spawn(new Plain());
    PID<Plain> pid = node.spawn(failing);
    Future<Exit> exit = node.exit(pid);
    Expect.ready(
        pid.call(
            p -> {
              p.link(linked);
              return null;
            }));
    node.terminate(linked);
    assertEquals(Exit.Reason.FAILED, Expect.ready(exit).reason());
  }

  @Test
  void finish_isLoggedAndTheExitStaysAsItIs() throws Exception {
    Plain failing =
        new Plain() {
          @Override
          protected void finish() {
            throw new IllegalArgumentException("on purpose");
          }
        };
    PID<Plain> pid = node.spawn(failing);
    Future<Exit> exit = node.exit(pid);
    node.terminate(pid);
    assertEquals(Exit.Reason.TERMINATED, Expect.ready(exit).reason());
    assertTrue(log.await("while it ended").getThrown() instanceof IllegalArgumentException);
  }

  @Test
  void deferredCall_failsTheResultOfThen() throws Exception {
    PID<Plain> pid = node.spawn(new Plain());
    Future<Object> result =
        Future.of(1)
            .then(
                pid.deferCall(
                    (p, one) -> {
                      throw thrown;
                    }));
    assertSame(thrown, Expect.failure(result));
    assertEquals("alive", Expect.ready(pid.call(p -> "alive")));
  }
}

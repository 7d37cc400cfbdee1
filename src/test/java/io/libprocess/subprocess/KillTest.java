package io.libprocess.subprocess;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.internal.scheduler.ThreadContext;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.Pipe;
import io.libprocess.support.Expect;
import io.libprocess.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KillTest {

  private static final Command SLEEP = Command.of("sleep", "1000");

  private static ExitStatus killedBy(Signal signal) {
    Subprocess child = Commands.started(SLEEP);
    assertTrue(Expect.ready(child.kill(signal)));
    return Expect.ready(child.status());
  }

  /** The first line that a child writes. */
  private static String line(Subprocess child) {
    return Expect.ready(child.out().orElseThrow().read()).orElseThrow().utf8().strip();
  }

  private static ProcessHandle process(String pid) {
    return ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
  }

  private static void assertEnds(ProcessHandle process) throws Exception {
    process.onExit().get(Expect.LIMIT.toSeconds(), TimeUnit.SECONDS);
  }

  /* ------ Pinned by the original ------ */

  @Test
  void status() {
    assertEquals(0, Commands.exitCode(Command.of("true")));
    assertEquals(1, Commands.exitCode(Command.of("false")));
    assertEquals(Optional.empty(), new ExitStatus(1).signal());
    assertEquals(Optional.of(Signal.TERM), killedBy(Signal.TERM).signal());
    assertEquals(Optional.of(Signal.KILL), killedBy(Signal.KILL).signal());
  }

  /* ------ Our own ------ */

  @Test
  void kill_sendsAnySignal() {
    Subprocess child =
        Commands.started(
            Command.shell("trap 'echo got; exit 5' USR1; echo ready; while :; do sleep 0.01; done")
                .out(Stdio.pipe()));
    assertEquals("ready", line(child));

    assertTrue(Expect.ready(child.kill(Signal.USR1)));

    assertEquals("got", line(child));
    assertEquals(5, Expect.ready(child.status()).code());
    // Not INT or HUP, which a child of a background job may have inherited as ignored.
    assertEquals(Optional.of(Signal.USR2), killedBy(Signal.USR2).signal());
  }

  @Test
  void kill_afterTheEndHitsNobody() {
    Subprocess child = Commands.started(Command.of("true"));
    Expect.ready(child.status());

    assertFalse(Expect.ready(child.kill()));
    assertFalse(Expect.ready(child.kill(Signal.HUP)));
  }

  @Test
  void kill_keepsWhatWasWritten() {
    Command command = Command.shell("echo kept; echo ready >&2; exec sleep 1000");
    Subprocess child = Commands.started(command.out(Stdio.pipe()).err(Stdio.pipe()));
    Expect.ready(child.err().orElseThrow().read());

    child.kill();
    Expect.ready(child.status());

    assertEquals("kept\n", Expect.ready(Commands.text(child.out().orElseThrow())));
  }

  @Test
  void killTree_killsGrandchildren() throws Exception {
    Subprocess child =
        Commands.started(
            Command.shell("sh -c 'sleep 1000 & echo $!; wait' & wait").out(Stdio.pipe()));
    ProcessHandle grandchild = process(line(child));

    Expect.ready(child.killTree());

    assertEquals(Optional.of(Signal.KILL), Expect.ready(child.status()).signal());
    assertEnds(grandchild);
  }

  @Test
  void destroyTree_killsWhatIsLeftAfterTheGrace() throws Exception {
    Subprocess child =
        Commands.started(
            Command.shell("trap '' TERM; sh -c 'echo $$; while :; do sleep 0.01; done'")
                .out(Stdio.pipe())
                .err(Stdio.nothing()));
    ProcessHandle grandchild = process(line(child));
    withPausedClock(
        clock -> {
          Future<ExitStatus> status = child.destroyTree(Duration.ofSeconds(5));
          clock.advance(Duration.ofSeconds(4));
          assertTrue(status.isPending());
          while (status.isPending()) { // The grace begins when the tree is known.
            clock.advance(Duration.ofSeconds(1));
            Thread.onSpinWait();
          }
          assertEquals(Optional.of(Signal.KILL), status.get().signal());
        });
    assertEnds(grandchild);
  }

  /** The answer to the request to end is a new process, whose parent may end too. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "trap 'sh -c \"echo \\$\\$; exec sleep 1000\" & wait; wait' TERM; echo up; sleep 1000 & wait; wait",
        "trap 'sh -c \"echo \\$\\$; exec sleep 1000\" & sleep 0.5; exit' TERM; echo up; sleep 1000 & wait; wait",
      })
  void destroyTree_killsWhatIsStartedDuringTheGrace(String line) throws Exception {
    Subprocess child = Commands.started(Command.shell(line).out(Stdio.pipe()).err(Stdio.nothing()));
    assertEquals("up", line(child));
    Future<ExitStatus> status = child.destroyTree(Duration.ofSeconds(2));
    ProcessHandle late = process(line(child));
    Expect.ready(status);
    assertEnds(late);
  }

  @Test
  void destroyTree_ofAChildThatEndsWhenAskedDoesNotKill() {
    Subprocess child = Commands.started(SLEEP);

    Future<ExitStatus> status = child.destroyTree(Duration.ofDays(1));

    assertEquals(Optional.of(Signal.TERM), Expect.ready(status).signal());
  }

  @Test
  void status_afterAWhileKills() throws Exception {
    Subprocess child = Commands.started(SLEEP);
    withPausedClock(
        clock -> {
          Future<ExitStatus> status =
              child
                  .status()
                  .after(
                      Duration.ofSeconds(5),
                      late -> {
                        child.kill();
                        return late;
                      });
          clock.advance(Duration.ofMillis(4999));
          assertTrue(status.isPending());
          assertTrue(ProcessHandle.of(child.pid()).orElseThrow().isAlive());
          clock.advance(Duration.ofMillis(1));

          assertEquals(Optional.of(Signal.KILL), Expect.ready(status).signal());
        });
  }

  /** A child that reads nothing: its input waits in bounded memory, until it is killed. */
  @Test
  void input_ofAChildThatDoesNotReadIsHeldBackAndThenRefused() {
    Subprocess child = Commands.started(SLEEP.in(Stdio.pipe()));
    Pipe.Writer<Chunk> in = child.in().orElseThrow();
    Chunk chunk = Chunk.of(new byte[16 << 10]);
    int accepted = 0;
    Future<Boolean> write = in.write(chunk);
    while (write.await(Duration.ofMillis(100))) {
      accepted++;
      assertTrue(accepted <= 16, "more than the pipes hold was accepted"); // 64 KiB each, and one.
      write = in.write(chunk);
    }

    child.kill();

    assertEquals(Optional.of(Signal.KILL), Expect.ready(child.status()).signal());
    assertFalse(Expect.ready(write));
    assertFalse(Expect.ready(in.write(chunk)));
  }

  /** IOTest.BlockingWrite: a write that waits for room and is discarded contributes nothing. */
  @Test
  void input_writesThatAreDiscardedWhileTheChildIsStoppedNeverArrive() {
    Subprocess child = Commands.started(Command.of("cat").in(Stdio.pipe()).out(Stdio.pipe()));
    Pipe.Writer<Chunk> in = child.in().orElseThrow();
    assertTrue(Expect.ready(child.kill(Signal.STOP)));
    Chunk chunk = Chunk.of(new byte[16 << 10]);
    int accepted = 0;
    Future<Boolean> write = in.write(chunk);
    while (write.await(Duration.ofMillis(100))) {
      accepted++;
      write = in.write(chunk);
    }

    write.discard();
    assertTrue(Expect.ready(child.kill(Signal.CONT)));
    in.close();

    assertTrue(write.isDiscarded());
    assertEquals(accepted * chunk.size(), Expect.ready(Commands.text(child.out().get())).length());
    assertEquals(0, Expect.ready(child.status()).code());
  }

  @Test
  void signal_hasItsNameAndItsBounds() {
    assertEquals("SIGTERM", Signal.TERM.toString());
    assertEquals("signal 40", new Signal(40).toString());
    assertThrows(IllegalArgumentException.class, () -> new Signal(0));
    assertThrows(IllegalArgumentException.class, () -> new Signal(65));
    assertEquals("terminated by SIGKILL", new ExitStatus(137).toString());
    assertEquals("exited with status 128", new ExitStatus(128).toString());
  }

  private interface Body {
    void run(Clock clock) throws Exception;
  }

  /** Runs a body on a thread that lives by a paused clock. */
  private static void withPausedClock(Body body) throws Exception {
    Promise<Void> ended = new Promise<>();
    try (Clock clock = Clock.paused(Instant.EPOCH)) {
      Thread thread =
          new Thread(
              () -> {
                ThreadContext.bindClock(clock);
                try {
                  body.run(clock);
                  ended.set(null);
                } catch (Throwable thrown) {
                  ended.fail(thrown);
                }
              });
      thread.setDaemon(true);
      thread.start();
      Expect.ready(ended.future());
    }
  }
}

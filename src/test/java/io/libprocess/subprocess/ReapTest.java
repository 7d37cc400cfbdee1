package io.libprocess.subprocess;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.support.Expect;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The behaviour that the tests of the original pin, under their names, and further tests. */
class ReapTest {

  private static final long NO_SUCH_PID = Integer.MAX_VALUE; // Above what Linux and macOS give out.

  /** A child that reaps its own child and then exits with 0. */
  private static Subprocess parent() {
    return Commands.started(Command.shell("sleep 1000 & echo $!; wait; exit 0").out(Stdio.pipe()));
  }

  private static long grandchildOf(Subprocess parent) {
    String line = Expect.ready(parent.out().orElseThrow().read()).orElseThrow().utf8();
    return Long.parseLong(line.strip());
  }

  private static void killProcess(long pid) {
    assertTrue(ProcessHandle.of(pid).orElseThrow().destroyForcibly());
  }

  @Test
  void nonChildProcess() {
    Subprocess child = parent();
    long grandchild = grandchildOf(child);
    Future<Optional<ExitStatus>> reaped = Subprocess.reap(grandchild);
    Future<Optional<ExitStatus>> childReaped = Subprocess.reap(child.pid());
    assertTrue(reaped.isPending());
    assertTrue(childReaped.isPending());

    killProcess(grandchild);

    assertEquals(Optional.empty(), Expect.ready(reaped));
    assertEquals(Optional.of(new ExitStatus(0)), Expect.ready(childReaped));
    assertEquals(0, Expect.ready(child.status()).code());
  }

  @Test
  void childProcess() {
    Subprocess child = Commands.started(Command.of("sleep", "1000"));
    Future<Optional<ExitStatus>> reaped = Subprocess.reap(child.pid());
    assertTrue(reaped.isPending());

    child.kill();

    assertEquals(Optional.of(Signal.KILL), Expect.ready(reaped).orElseThrow().signal());
  }

  /** The child has gone, and its end is reported only after a reap has been requested. */
  @Test
  void terminatedChildProcess() throws Exception {
    BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
    Future<Subprocess> start = Command.shell("exit 42").executor(tasks::add).start();
    next(tasks).run();
    Runnable end = next(tasks);
    long pid = start.get().pid();

    Future<Optional<ExitStatus>> reaped = Subprocess.reap(pid);
    assertTrue(reaped.isPending());
    end.run();

    assertEquals(Optional.of(new ExitStatus(42)), Expect.ready(reaped));
    assertEquals(42, Expect.ready(start.get().status()).code());
  }

  private static Runnable next(BlockingQueue<Runnable> tasks) throws InterruptedException {
    return tasks.poll(Expect.LIMIT.toSeconds(), TimeUnit.SECONDS);
  }

  @Test
  void reap_ofAProcessThatDoesNotExistIsReadyAtOnce() {
    assertEquals(Optional.empty(), Subprocess.reap(NO_SUCH_PID).get());
    assertEquals(Optional.empty(), Subprocess.reap(-1).get());
  }

  @Test
  void reap_tellsAllWhoWaitForTheSameProcess() {
    Subprocess child = parent();
    long grandchild = grandchildOf(child);
    Future<Optional<ExitStatus>> one = Subprocess.reap(grandchild);
    Future<Optional<ExitStatus>> other = Subprocess.reap(grandchild);

    killProcess(grandchild);

    assertEquals(Optional.empty(), Expect.ready(one));
    assertEquals(Optional.empty(), Expect.ready(other));
    Expect.ready(child.status());
  }

  @Test
  void reap_ignoresDiscards() {
    Subprocess child = parent();
    long grandchild = grandchildOf(child);
    Future<Optional<ExitStatus>> reaped = Subprocess.reap(grandchild);
    Future<Optional<ExitStatus>> childReaped = Subprocess.reap(child.pid());

    reaped.discard();
    childReaped.discard();
    assertTrue(reaped.isPending());
    assertTrue(childReaped.isPending());
    assertFalse(child.status().hasDiscard());
    killProcess(grandchild);

    assertEquals(Optional.empty(), Expect.ready(reaped));
    assertEquals(0, Expect.ready(childReaped).orElseThrow().code());
  }

  @Test
  void interval_growsWithTheNumberOfThoseWhoWait() {
    assertEquals(100, Reaper.intervalMillis(1));
    assertEquals(100, Reaper.intervalMillis(50));
    assertEquals(550, Reaper.intervalMillis(275));
    assertEquals(1000, Reaper.intervalMillis(500));
    assertEquals(1000, Reaper.intervalMillis(100_000));
  }
}

package io.libprocess.subprocess;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Failure;
import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.stream.Chunk;
import io.libprocess.support.Expect;
import io.libprocess.support.Indescribable;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ParentHookTest {

  private static final Command SLEEP = Command.of("sleep", "1000");

  @Test
  void hooks_areToldOfThePidInTheirOrderBeforeTheStartIsReady() throws Exception {
    ConcurrentLinkedQueue<String> calls = new ConcurrentLinkedQueue<>();
    CountDownLatch mayEnd = new CountDownLatch(1);
    Promise<Void> reached = new Promise<>();
    Command command =
        SLEEP
            .parentHook(pid -> calls.add("first " + pid))
            .parentHook(
                pid -> {
                  calls.add("second " + pid);
                  reached.set(null);
                  assertTrue(mayEnd.await(Expect.LIMIT.toSeconds(), TimeUnit.SECONDS));
                });

    Future<Subprocess> start = command.start();
    Expect.ready(reached.future());
    assertTrue(start.isPending());
    mayEnd.countDown();

    Subprocess child = Expect.ready(start);
    String pid = Long.toString(child.pid());
    assertEquals(List.of("first " + pid, "second " + pid), List.copyOf(calls));
    assertTrue(ProcessHandle.of(child.pid()).orElseThrow().isAlive());
    child.kill();
    Expect.ready(child.status());
  }

  @Test
  void hook_thatFailsKillsTheChildAndFailsTheStartWhenItHasGone() {
    Promise<Long> told = new Promise<>();
    Promise<Long> toldLater = new Promise<>();
    Command command =
        SLEEP
            .in(Stdio.pipe())
            .out(Stdio.pipe())
            .parentHook(
                pid -> {
                  told.set(pid);
                  throw new Failure("no such group");
                })
            .parentHook(toldLater::set);

    String failure = Expect.failureText(command.start());

    long pid = Expect.ready(told.future());
    assertEquals(
        "Failed to execute a parent hook of 'sleep 1000 (pid " + pid + ")': no such group",
        failure);
    assertEquals(Optional.empty(), ProcessHandle.of(pid));
    assertFalse(toldLater.future().isReady());
  }

  @Test
  void hook_thatFailsWithWhatCannotBeDescribedFailsTheStart() {
    Command command =
        SLEEP.parentHook(
            pid -> {
              throw new Indescribable();
            });
    String failure = Expect.failureText(command.start());
    assertTrue(failure.endsWith(": " + Indescribable.class.getName()), failure);
  }

  @Test
  void hook_thatFailsKillsWhatTheChildHasStarted() throws Exception {
    Promise<ProcessHandle> grandchild = new Promise<>();
    Command command =
        Command.shell("sleep 1000 & wait")
            .parentHook(
                pid -> {
                  ProcessHandle child = ProcessHandle.of(pid).orElseThrow();
                  Expect.until(() -> child.children().findAny().isPresent());
                  grandchild.set(child.children().findAny().orElseThrow());
                  throw new IOException("unwritable");
                });

    String failure = Expect.failureText(command.start());

    assertTrue(failure.endsWith("': java.io.IOException: unwritable"), failure);
    ProcessHandle orphan = Expect.ready(grandchild.future());
    orphan.onExit().get(Expect.LIMIT.toSeconds(), TimeUnit.SECONDS);
  }

  @Test
  void hook_mayWaitForTheEndOfTheChild() {
    Promise<Optional<ExitStatus>> reaped = new Promise<>();
    Command command =
        Command.shell("read -r line; exit 7")
            .in(Stdio.pipe())
            .parentHook(pid -> reaped.associate(Subprocess.reap(pid)));

    Subprocess child = Commands.started(command);
    assertTrue(reaped.future().isPending());
    child.in().orElseThrow().close();

    assertEquals(7, Expect.ready(reaped.future()).orElseThrow().code());
  }

  @Test
  void start_discardedDuringAHookKillsTheChild() throws Exception {
    CountDownLatch mayEnd = new CountDownLatch(1);
    Promise<Optional<ExitStatus>> reaped = new Promise<>();
    Promise<Void> reached = new Promise<>();
    Future<Subprocess> start =
        SLEEP
            .parentHook(
                pid -> {
                  reaped.associate(Subprocess.reap(pid));
                  reached.set(null);
                  assertTrue(mayEnd.await(Expect.LIMIT.toSeconds(), TimeUnit.SECONDS));
                })
            .start();
    Expect.ready(reached.future());

    start.discard();
    mayEnd.countDown();

    assertTrue(start.await(Expect.LIMIT));
    assertTrue(start.isDiscarded());
    assertEquals(Optional.of(Signal.KILL), Expect.ready(reaped.future()).orElseThrow().signal());
  }

  /** The recipe of the documentation: the program does not run before the hooks are done. */
  @Test
  void child_thatWaitsForALineIsHeldBackWhileHooksRun() {
    Command command =
        Command.of("sh", "-c", "read -r go && exec \"$@\"", "sh", "cat")
            .in(Stdio.pipe())
            .out(Stdio.pipe())
            .parentHook(pid -> assertTrue(ProcessHandle.of(pid).orElseThrow().isAlive()));

    Subprocess child = Commands.started(command);
    child.in().orElseThrow().write(Chunk.utf8("go\nthe rest"));
    child.in().orElseThrow().close();

    assertEquals("the rest", Expect.ready(Commands.text(child.out().orElseThrow())));
    assertEquals(0, Expect.ready(child.status()).code());
  }
}

package io.libprocess.subprocess;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Failure;
import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.stream.Chunk;
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
                  assertTrue(mayEnd.await(Await.LIMIT.toSeconds(), TimeUnit.SECONDS));
                });

    Future<Subprocess> start = command.start();
    Await.ready(reached.future());
    assertTrue(start.isPending());
    mayEnd.countDown();

    Subprocess child = Await.ready(start);
    String pid = Long.toString(child.pid());
    assertEquals(List.of("first " + pid, "second " + pid), List.copyOf(calls));
    assertTrue(ProcessHandle.of(child.pid()).orElseThrow().isAlive());
    child.kill();
    Await.ready(child.status());
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

    String failure = Await.failure(command.start());

    long pid = Await.ready(told.future());
    assertEquals(
        "Failed to execute a parent hook of 'sleep 1000 (pid " + pid + ")': no such group",
        failure);
    assertEquals(Optional.empty(), ProcessHandle.of(pid));
    assertFalse(toldLater.future().isReady());
  }

  @Test
  void hook_thatFailsKillsWhatTheChildHasStarted() throws Exception {
    Promise<ProcessHandle> grandchild = new Promise<>();
    Command command =
        Command.shell("sleep 1000 & wait")
            .parentHook(
                pid -> {
                  ProcessHandle child = ProcessHandle.of(pid).orElseThrow();
                  Await.until(() -> child.children().findAny().isPresent());
                  grandchild.set(child.children().findAny().orElseThrow());
                  throw new IOException("unwritable");
                });

    String failure = Await.failure(command.start());

    assertTrue(failure.endsWith("': java.io.IOException: unwritable"), failure);
    ProcessHandle orphan = Await.ready(grandchild.future());
    orphan.onExit().get(Await.LIMIT.toSeconds(), TimeUnit.SECONDS);
  }

  @Test
  void hook_mayWaitForTheEndOfTheChild() {
    Promise<Optional<ExitStatus>> reaped = new Promise<>();
    Command command =
        Command.shell("read -r line; exit 7")
            .in(Stdio.pipe())
            .parentHook(pid -> reaped.associate(Subprocess.reap(pid)));

    Subprocess child = Await.started(command);
    assertTrue(reaped.future().isPending());
    child.in().orElseThrow().close();

    assertEquals(7, Await.ready(reaped.future()).orElseThrow().code());
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
                  assertTrue(mayEnd.await(Await.LIMIT.toSeconds(), TimeUnit.SECONDS));
                })
            .start();
    Await.ready(reached.future());

    start.discard();
    mayEnd.countDown();

    assertTrue(start.await(Await.LIMIT));
    assertTrue(start.isDiscarded());
    assertEquals(Optional.of(Signal.KILL), Await.ready(reaped.future()).orElseThrow().signal());
  }

  /** The recipe of the documentation: what is run does not run before the hooks are done. */
  @Test
  void child_thatWaitsForALineIsHeldBackWhileHooksRun() {
    Command command =
        Command.of("sh", "-c", "read -r go && exec \"$@\"", "sh", "cat")
            .in(Stdio.pipe())
            .out(Stdio.pipe())
            .parentHook(pid -> assertTrue(ProcessHandle.of(pid).orElseThrow().isAlive()));

    Subprocess child = Await.started(command);
    child.in().orElseThrow().write(Chunk.utf8("go\nthe rest"));
    child.in().orElseThrow().close();

    assertEquals("the rest", Await.ready(Await.text(child.out().orElseThrow())));
    assertEquals(0, Await.ready(child.status()).code());
  }
}

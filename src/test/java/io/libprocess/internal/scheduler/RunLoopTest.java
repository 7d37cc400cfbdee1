package io.libprocess.internal.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;

/** Run loops that a scheduler of another kind drives by itself, in one thread. */
class RunLoopTest {

  /** Runs one event after the other, in the order in which they became ready. */
  private static final class StepScheduler implements Scheduler {
    final Queue<Task> ready = new ArrayDeque<>();
    final RunLoop loop = new RunLoop(this, new Object());

    void runAll() {
      for (Task task = ready.poll(); task != null; task = ready.poll()) {
        loop.step(task, false);
      }
    }

    @Override
    public void ready(Task task) {
      if (task != null) {
        ready.add(task);
      }
    }

    @Override
    public void yield(Task task) {
      ready.add(task);
    }

    @Override
    public Executor blocking() {
      throw new UnsupportedOperationException();
    }

    @Override
    public Executor internalBlocking() {
      throw new UnsupportedOperationException();
    }

    @Override
    public int workers() {
      return 1;
    }

    @Override
    public long progress() {
      return 0;
    }

    @Override
    public boolean isClosed() {
      return false;
    }

    @Override
    public void close() {}
  }

  /** Has some events to serve, one for each step if asked to make room. */
  private static final class Counting extends Task {
    private static final long serialVersionUID = 1L;

    private final transient List<String> log;
    private final String name;
    private int left;

    Counting(List<String> log, String name, int events) {
      this.log = log;
      this.name = name;
      this.left = events;
    }

    @Override
    protected void run(RunLoop loop) {
      do {
        assertSame(loop, RunLoop.current());
        assertSame(loop, loop.scheduler().current());
        log.add(name + left);
        loop.scheduler().atEnd(() -> log.add("end of " + name));
        left--;
        loop.eventServed();
      } while (left > 0 && !loop.isExpired());
      if (left > 0) {
        loop.scheduler().yield(this);
      }
    }
  }

  @Test
  void steps_serveOneEventEachAndSendOffWhatItWrote() throws Exception {
    List<String> log = new ArrayList<>();
    StepScheduler scheduler = new StepScheduler();
    scheduler.ready(new Counting(log, "a", 2));
    scheduler.ready(new Counting(log, "b", 1));

    inThread(scheduler, scheduler::runAll);

    assertEquals(List.of("a2", "end of a", "b1", "end of b", "a1", "end of a"), log);
  }

  @Test
  void stepThatThrows_isNoMoreThanThat() throws Exception {
    List<String> log = new ArrayList<>();
    StepScheduler scheduler = new StepScheduler();
    scheduler.ready(
        new OneTask(
            () -> {
              throw new StackOverflowError("on purpose");
            }));
    scheduler.ready(new Counting(log, "a", 1));

    inThread(scheduler, scheduler::runAll);

    assertEquals(List.of("a1", "end of a"), log);
  }

  @Test
  void enter_bindsTheClockOfTheLoop() throws Exception {
    StepScheduler first = new StepScheduler();
    StepScheduler second = new StepScheduler();
    List<Object> clocks = new ArrayList<>();

    inThread(
        first,
        () -> {
          clocks.add(ThreadContext.clock());
          ((RuntimeThread) Thread.currentThread()).enter(second.loop);
          clocks.add(ThreadContext.clock());
        });

    assertEquals(List.of(first.loop.clock(), second.loop.clock()), clocks);
  }

  @Test
  void interruptOfOneEvent_doesNotReachTheNext() throws Exception {
    StepScheduler scheduler = new StepScheduler();
    List<Boolean> interrupted = new ArrayList<>();
    scheduler.ready(new OneTask(() -> Thread.currentThread().interrupt()));
    scheduler.ready(new OneTask(() -> interrupted.add(Thread.currentThread().isInterrupted())));

    inThread(scheduler, scheduler::runAll);

    assertEquals(List.of(false), interrupted);
  }

  private static void inThread(StepScheduler scheduler, Runnable body) throws InterruptedException {
    List<Throwable> thrown = new ArrayList<>();
    RuntimeThread thread =
        new RuntimeThread(
            "run-loop-test",
            () -> {
              ((RuntimeThread) Thread.currentThread()).enter(scheduler.loop);
              body.run();
            });
    thread.setUncaughtExceptionHandler((t, e) -> thrown.add(e));
    thread.start();
    thread.join();
    assertTrue(thrown.isEmpty(), thrown::toString);
  }
}

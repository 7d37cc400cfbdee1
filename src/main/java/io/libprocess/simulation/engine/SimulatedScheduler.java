package io.libprocess.simulation.engine;

import io.libprocess.internal.scheduler.OneTask;
import io.libprocess.internal.scheduler.RunLoop;
import io.libprocess.internal.scheduler.Scheduler;
import io.libprocess.internal.scheduler.Task;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** Gives the ready tasks of one node to the engine. For the thread with the baton. */
public final class SimulatedScheduler implements Scheduler {

  /** The name of the check that nothing runs on two threads at once. */
  private static final String ONCE = "a process never runs inside itself";

  /** As many tasks as this could run at once if there were threads. */
  public static final int WORKERS = 2;

  private final Engine engine;
  private final Machine machine;
  private final RunLoop loop;
  private boolean closed;

  /** A scheduler of a node on a machine. */
  public SimulatedScheduler(Engine engine, Machine machine) {
    this.engine = engine;
    this.machine = machine;
    loop = new RunLoop(this, machine.clock());
  }

  @Override
  public void ready(Task task) {
    engine.check("a task became ready");
    if (machine.isDead()) {
      return;
    }
    TaskStep step = new TaskStep(machine, task);
    if (!RunLoop.becomesReady(task)) {
      engine.fail(ONCE, step.subject() + " became ready twice", null);
    }
    engine.add(step);
  }

  @Override
  public void yield(Task task) {
    ready(task);
  }

  /** One event of a process or a channel, or something that runs once. */
  private final class TaskStep extends Step {
    private final Task task;

    TaskStep(Machine on, Task task) {
      super(on);
      this.task = task;
    }

    @Override
    void take() {
      engine.enter(loop);
      loop.step(task, engine.happens("scheduler.batch"));
    }

    @Override
    Task task() {
      return task;
    }

    @Override
    StepTrace.Kind kind() {
      return engine.names().kind(task);
    }

    @Override
    Object subject() {
      return engine.names().subject(task);
    }

    @Override
    long identity() {
      return engine.names().identity(task);
    }
  }

  @Override
  public Executor blocking() {
    return machine.blocking();
  }

  @Override
  public Executor programs() {
    return machine.blocking();
  }

  @Override
  public Executor internalBlocking() {
    return call -> ready(new OneTask(call));
  }

  @Override
  public boolean await(CompletableFuture<?> done, long nanos) {
    return engine.await(done::isDone, nanos) && !done.isCompletedExceptionally();
  }

  @Override
  public int workers() {
    return WORKERS;
  }

  @Override
  public long progress() {
    return 0; // Nobody settles a clock that is driven.
  }

  @Override
  public boolean isClosed() {
    return closed;
  }

  @Override
  public void close() {
    closed = true;
  }
}
